"""Earlier appeals like one that is being written or handled, with their answers; likely duplicates."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from lianqi.appeals.access import visible_appeals
from lianqi.appeals.enums import OPEN_STATES
from lianqi.appeals.models import Appeal, Rating
from lianqi.appeals.queries.identity import Identity, told_with
from lianqi.appeals.queries.search import ABOUT_APPEALS
from lianqi.enterprises.access import enterprise_ids
from lianqi.kernel.search import alike
from lianqi.organisation.models import User

MOST_CASES = 5
# Above this line the same matter was told twice in most pairs looked at (docs/adr/0013); it only
# offers, people judge.
DUPLICATE = 0.45


@dataclass(frozen=True)
class Case:
    """An earlier case as it is shown beside a new one."""

    title: str
    answer: str
    url: str = ""
    note: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True)
class LikeAppeal:
    """An earlier appeal that an official may see, and what became of it."""

    appeal: Appeal
    rating: str
    identity: Identity


@dataclass(frozen=True)
class LikelyDuplicate:
    """An open appeal that seems to be about the same matter, and who filed it as far as known."""

    appeal: Appeal
    identity: Identity


PublicCases = Callable[[str, str, int], Iterable[Case]]
_public_sources: list[PublicCases] = []


def publish_cases_through(source: PublicCases) -> None:
    """Register who knows published cases: takes title, content and how many, returns those alike.

    Only text that has been published may be returned: it is shown to any firm.
    """
    _public_sources.append(source)


def public_cases_like(title: str, content: str, most: int = MOST_CASES) -> list[Case]:
    """Return published cases like a text, from whoever knows some."""
    return [case for source in _public_sources for case in source(title, content, most)][:most]


def answered_like(
    user: User, title: str, content: str, *, besides: Appeal | None = None
) -> list[LikeAppeal]:
    """Return the answered appeals most like a text, of those this official may see."""
    found = _alike(_answered(visible_appeals(user)), title, content, besides)
    levels = Rating.objects.filter(appeal__in=[appeal.pk for appeal in found]).order_by("round")
    said = {rating.appeal_id: rating.get_level_display() for rating in levels}
    told = told_with(user, found, lambda appeal: appeal)
    return [LikeAppeal(appeal, said.get(appeal.pk, ""), whose) for appeal, whose in told]


def cases_for_firm(user: User, title: str, content: str) -> list[Case]:
    """Return what a firm may read of like cases: its own answered ones, then published ones."""
    mine = visible_appeals(user).filter(enterprise_id__in=enterprise_ids(user))
    own = [
        Case(
            title=appeal.title,
            answer=appeal.reply,
            url=appeal.get_absolute_url(),
            note=appeal.get_outcome_display(),
            answered_at=appeal.answered_at,
        )
        for appeal in _alike(_answered(mine), title, content)
    ]
    return [*own, *public_cases_like(title, content)][:MOST_CASES]


def likely_duplicates(user: User, appeal: Appeal) -> list[LikelyDuplicate]:
    """Return open appeals that seem to be about the same matter, whichever firm filed them."""
    rows = visible_appeals(user).filter(state__in=OPEN_STATES, answered_at=None)
    found = _alike(rows, appeal.title, appeal.content, appeal, least=DUPLICATE)
    return [LikelyDuplicate(*told) for told in told_with(user, found, lambda one: one)]


def _answered(rows: QuerySet[Appeal]) -> QuerySet[Appeal]:
    # An answer is out once it has a date: a draft of a later round has taken the date away.
    return rows.filter(~Q(reply=""), answered_at__isnull=False)


def _alike(
    rows: QuerySet[Appeal],
    title: str,
    content: str,
    besides: Appeal | None = None,
    *,
    least: float = 0.1,
) -> list[Appeal]:
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    found = alike(title, content, about=ABOUT_APPEALS, rows=rows, most=MOST_CASES, least=least)
    keys = [key for key, _ in found]
    loaded = rows.select_related("enterprise", "lead_unit").in_bulk(keys)
    return [loaded[key] for key in keys]
