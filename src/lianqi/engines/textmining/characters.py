"""The characters by which a text is found, and its bigrams."""

import unicodedata

# Not written, only transmitted: controls, formats (zero-width characters), lone surrogates; and
# accents, which few type.
_UNWRITTEN = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})


class _Table(dict[int, str]):
    """What each character is searched as, reckoned when it is first met."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code)).casefold()
        # Folding may bring accents or wide forms back (ŉ, ﬆ), so that the form is made twice.
        plain = unicodedata.normalize("NFKD", plain)
        kept = "".join(
            one
            for one in plain
            if unicodedata.category(one) not in _UNWRITTEN and not one.isspace()
        )
        self[code] = kept
        return kept


_table = _Table()


def searchable(text: str) -> str:
    """Return a text as it is searched: half width, lower case, without blanks and accents.

    Character by character, so that ``searchable(a + b) == searchable(a) + searchable(b)``: a part of
    a text is always found in it. Blanks go because Chinese has none that mean anything: "PVC 管材"
    is found as "PVC管材", and a word is found across a line break.
    """
    return text.translate(_table)


def searchable_characters(text: str) -> list[str]:
    """Return what each character of a text is searched as: "" for a blank, several for a ㎡."""
    return [_table[ord(character)] for character in text]


def bigrams(text: str) -> list[str]:
    """Return every two neighbouring characters of a searchable text, then its last one alone.

    So each character begins one gram: a single character is found as the beginning of a gram.
    """
    return [text[at : at + 2] for at in range(len(text))]
