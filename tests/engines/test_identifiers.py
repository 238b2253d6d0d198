import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from lianqi.engines.identifiers import (
    ALPHABET,
    check_uscc,
    mask_phone,
    normalise_phone,
    uscc_warnings,
)

CODE = "91110000600037341L"
CHARACTERS = st.sampled_from(ALPHABET)

bodies = st.tuples(
    st.text(CHARACTERS, min_size=2, max_size=2),
    st.text(st.sampled_from("0123456789"), min_size=6, max_size=6),
    st.text(CHARACTERS, min_size=9, max_size=9),
).map("".join)
codes = bodies.map(lambda body: body + uscc.calc_check_digit(body))


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        " 91110000 600037341l ",
        "9111-0000-6000-37341L",
        "９１１１００００６０００３７３４１Ｌ",
        "\u200b91110000600037341L\ufeff",
        "91110000－6000—37341\u2212L\u3000",
        "91110000\t60003\n7341L",
    ],
)
def test_a_code_is_read_however_it_was_typed(typed: str) -> None:
    assert check_uscc(typed) == CODE


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "请填写统一社会信用代码（18位，见营业执照）。"),
        (" \u3000-", "请填写统一社会信用代码（18位，见营业执照）。"),
        (
            CODE[:-1],
            "统一社会信用代码应为18位，现为17位，请对照营业执照核对是否漏填或多填。",
        ),
        (
            CODE + "1",
            "统一社会信用代码应为18位，现为19位，请对照营业执照核对是否漏填或多填。",
        ),
        (
            "9111000O600037341L",
            "统一社会信用代码第8位“O”不是可用字符（数字和除 I、O、S、V、Z 外的大写字母），"
            "请核对是否应为“0”。",
        ),
        (
            "91110000600037341号",
            "统一社会信用代码第18位“号”不是可用字符（数字和除 I、O、S、V、Z 外的大写字母），"
            "请核对是否填错。",
        ),
        (
            "911A0000600037341L",
            "统一社会信用代码第4位“A”应为数字（第3至8位是登记机关的行政区划码），请核对。",
        ),
        (
            "91110000600037342L",
            "统一社会信用代码的校验位（第18位“L”）与前17位不符，其中至少有一位填错，"
            "请对照营业执照逐位核对。",
        ),
    ],
)
def test_a_wrong_code_is_refused_with_the_place(typed: str, message: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the whole text is compared
        check_uscc(typed)

    assert str(refusal.value) == message


@given(codes)
def test_every_well_formed_code_passes(code: str) -> None:
    assert check_uscc(code.lower()) == code


@given(codes, st.integers(8, 17), CHARACTERS)
def test_one_wrong_character_is_always_found(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]

    if other == code[place]:
        assert check_uscc(wrong) == code
    else:
        with pytest.raises(ValueError, match="校验位"):
            check_uscc(wrong)


def test_an_organisation_code_that_fails_its_own_check_only_warns() -> None:
    body = "91110000600037342"
    odd = body + uscc.calc_check_digit(body)

    assert (check_uscc(odd), uscc_warnings(CODE), uscc_warnings(odd)) == (
        odd,
        [],
        ["第17位“2”与组织机构代码的校验规则不符（按 GB 11714 应为“1”），请留意。"],
    )


@pytest.mark.parametrize(
    ("organisation", "check"), [("D2143569", "X"), ("00000000", "0"), ("00000003", "5")]
)
def test_the_check_character_of_an_organisation_code(organisation: str, check: str) -> None:
    body = "91110000" + organisation + check

    assert uscc_warnings(body + uscc.calc_check_digit(body)) == []


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("１３８－００１３－８０００", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("+86-138-0013-8000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("0373-5555555", "0373-5555555"),
        ("（0373）5555555", "0373-5555555"),
        ("03715 5555555", "0371-55555555"),
        ("010 5555 5555", "010-55555555"),
        ("+86 10 55555555", "010-55555555"),
        ("+86 (0)373 5555555", "0373-5555555"),
    ],
)
def test_a_number_is_read_however_it_was_typed(typed: str, number: str) -> None:
    assert normalise_phone(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "1380013800", "138001380001", "12800138000", "5555555", "010-5555555", "电话"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the whole text is compared
        normalise_phone(typed)

    assert str(refusal.value) == (
        "电话号码不正确，请填写11位手机号，或带区号的固定电话（区号-号码），不带分机号。"
    )


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800138000", "138****8000"),
        ("+86 138 0013 8000", "138****8000"),
        ("0373-5555555", "037****5555"),
        ("12345", "****"),
        ("无", "****"),
        ("", ""),
    ],
)
def test_the_middle_of_a_number_is_hidden(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


@given(st.text())
def test_a_mask_never_shows_more_than_seven_digits(text: str) -> None:
    assert sum(character.isdigit() for character in mask_phone(text)) <= 7
