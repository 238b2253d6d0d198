"""Values kept in memory by each process, dropped as soon as any process changes their rows."""

from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import router
from django.db.models import F

from lianqi.kernel.models import Revision

T = TypeVar("T")


def raise_revision(name: str) -> None:
    """Tell all processes that rows behind this name changed; part of the changing transaction."""
    if not Revision.objects.filter(pk=name).update(number=F("number") + 1):
        Revision.objects.bulk_create([Revision(pk=name, number=1)], ignore_conflicts=True)


class Kept(Generic[T]):
    """A value built from rows and kept until their revision moves: one tiny query a use."""

    def __init__(self, name: str, build: Callable[[], T]) -> None:
        """Name the revision it follows and say how the value is built."""
        self.name = name
        self.build = build
        self._seen: tuple[object, int | None] = ("", None)
        self._value: T | None = None

    def get(self) -> T:
        """Return the value as of the newest revision."""
        database = router.db_for_read(Revision)
        number = Revision.objects.filter(pk=self.name).values_list("number", flat=True).first()
        if self._value is None or self._seen != (database, number):
            self._value = self.build()
            self._seen = (database, number)
        return self._value

    def forget(self) -> None:
        """Drop the value, e.g. between tests that roll rows back."""
        self._value = None
