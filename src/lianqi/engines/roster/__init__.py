"""Reads the roster of units (附件3：入驻平台涉企部门责任领导及联络员名单) out of a file.

`parse_roster(name, content)` takes the text of the annexes or only its roster section (.txt, UTF-8
or GB18030), or a table (.xlsx, .csv) with its columns in any order and a header of one or two rows.
It gives rows and warnings: what is odd stays as given and is only named (A3-T-1), because the list
is filed by the units themselves. `RosterUnreadable` is raised if there is no roster to read.

Phone numbers are personal data: the plain number is only in `RosterRow.phone` and `.raw`; neither
`repr`, nor `as_json()`, nor any message carries it.
"""

from lianqi.engines.roster.reading import parse_roster
from lianqi.engines.roster.rows import (
    RosterReading,
    RosterRow,
    RosterUnreadable,
    RosterWarning,
)
from lianqi.engines.roster.titles import is_section_head
from lianqi.engines.roster.units import canonical_unit

__all__ = [
    "RosterReading",
    "RosterRow",
    "RosterUnreadable",
    "RosterWarning",
    "canonical_unit",
    "is_section_head",
    "parse_roster",
]
