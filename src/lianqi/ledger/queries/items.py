"""The list of items: one set of filters for page, export, board figures and calendar."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.clock import today
from lianqi.kernel.paging import counts_up_to_ceiling
from lianqi.ledger.access import visible_items, working_units
from lianqi.ledger.enums import COUNTED_STATES, DONE_STATES, OPEN_STATES, ItemState
from lianqi.ledger.models import Item, ItemUnit
from lianqi.ledger.queries.lights import LIGHTS, light_of, with_light
from lianqi.ledger.queries.search import text_asked
from lianqi.organisation.access import load_posts
from lianqi.organisation.models import User

# The saved views of everybody: name and condition.
VIEWS: dict[str, tuple[Any, Q]] = {
    "open": (_("在办"), Q(state__in=OPEN_STATES)),
    "mine": (_("我负责的"), Q()),
    "overdue": (_("逾期"), Q()),
    "checkin": (_("待报进展"), Q()),
    "done": (_("待销号"), Q(state=ItemState.COMPLETED)),
    "struck": (_("已销号"), Q(state=ItemState.STRUCK)),
    "all": (_("全部"), Q()),
}


@dataclass(frozen=True)
class ItemRow:
    """One line of the ledger."""

    item: Item

    @property
    def light(self) -> str:
        """The light of the item, as ``{% light %}`` wants it."""
        return {"dark": "red"}.get(light_of(self.item), light_of(self.item))

    @property
    def light_word(self) -> str:
        """The light in words: dark red is said, not only shown."""
        return (
            str(LIGHTS[light_of(self.item)]) if not self.finished else self.item.get_state_display()
        )

    @property
    def finished(self) -> bool:
        """Whether it has been finished."""
        return self.item.completed_at is not None

    @property
    def others(self) -> str:
        """The sharing units by name."""
        return "、".join(share.unit.name for share in self.item.shares.all() if not share.leads)


def filtered_items(
    user: User,
    *,
    view: str = "",
    state: str = "",
    unit: str = "",
    light: str = "",
    source: str = "",
    programme: str = "",
    year: int | None = None,
    q: str = "",
    due_from: date | None = None,
    due_to: date | None = None,
    lead: str = "",
    on_time: str = "",
    judged: str = "",
) -> QuerySet[Item]:
    """Return the items this person may see, narrowed by what was asked."""
    rows = visible_items(user)
    if view in VIEWS:
        rows = rows.filter(_condition(view, user))
    exact: Mapping[str, Any] = {
        "state": state, "source": source, "programme": programme, "year": year, "lead_unit__code": lead,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    for condition in _narrowing(unit=unit, light=light, q=q, due_from=due_from, due_to=due_to):
        rows = rows.filter(condition)
    if judged or on_time:
        rows = rows.filter(is_judged())
    if on_time:
        rows = rows.filter(ON_TIME if on_time == "yes" else ~ON_TIME)
    return rows


def _narrowing(
    *, unit: str, light: str, q: str, due_from: date | None, due_to: date | None
) -> Iterator[Any]:
    if unit:
        yield Exists(ItemUnit.objects.filter(item=OuterRef("pk"), unit__code=unit))
    if light:
        yield with_light(light)
    if q:
        yield text_asked(q)
    if due_from:
        yield Q(sort_on__gte=due_from)
    if due_to:
        yield Q(sort_on__lte=due_to)


# --- punctuality: the rows behind the rate are this condition, so figure and rows cannot differ

ON_TIME = Q(completed_at__isnull=False, completed_at__lt=F("red_at"))


def is_judged() -> Q:
    """Return the condition for items whose day is over or that are finished; 补录 judges nobody."""
    counted = Q(state__in=COUNTED_STATES, due_on__isnull=False, backfilled=False)
    return counted & (Q(due_on__lt=today()) | Q(state__in=DONE_STATES))


def loaded(rows: QuerySet[Item]) -> QuerySet[Item]:
    """Return the rows with what a line shows, in a constant number of queries."""
    shares = ItemUnit.objects.select_related("unit")
    return rows.select_related("lead_unit", "owner").prefetch_related(Prefetch("shares", shares))


def view_counts(user: User) -> dict[str, int]:
    """Return how many items stand behind each view, counted up to the ceiling."""
    rows = visible_items(user)
    return counts_up_to_ceiling(
        **{key: rows.filter(_condition(key, user)).values("pk") for key in VIEWS if key != "all"}
    )


def _condition(view: str, user: User) -> Q:
    if view == "mine":
        units = working_units(user)
        led = Q(lead_unit_id__in=units) if units else Q(pk__in=[])
        return Q(state__in=OPEN_STATES) & (Q(owner=user.pk) | led)
    if view == "overdue":
        return with_light("red") | with_light("dark")
    if view == "checkin":
        return with_light("amber") & Q(due_on=None)
    return VIEWS[view][1]


def programmes(user: User) -> list[str]:
    """Return the programme tags in use, for the filter."""
    rows = visible_items(user).exclude(programme="").order_by("programme")
    return list(rows.values_list("programme", flat=True).distinct())


def owners_at_work() -> list[User]:
    """Return those on whom something in hand is put, with their present posts."""
    people = list(User.objects.filter(pk__in=_underway().values("owner")).order_by("pk"))
    load_posts(people)
    return people


def _underway() -> QuerySet[Item]:
    return Item.objects.filter(state=ItemState.UNDERWAY, owner__isnull=False)
