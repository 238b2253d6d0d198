"""A person's notices."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from lianqi.kernel.models import Notice


@dataclass(frozen=True)
class NoticeLine:
    """A notice as the page shows it."""

    notice: Notice

    @property
    def pk(self) -> int:
        """Return the notice's id."""
        return self.notice.pk

    @property
    def title(self) -> str:
        """Return the headline."""
        return self.notice.title

    @property
    def text(self) -> str:
        """Return the text below it."""
        return self.notice.text

    @property
    def at(self) -> datetime:
        """Return when it was written."""
        return self.notice.at

    @property
    def url(self) -> str:
        """Return the way to the page it is about, which marks it as read."""
        return reverse("kernel:notice_open", args=[self.pk]) if self.notice.url else ""

    @property
    def is_read(self) -> bool:
        """Whether it was marked as read."""
        return self.notice.read_at is not None


def own_notices(user: Any) -> QuerySet[Notice]:
    """Return this person's notices, newest first."""
    return Notice.objects.filter(user=user).order_by("-at", "-pk")


def latest_notices(user: Any, most: int) -> list[NoticeLine]:
    """Return the newest few."""
    return [NoticeLine(notice) for notice in own_notices(user)[:most]]
