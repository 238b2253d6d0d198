"""A unit's page: its people, what it owes, and the numbers that judge it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from lianqi.engines.textmining import searchable
from lianqi.kernel.access import visible_subjects
from lianqi.kernel.clock import now, today
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.organisation.models import Appointment, Unit, User

FAR = datetime(9999, 1, 1, tzinfo=UTC)
LIVE = Q(state__in=[DutyState.OPEN, DutyState.PAUSED], advisory=False)
# What is counted as kept or not had a deadline; invitations and open-ended duties judge nobody.
JUDGED = Q(state__in=[DutyState.DONE, DutyState.LAPSED], advisory=False, red_at__isnull=False)
KEPT = JUDGED & Q(state=DutyState.DONE, closed_at__lt=F("red_at"))


def _views() -> dict[str, tuple[str, Q]]:
    moment = now()
    running = Q(state=DutyState.OPEN, advisory=False)
    return {
        "open": (gettext("在办"), LIVE),
        "amber": (
            gettext("临期"),
            running & Q(amber_at__lte=moment) & (Q(red_at__gt=moment) | Q(red_at=None)),
        ),
        "overdue": (gettext("逾期"), running & Q(red_at__lte=moment)),
        "judged": (gettext("已了结"), JUDGED),
        "late": (gettext("未按时"), JUDGED & ~KEPT),
    }


@dataclass(frozen=True)
class UnitNumbers:
    """Open, amber and overdue duties, and how many of the settled ones were kept in time."""

    open: int
    amber: int
    overdue: int
    kept: int
    judged: int
    late: int


def unit_numbers(unit: Unit) -> UnitNumbers:
    """Count the duties of a unit; one query."""
    conditions = {key: condition for key, (_, condition) in _views().items()}
    counts = Duty.objects.filter(unit_code=unit.code).aggregate(
        kept=Count("pk", filter=KEPT),
        **{key: Count("pk", filter=condition) for key, condition in conditions.items()},
    )
    return UnitNumbers(**counts)


def duty_views() -> list[tuple[str, str]]:
    """Return the views of a unit's duties: key and name."""
    return [(key, label) for key, (label, _) in _views().items()]


def unit_duties(unit: Unit, view: str, *, seen_by: User) -> QuerySet[Duty]:
    """Return the rows behind one number, as far as this person may see their matters.

    Rows carry ``sort_at``, the due moment or the end of time, for keyset pages.
    """
    views = _views()
    _, condition = views.get(view, views["open"])
    rows = Duty.objects.filter(condition, unit_code=unit.code)
    seen = Q(pk__in=[])
    for label in rows.order_by().values_list("subject_type", flat=True).distinct():
        subjects = visible_subjects(seen_by, label)
        if subjects is not None:
            seen |= Q(subject_type=label, subject_id__in=subjects.values("pk"))
    return rows.filter(seen).annotate(sort_at=Coalesce("due_at", Value(FAR)))


def people_of(unit: Unit) -> tuple[list[Appointment], list[Appointment]]:
    """Return who serves in the unit now or soon, and who did earlier (latest first)."""
    rows = (
        Appointment.objects.filter(unit=unit)
        .select_related("user", "body", "acting_for__user")
        .annotate(
            gone=Case(
                When(Q(valid_to__lt=today()) | Q(revoked_at__isnull=False), then=Value(1)),
                default=Value(0),
            )
        )
        .order_by("gone", "-valid_from", "pk")
    )
    everyone: list[Any] = list(rows[:400])
    return [p for p in everyone if not p.gone], [p for p in everyone if p.gone]


def units_called(said: str) -> list[Unit]:
    """Return the units, those no longer in use too, whose code is this or whose name or alias holds it."""
    asked = searchable(said)
    return [
        unit
        for unit in Unit.objects.all()
        if asked == searchable(unit.code)
        or any(asked in searchable(name) for name in (unit.name, *unit.aliases))
    ]


def units_with_numbers() -> list[dict[str, Any]]:
    """Return all units with leader, liaison and the counts of what they owe; three queries."""
    conditions = _views()
    wanted = {
        "open_count": conditions["open"][1],
        "overdue_count": conditions["overdue"][1],
        "kept_count": KEPT,
        "judged_count": JUDGED,
    }
    rows: Any = (
        Duty.objects.exclude(unit_code="")
        .values("unit_code")
        .annotate(**{key: Count("pk", filter=condition) for key, condition in wanted.items()})
    )
    counts = {row["unit_code"]: row for row in rows}
    none = dict.fromkeys(wanted, 0)
    return [
        {"unit": unit, **counts.get(unit.code, none)} for unit in Unit.objects.filter(active=True)
    ]
