"""How much room is left where we write, and from when on we refuse to write.

People can go on reading and signing in only while sessions and locks find room, so writing is
refused before the disk is really full: a reserve is kept.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

MIB = 1024 * 1024
# Of a small disk not more than this share is kept back.
RESERVE_SHARE = 0.05


@dataclass(frozen=True)
class Volume:
    """One file system that we write to, and what lies on it; sizes in bytes."""

    names: tuple[str, ...]
    total: int
    free: int

    @property
    def used_percent(self) -> int:
        """Return how full it is, rounded down."""
        return 100 - -(-100 * self.free // self.total)

    @property
    def status(self) -> str:
        """Return "full" from the reserve on, "scarce" from the alarm on, else "ok"."""
        if self.free < min(settings.LIANQI_RESERVE_MB * MIB, RESERVE_SHARE * self.total):
            return "full"
        return "scarce" if self.used_percent >= settings.LIANQI_SPACE_ALARM_PERCENT else "ok"


def volumes() -> list[Volume]:
    """Return each file system that we write to, once."""
    found: dict[int, tuple[list[str], os.statvfs_result]] = {}
    for name, place in _places():
        there = _nearest(place)
        entry = found.setdefault(there.stat().st_dev, ([], os.statvfs(there)))
        entry[0].append(name)
    return [
        # As df counts: what is kept back from us is neither used nor free.
        Volume(
            tuple(names),
            room.f_frsize * (room.f_blocks - room.f_bfree + room.f_bavail),
            room.f_frsize * room.f_bavail,
        )
        for names, room in found.values()
        if room.f_blocks  # some virtual file systems do not say
    ]


def is_full() -> bool:
    """Whether some place we write to has only its reserve left."""
    return any(volume.status == "full" for volume in volumes())


def _places() -> Iterator[tuple[str, Path]]:
    """Yield what we write and where; a database server's own disk is not ours to see."""
    if connection.vendor == "sqlite":
        yield "database", Path(str(connection.settings_dict["NAME"])).parent
    yield "files", Path(settings.MEDIA_ROOT)
    yield "seals", Path(settings.LIANQI_SEAL_FOLDER)


def _nearest(place: Path) -> Path:
    return place if place.exists() else _nearest(place.parent)
