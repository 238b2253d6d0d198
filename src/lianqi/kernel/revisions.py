"""Values kept in memory by each process, dropped as soon as any process changes their rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

from django.db import router
from django.db.models import F

from lianqi.kernel.models import Revision

T = TypeVar("T")
_read: ContextVar[dict[str, int] | None] = ContextVar("revisions_read", default=None)


@contextmanager
def revisions_read_once() -> Iterator[None]:
    """Read the revisions of all kept values once for the time of a request."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def _number(name: str) -> int | None:
    """Return the revision now, or as it was when this request first asked."""
    read = _read.get()
    if read is None:
        return Revision.objects.filter(pk=name).values_list("number", flat=True).first()
    if not read:
        read.update(Revision.objects.values_list("pk", "number"))
    return read.get(name)


def raise_revision(name: str) -> None:
    """Tell all processes that rows behind this name changed; part of the changing transaction."""
    read = _read.get()
    if read is not None:
        read.clear()  # whoever changes rows sees the change in the same request
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
        number = _number(self.name)
        if self._value is None or self._seen != (database, number):
            self._value = self.build()
            self._seen = (database, number)
        return self._value

    def forget(self) -> None:
        """Drop the value, e.g. between tests that roll rows back."""
        self._value = None
