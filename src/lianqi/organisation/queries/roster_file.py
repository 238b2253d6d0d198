"""Reading a roster's file: inspected like any upload, then parsed."""

from collections.abc import Mapping, Sequence
from typing import Any

from lianqi.engines.roster import RosterReading, RosterUnreadable, parse_roster
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.uploads import ROSTER_FILE, UploadRefused, inspect_upload
from lianqi.organisation.models import Unit


def known_units() -> dict[str, list[str]]:
    """Return the registered units with their further names."""
    return dict(Unit.objects.values_list("name", "aliases"))


def read_roster_file(
    name: str, source: Any, *, known: Mapping[str, Sequence[str]]
) -> RosterReading:
    """Return what a file (bytes or a stream) says; hostile or unreadable files are refused.

    Raises:
        RuleBroken: with the reason and the remedy, for the field ``file``.
    """
    try:
        clean = inspect_upload(name, source, accept=ROSTER_FILE)
        return parse_roster(clean.name, clean.content, known_units=known)
    except UploadRefused as refused:
        raise RuleBroken(refused.message, field="file") from refused
    except RosterUnreadable as unreadable:
        raise RuleBroken(str(unreadable), field="file") from unreadable
