"""Unified social credit codes and telephone numbers: cleaned, checked, masked."""

import re
import unicodedata

from stdnum.cn import uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LOOK_ALIKES = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
USCC_LENGTH = 18
SEPARATOR_CATEGORIES = {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"}
MINUS_SIGN = "\N{MINUS SIGN}"

# GB 11714: weights of the eight characters of an organisation code.
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

MOBILE = re.compile(r"1[3-9][0-9]{9}")
# Three-digit area codes (010, 02x) go with eight-digit numbers, the others with seven or eight.
LANDLINE = re.compile(r"(010|02[0-9])([2-9][0-9]{7})|(0[3-9][0-9]{2})([2-9][0-9]{6,7})")
COUNTRY = re.compile(r"^(?:(?:\+|00)86|86(?=1[3-9][0-9]{9}$))")
SHOWN_HEAD, SHOWN_TAIL, SHORTEST_MASKABLE = 3, 4, 10


def fold_code(text: str) -> str:
    """Return what was typed as a credit code is compared: half width, upper case, no blanks.

    Nothing is checked: a look-up takes the beginning of a code, or a code of old, as well.
    """
    return _compact(text).upper()


def check_uscc(text: str) -> str:
    """Return the 18-character unified social credit code (GB 32100-2015) that was typed.

    Spaces, hyphens, zero-width characters, full-width forms and lower case are put right.

    Raises:
        ValueError: wrong length, a character outside the alphabet, or a wrong check character.
    """
    # stdnum's own validate() names no position, knows neither full-width nor zero-width
    # characters, and refuses the letters Y (1st place) and A (2nd) that GB 32100 allows.
    code = fold_code(text)
    if not code:
        raise ValueError("请填写统一社会信用代码（18位，见营业执照）。")
    if len(code) != USCC_LENGTH:
        raise ValueError(
            f"统一社会信用代码应为18位，现为{len(code)}位，请对照营业执照核对是否漏填或多填。"
        )
    _check_characters(code)
    if uscc.calc_check_digit(code) != code[-1]:
        raise ValueError(
            f"统一社会信用代码的校验位（第18位“{code[-1]}”）与前17位不符，"
            "其中至少有一位填错，请对照营业执照逐位核对。"
        )
    return code


def uscc_warnings(code: str) -> list[str]:
    """Return what is odd about a code without making it wrong.

    Positions 9 to 17 are an organisation code whose last character checks itself (GB 11714);
    some codes issued early do not keep to it, so it only warns.

    Raises:
        ValueError: the code is not valid at all, see ``check_uscc``.
    """
    code = check_uscc(code)
    organisation, check = code[8:16], code[16]
    total = sum(int(c, 36) * w for c, w in zip(organisation, ORGANISATION_WEIGHTS, strict=True))
    expected = "0123456789X0"[11 - total % 11]
    if check == expected:
        return []
    return [
        f"第17位“{check}”与组织机构代码的校验规则不符（按 GB 11714 应为“{expected}”），请留意。"
    ]


def normalise_phone(text: str) -> str:
    """Return a mobile number as 11 digits, a landline as area code, hyphen, number.

    Raises:
        ValueError: neither of the two.
    """
    digits = re.sub(r"[().]", "", _compact(text))
    national, abroad = COUNTRY.subn("", digits)
    if MOBILE.fullmatch(national):
        return national
    # Written with the country code, an area code loses its 0.
    if abroad and not national.startswith("0"):
        national = "0" + national
    match = LANDLINE.fullmatch(national)
    if match:
        return "-".join(part for part in match.groups() if part)
    raise ValueError(
        "电话号码不正确，请填写11位手机号，或带区号的固定电话（区号-号码），不带分机号。"
    )


def mask_phone(text: str) -> str:
    """Hide the middle of a number: 138****8000; anything too short to be one is hidden whole."""
    if not text:
        return ""
    digits = re.sub(r"[^0-9]", "", COUNTRY.sub("", _compact(text)))
    if len(digits) < SHORTEST_MASKABLE:
        return "****"
    return f"{digits[:SHOWN_HEAD]}****{digits[-SHOWN_TAIL:]}"


def _check_characters(code: str) -> None:
    for position, character in enumerate(code, start=1):
        if character in ALPHABET:
            continue
        hint = LOOK_ALIKES.get(character)
        advice = f"是否应为“{hint}”" if hint else "是否填错"
        raise ValueError(
            f"统一社会信用代码第{position}位“{character}”不是可用字符"
            f"（数字和除 I、O、S、V、Z 外的大写字母），请核对{advice}。"
        )
    for position, character in enumerate(code[2:8], start=3):
        if not character.isdigit():
            raise ValueError(
                f"统一社会信用代码第{position}位“{character}”应为数字"
                "（第3至8位是登记机关的行政区划码），请核对。"
            )


def _compact(text: str) -> str:
    """Fold full-width forms, drop white space, invisible characters, hyphens and dashes."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if character != MINUS_SIGN and unicodedata.category(character) not in SEPARATOR_CATEGORIES
    )
