"""One name for each unit: white space, full-width forms, a leading 区 and short forms."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

# The last character of a unit's full name; a cell broken over lines ends otherwise (“综合监管和”).
_COMPLETE = re.compile(
    r"(?:[局委部会院庭室所站组办处队行署厅乡镇区村县市园校馆]|中心|公司|街道|小组|集团|委员会)$"
)


def unit_name(text: str) -> str:
    """The name as it is stored: no white space, no full-width letters or digits."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def is_complete_unit(text: str) -> bool:
    """Whether a unit's name ends as names of units do."""
    return _COMPLETE.search(text) is not None


def canonical_unit(name: str, known_units: Mapping[str, Sequence[str]]) -> str | None:
    """The known unit (key of `known_units`, whose values are further names) meant by a name.

    区税务局 is 税务局, 振中街道 is 振中街道办事处, and so with any unit. An equal name
    goes before an alias, an alias before a name that only fits in its short form. None: unknown.
    """
    exact = unit_name(name)
    for unit in known_units:
        if unit_name(unit) == exact:
            return unit
    for unit, aliases in known_units.items():
        if exact in map(unit_name, aliases):
            return unit
    short = short_form(exact)
    for unit, aliases in known_units.items():
        if short and short in map(short_form, [unit, *aliases]):
            return unit
    return None


def short_form(name: str) -> str:
    """The name without a leading 区 and without the 办事处 of a 街道."""
    plain = unit_name(name)
    if len(plain) > 2:
        plain = plain.removeprefix("区")
    return plain.removesuffix("办事处") if plain.endswith("街道办事处") else plain
