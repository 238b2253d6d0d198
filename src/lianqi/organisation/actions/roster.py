"""Entering the roster of leaders and liaisons (附件3 名单, clause A3-T-1)."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max

from lianqi.engines.roster import RosterRow
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import today
from lianqi.kernel.errors import RuleBroken, StaleState
from lianqi.kernel.journal import write_line
from lianqi.organisation.actions.appointments import seat
from lianqi.organisation.actions.permissions import require
from lianqi.organisation.models import Region, Unit, User
from lianqi.organisation.queries.roster_plan import (
    UNCHANGED,
    UPDATED,
    PlannedSeat,
    roster_plan,
    same_person,
    unknown_units_text,
)


@transaction.atomic
def import_roster(
    rows: Sequence[RosterRow], *, actor: Actor, source: str, seen: str = ""
) -> dict[str, int]:
    """Enter leaders and liaisons of the roster; all rows or none (clause A3-T-1).

    A person who holds the post already keeps it; a new name takes the post over from today.
    ``seen`` is the fingerprint of the plan that the person confirmed.

    Raises:
        StaleState: the roster has changed since the plan was shown.
        RuleBroken: units are not registered; the message lists them all.
    """
    require(actor, "organisation.import_roster")
    _one_at_a_time()
    if seen and roster_plan(rows).fingerprint != seen:
        raise StaleState("您预览之后名册有变动，或这份名册已经导入。请核对下面的新对照再确认。")
    return enter_roster(rows, actor=actor, source=source, valid_from=today())


def _one_at_a_time() -> None:
    list(Region.objects.select_for_update().values_list("pk"))


@transaction.atomic
def enter_roster(
    rows: Iterable[RosterRow], *, actor: Actor, source: str, valid_from: date
) -> dict[str, int]:
    """Write the roster's people and posts; units must exist (by name or alias).

    Returns the counts ``units``, ``people``, ``new``, ``updated`` and ``unchanged``.
    """
    plan = roster_plan(rows)
    if plan.unknown:
        raise RuleBroken(unknown_units_text(plan.unknown))
    for planned in plan.seats:
        if planned.kind != UNCHANGED:
            _fill_post(planned, actor, source, valid_from)
    region = Region.objects.first()
    if region is not None:
        write_line(
            region,
            actor=actor,
            verb="roster.import",
            label="导入名册",
            text=counts_text(plan.counts),
            data={**plan.counts, "source": source},
        )
    return plan.counts


def counts_text(counts: dict[str, int]) -> str:
    """Say what an import came to, e.g. 18 个单位，36 人：新任 36，未变 0."""
    updated = f"，更新 {counts['updated']}" if counts["updated"] else ""
    return (
        f"{counts['units']} 个单位，{counts['people']} 人："
        f"新任 {counts['new']}{updated}，未变 {counts['unchanged']}"
    )


def _fill_post(planned: PlannedSeat, actor: Actor, source: str, begins: date) -> None:
    user = _seated_user(planned)
    if planned.phone_changes:
        user.phone = planned.phone
        user.save(update_fields=["phone"])
        write_line(user, actor=actor, verb="user.change_phone", label="更新手机号", text=source)
    if (
        planned.held is None
        or planned.held.user_id != user.pk
        or planned.held.title != planned.title
    ):
        seat(
            user,
            actor=actor,
            post=planned.post,
            unit=planned.unit,
            title=planned.title,
            valid_from=begins,
            source=source,
        )


def _seated_user(planned: PlannedSeat) -> User:
    if planned.kind == UPDATED and planned.held is not None:
        return planned.held.user
    found = same_person(planned.unit, planned.name, planned.phone)
    return found or User.objects.create_user(
        free_username(planned.unit, planned.post), full_name=planned.name, phone=planned.phone
    )


def free_username(unit: Unit, post: str) -> str:
    """Return a username made of unit and post that nobody has."""
    base = f"{unit.code}_{post}"
    taken = set(User.objects.filter(username__startswith=base).values_list("username", flat=True))
    names = [base, *(f"{base}{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


@transaction.atomic
def register_units(names: Sequence[str], *, actor: Actor, region: Region) -> list[Unit]:
    """Register units under drawn codes, after those that exist."""
    last = Unit.objects.aggregate(last=Max("order"))["last"] or 0
    codes = set(Unit.objects.values_list("code", flat=True))
    free = (f"u{number:03d}" for number in range(1, len(codes) + len(names) + 1))
    fresh = (code for code in free if code not in codes)
    made = [
        Unit.objects.create(code=next(fresh), name=name, region=region, order=last + place)
        for place, name in enumerate(names, 1)
    ]
    for unit in made:
        write_line(unit, actor=actor, verb="unit.register", label="登记单位", text=unit.name)
    return made
