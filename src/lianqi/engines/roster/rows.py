"""What reading a roster gives: rows, warnings, and the form that may be printed."""

import re
from dataclasses import dataclass, field

_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


class RosterUnreadable(ValueError):
    """There is no roster to read in the file; the text says why and what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One unit with its responsible leader and liaison (A3-T-1); empty text: not given.

    `seq` counts from 1 in the order of the file, `line` is the line or sheet row it begins on,
    `phone` is the liaison's number as digits (a landline with its hyphen) or None.
    """

    seq: int
    unit: str
    leader: str
    leader_title: str
    liaison: str
    liaison_title: str
    phone: str | None = field(repr=False)
    line: int
    raw: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class RosterWarning:
    """Something odd in the roster that does not keep it from being read."""

    code: str
    unit: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class RosterReading:
    """All rows in the order of the file; `year` is the one named in its title or file name."""

    rows: list[RosterRow]
    warnings: list[RosterWarning]
    source_kind: str
    year: int | None = None

    def as_json(self) -> dict[str, object]:
        """Plain lists and dicts for a dry run; phones are masked wherever they stand."""
        return {
            "units": [
                {
                    "seq": row.seq,
                    "unit": _hidden(row.unit),
                    "leader": _hidden(row.leader),
                    "leader_title": _hidden(row.leader_title),
                    "liaison": _hidden(row.liaison),
                    "liaison_title": _hidden(row.liaison_title),
                    "phone": None if row.phone is None else _masked(row.phone),
                }
                for row in self.rows
            ],
            "warnings": [
                {
                    "code": w.code,
                    "unit": _hidden(w.unit),
                    "line": w.line,
                    "message": _hidden(w.message),
                }
                for w in self.warnings
            ],
            "count": len(self.rows),
        }


def _masked(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}"


def _hidden(text: str) -> str:
    """A number that slipped into another column is personal data there, too."""
    return _MOBILE.sub(lambda found: _masked(found[0]), text)
