"""What people owe and wait for: the desk and the list of duties behind its numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from lianqi.kernel.access import all_units, desks_of, may, parties_of
from lianqi.kernel.clock import now
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.paging import COUNT_CEILING, counts_up_to_ceiling
from lianqi.kernel.remaining import remaining_text
from lianqi.kernel.workdays import calendar

MOST_ON_DESK = 100
MOST_AWAITED = 20
LIGHTS_COUNTED = ("live", "amber", "red")
LIVE = (DutyState.OPEN, DutyState.PAUSED)
# Where a duty without a deadline stands in a list sorted by due time: last.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
ORDER = ("due_sort", "pk")
# How a date was reckoned is told on the record's page, never in a line.
REASONS = ("explanation", "limit_text", "limit_key")


@dataclass(frozen=True)
class DutyLine:
    """A duty as one line of a page."""

    duty: Duty
    url: str
    remaining_text: str

    @property
    def due_text(self) -> str:
        """Return what the desk says about time: what is left, and until when."""
        if self.duty.state == DutyState.PAUSED:
            return _("恢复后重新计算到期时间")
        return self.remaining_text

    @property
    def light(self) -> str:
        """Return the duty's colour."""
        return self.duty.light

    @property
    def light_word(self) -> str:
        """Return the word that replaces the colour's own, for clocks that do not run."""
        if self.duty.state == DutyState.PAUSED:
            return _("暂停计时")
        if self.duty.state != DutyState.OPEN:
            return _(self.duty.get_state_display())
        return _("仅提示") if self.duty.advisory else ""


@dataclass(frozen=True)
class Batch:
    """The first lines of a list, and how many more there are."""

    lines: list[DutyLine]
    more: int


@dataclass(frozen=True)
class Numbers:
    """Three counts of a person's units and desks."""

    live: int
    amber: int
    red: int


@dataclass(frozen=True)
class DeskCounts:
    """How many duties stand behind each part of the desk, up to a thousand and one."""

    numbers: Numbers
    to_do: int
    paused: int
    awaited: int


def duty_lines(duties: Iterable[Duty], mine: frozenset[str] = frozenset()) -> list[DutyLine]:
    """Return duties as lines; those of ``mine`` (desk keys) open with their step's form."""
    days = calendar()
    return [
        DutyLine(
            duty,
            f"{duty.url}?step={duty.key}" if duty.holder in mine and duty.live else duty.url,
            remaining_text(duty, days),
        )
        for duty in duties
    ]


def by_due_time(duties: QuerySet[Duty]) -> QuerySet[Duty]:
    """Sort by due time, those without one last."""
    return duties.annotate(due_sort=Coalesce("due_at", Value(NEVER))).order_by(*ORDER)


def has_duties(user: Any) -> bool:
    """Whether anything waits on this person's desks."""
    return Duty.objects.filter(
        holder__in=desks_of(user), state=DutyState.OPEN, advisory=False
    ).exists()


def duties_to_do(user: Any, total: int, state: str = DutyState.OPEN) -> Batch:
    """Return what this person's desks owe, the most pressing first; ``total`` as counted."""
    mine = desks_of(user)
    return _batch(Duty.objects.filter(holder__in=mine, state=state), MOST_ON_DESK, total, mine)


def duties_awaited(user: Any, total: int) -> Batch:
    """Return what others owe to this person's units, or on matters that lie on their desks too.

    ``total`` is how many they are, as counted.
    """
    if not total:
        return Batch([], 0)
    # Each part has an index of its own; asked in one condition, every open duty is looked through.
    soonest = F("due_at").asc(nulls_last=True)
    found = {
        duty.pk: duty
        for part in _awaited_parts(user)
        for duty in part.defer(*REASONS).order_by(soonest, "pk")[:MOST_AWAITED]
    }
    shown = sorted(found.values(), key=lambda duty: (duty.due_at or NEVER, duty.pk))
    return Batch(duty_lines(shown[:MOST_AWAITED]), max(total - MOST_AWAITED, 0))


def _awaited_parts(user: Any) -> tuple[QuerySet[Duty], QuerySet[Duty]]:
    """Return others' open duties for which this person's units wait, and those on own matters."""
    mine = desks_of(user)
    own_matter = Duty.objects.filter(
        subject_type=OuterRef("subject_type"),
        subject_id=OuterRef("subject_id"),
        holder__in=mine,
        state__in=LIVE,
    )
    others = Duty.objects.filter(state=DutyState.OPEN, advisory=False).exclude(holder__in=mine)
    own = Duty.objects.filter(holder__in=mine, state__in=LIVE).values("subject_id")
    # The first condition finds the rows by their index, the second makes sure of the kind of record.
    return (
        others.filter(waiting__in=_names(user)),
        others.filter(subject_id__in=own).filter(Exists(own_matter)),
    )


