"""The district that this instance serves: its name stands on every page."""

from lianqi.kernel.revisions import Kept, raise_revision
from lianqi.organisation.models import Region

_kept: Kept[Region | None] = Kept("region", lambda: Region.objects.first())


def region_now() -> Region | None:
    """Return the district, kept in memory by each process; None before it has been entered."""
    return _kept.get()


def region_changed() -> None:
    """Tell all processes; part of the transaction that enters or changes the district."""
    raise_revision("region")


def forget_region() -> None:
    """Drop the district kept in memory."""
    _kept.forget()