def _awaited(user: Any) -> QuerySet[Duty]:
    waited_for, on_own_matters = _awaited_parts(user)
    return Duty.objects.filter(
        Q(pk__in=waited_for.values("pk")) | Q(pk__in=on_own_matters.values("pk"))
    )


def _names(user: Any) -> list[str]:
    return [party.name for party in parties_of(user)]


def _batch(duties: QuerySet[Duty], most: int, total: int, mine: frozenset[str]) -> Batch:
    if not total:
        return Batch([], 0)
    shown = list(by_due_time(duties).defer(*REASONS)[:most])
    return Batch(duty_lines(shown, mine), max(total - most, 0))


def duties_near(user: Any) -> QuerySet[Duty]:
    """Return all duties of this person's own desks and units: what the three numbers count."""
    codes = [party.unit_code for party in parties_of(user) if party.unit_code]
    return Duty.objects.filter(Q(holder__in=desks_of(user)) | Q(unit_code__in=codes))


def visible_duties(user: Any) -> QuerySet[Duty]:
    """Return the duties this person may list: overseers all, others those near them."""
    if may(user, "kernel.view_all_duties"):
        return Duty.objects.all()
    return duties_near(user)


def desk_counts(user: Any) -> DeskCounts:
    """Count everything that the desk says a number of, in one query, each up to the ceiling."""
    codes = [party.unit_code for party in parties_of(user) if party.unit_code]
    own = Duty.objects.filter(holder__in=desks_of(user), state__in=LIVE)
    # Units and desks one after the other, each by its own index.
    near = {"unit": Duty.objects.filter(unit_code__in=codes, state__in=LIVE)}
    near["desk"] = own.exclude(unit_code__in=codes)
    waited_for, on_own_matters = _awaited_parts(user)
    counts = counts_up_to_ceiling(
        to_do=own.filter(state=DutyState.OPEN).values("pk"),
        paused=own.filter(state=DutyState.PAUSED).values("pk"),
        awaited=waited_for.values("pk"),
        awaited_too=on_own_matters.exclude(waiting__in=_names(user)).values("pk"),
        **{f"live_{name}": rows.values("pk") for name, rows in near.items()},
        **{
            f"amber_{name}": rows.filter(with_light("amber")).values("pk")
            for name, rows in near.items()
        },
        **{
            f"red_{name}": rows.filter(with_light("red")).values("pk")
            for name, rows in near.items()
        },
    )
    most = COUNT_CEILING + 1
    return DeskCounts(
        numbers=Numbers(
            *(min(sum(counts[f"{what}_{name}"] for name in near), most) for what in LIGHTS_COUNTED)
        ),
        to_do=counts["to_do"],
        paused=counts["paused"],
        awaited=min(counts["awaited"] + counts["awaited_too"], most),
    )


def with_light(colour: str) -> Q:
    """Return the condition for duties that show this colour now, as ``Duty.light`` does."""
    moment = now()
    counted = Q(state=DutyState.OPEN, advisory=False)
    return {
        "red": counted & Q(red_at__lte=moment),
        "amber": counted & Q(amber_at__lte=moment) & (Q(red_at__gt=moment) | Q(red_at=None)),
        "green": counted & Q(amber_at__gt=moment),
        "blue": counted & Q(due_at=None),
        "grey": ~counted,
    }[colour]


def duty_list(
    user: Any,
    *,
    whose: str = "",
    unit: str = "",
    light: str = "",
    state: str = "",
    text: str = "",
) -> QuerySet[Duty]:
    """Return the rows of the duty list; without a state those still owed.

    ``whose`` is "mine" (own desks), "near" (own desks and units), "awaited" or "" (all visible).
    """
    rows = _whose(user, whose)
    if unit:
        rows = rows.filter(unit_code=unit)
    if light:
        rows = rows.filter(with_light(light))
    rows = rows.filter(state=state) if state else rows.filter(state__in=LIVE)
    if text:
        rows = rows.filter(Q(matter__icontains=text) | Q(holder_label__icontains=text))
    return by_due_time(rows)


def _whose(user: Any, whose: str) -> QuerySet[Duty]:
    if whose == "mine":
        return Duty.objects.filter(holder__in=desks_of(user))
    if whose == "near":
        return duties_near(user)
    return _awaited(user) if whose == "awaited" else visible_duties(user)


def unit_choices(user: Any) -> list[tuple[str, str]]:
    """Return (code, name) of the units whose duties this person may list."""
    everybody = may(user, "kernel.view_all_duties")
    units = all_units() if everybody else parties_of(user)
    return [(unit.unit_code, unit.name) for unit in units if unit.unit_code]
