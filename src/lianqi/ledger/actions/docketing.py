"""立项与交办: an item is drafted from what gave rise to it, docketed, and put on a unit's desk."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import models, transaction

from lianqi.kernel.access import SYSTEM, Actor
from lianqi.kernel.clock import local, today
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.files import attach
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.numbering import next_number
from lianqi.kernel.outbox import Channel, enqueue
from lianqi.kernel.uploads import CleanFile
from lianqi.ledger.actions.papers import deadline_in_words, issue_assignment
from lianqi.ledger.enums import ItemSource, Period, Recurs
from lianqi.ledger.models import Item, ItemUnit, Milestone
from lianqi.ledger.workflow import ITEM
from lianqi.organisation.access import unit_desk
from lianqi.organisation.enums import Post
from lianqi.organisation.models import Unit

TITLE_MOST = 120
QUARTERS = "一二三四"


@transaction.atomic
def draft_item(
    *,
    actor: Actor,
    title: str,
    source: str,
    lead_unit: Unit,
    units: Iterable[Unit] = (),
    text: str = "",
    origin: models.Model | None = None,
    deadline_text: str = "",
    dates: Sequence[date] = (),
    recurs: str = Recurs.NEVER,
    period: str = Period.MONTHLY,
    year: int | None = None,
    programme: str = "",
    basis: str = "",
    issued_on: date | None = None,
    unknown_units: Sequence[str] = (),
    previous: Item | None = None,
    mark: str = "",
    percent: int = 0,
) -> Item:
    """Draft an item for one year; the last of its dates is its day, the earlier ones are milestones.

    ``origin`` is the record it was born from: the same record and year give the same item again,
    whoever asks. ``mark`` does the same for a row of an imported ledger, whose progress so far is
    ``percent``. Without dates it is open-ended (持续推进), and owes check-ins.

    Raises:
        NotPermitted: the actor may not draft.
        RuleBroken: the dates lie in several years (``draft_series`` splits them).
    """
    days = sorted(set(dates))
    if days and days[0].year != days[-1].year:
        raise RuleBroken("一件事项只管一个年度的时限；跨年的请按年度分别立项。", field="dates")
    year = year or (days[-1].year if days else today().year)
    known = _already_drafted(origin, mark, year)
    if known is not None:
        return known
    item = Item(
        title=title[:TITLE_MOST],
        text=text,
        source=source,
        origin_type=origin._meta.label_lower if origin is not None else "",
        origin_id=origin.pk if origin is not None else None,
        basis=basis,
        issued_on=issued_on,
        programme=programme,
        lead_unit=lead_unit,
        unknown_units=list(unknown_units),
        deadline_text=deadline_text,
        due_on=days[-1] if days else None,
        recurs=recurs,
        period=period,
        year=year,
        previous=previous,
        mark=mark,
        percent=percent,
        drafted_by=actor if actor is not SYSTEM else None,
    )
    item.backfilled = is_backfilled(item)
    with ITEM.starting("draft", item, actor=actor) as step:
        item.drafted_at = step.at
        item.number = f"DB{year}-{next_number('ledger_item', year):04d}"
        step.says(f"拟立项：{item.title}（{ItemSource(source).label}）")
    _share(item, units)
    _mark_days(item, days[:-1])
    return item


def draft_series(*, dates: Sequence[date] = (), year: int | None = None, **item: Any) -> list[Item]:
    """Draft one item for each year that the dates name, each with the one before beside it."""
    by_year: dict[int, list[date]] = {}
    for day in sorted(set(dates)):
        by_year.setdefault(day.year, []).append(day)
    if not by_year:
        return [draft_item(year=year, **item)]
    drafted: list[Item] = []
    for own_year, days in by_year.items():
        before = drafted[-1] if drafted else item.get("previous")
        drafted.append(draft_item(**{**item, "dates": days, "year": own_year, "previous": before}))
    return drafted


@transaction.atomic
def enter_item(*, actor: Actor, files: Sequence[CleanFile] = (), **item: Any) -> list[Item]:
    """Draft by hand what a leader instructs or a document orders, with its papers."""
    drafted = draft_series(actor=actor, **item)
    for one in drafted:
        attach(one, files, actor=actor, audience=Audience.INTERNAL)
    return drafted


def is_backfilled(item: Item) -> bool:
    """Whether its day was over before the document that orders it was issued (补录)."""
    return bool(item.due_on and item.issued_on and item.due_on < item.issued_on)


def _already_drafted(origin: models.Model | None, mark: str, year: int) -> Item | None:
    if mark:
        return Item.objects.filter(mark=mark, year=year).first()
    if origin is None:
        return None
    rows = Item.objects.filter(origin_type=origin._meta.label_lower, origin_id=origin.pk, year=year)
    return rows.first()


def _share(item: Item, units: Iterable[Unit]) -> None:
    """Write who leads and who shares; the lead unit stands once."""
    others = {unit.pk: unit for unit in units if unit.pk != item.lead_unit_id}
    rows = [(item.lead_unit, True), *((unit, False) for unit in others.values())]
    ItemUnit.objects.bulk_create(
        ItemUnit(item=item, unit=unit, leads=leads, stage=item.state, sort_on=item.sort_on)
        for unit, leads in rows
    )


def _mark_days(item: Item, days: Sequence[date]) -> None:
    Milestone.objects.bulk_create(
        Milestone(item=item, due_on=day, label=_label(item, day, place))
        for place, day in enumerate(days)
    )


def _label(item: Item, day: date, place: int) -> str:
    if item.recurs == Recurs.QUARTERLY:
        return f"第{QUARTERS[(day.month - 1) // 3]}季度"
    if item.recurs == Recurs.MONTHLY:
        return f"{day.month}月"
    return f"第{place + 1}期"


@transaction.atomic
def redraft_item(
    item: Item,
    *,
    actor: Actor,
    title: str,
    text: str,
    lead_unit: Unit,
    units: Iterable[Unit],
    deadline_text: str,
    due_on: date | None,
    period: str,
    programme: str,
) -> Item:
    """Change a draft before it is docketed."""
    with ITEM.taking("redraft", item, actor=actor) as step:
        item.title, item.text, item.lead_unit = title, text, lead_unit
        item.deadline_text, item.due_on = deadline_text, due_on
        item.period, item.programme = period, programme
        item.year = due_on.year if due_on else item.year
        item.backfilled = is_backfilled(item)
        item.shares.all().delete()
        _share(item, units)
        step.says("修改拟立项内容。")
    return item


def docket_item(item: Item, *, actor: Actor) -> Item:
    """Take a draft into the ledger (A1-7-2-2)."""
    with ITEM.taking("docket", item, actor=actor) as step:
        item.docketed_at = step.at
        step.says(
            f"立项：牵头{item.lead_unit}，时限{deadline_in_words(item)}{'（补录）' if item.backfilled else ''}。"
        )
    return item


def assign_item(item: Item, *, actor: Actor, note: str = "") -> Item:
    """Put a docketed item on its units' desks; the lead unit owes its signature."""
    with ITEM.taking("assign", item, actor=actor) as step:
        item.assigned_at = step.at
        issue_assignment(item, actor=actor, note=note)
        step.says(f"交办{item.lead_unit}{note and f'：{note}'}", note=note)
        for share in item.shares.filter(leads=False).select_related("unit"):
            enqueue(
                Channel.DESK,
                unit_desk(share.unit, Post.LIAISON).key,
                title=f"贵单位是责任单位：{item}",
                text=f"由{item.lead_unit}牵头，时限{deadline_in_words(item)}。请配合办理并报送进展。",
                url=item.get_absolute_url(),
            )
    return item


def cancel_item(item: Item, *, actor: Actor, reason: str) -> Item:
    """Take an item off the ledger without its being done; the reason stands in the record."""
    with ITEM.taking("cancel", item, actor=actor, reason=reason) as step:
        step.says(f"撤项：{reason}", reason=reason)
    return item


@transaction.atomic
def amend_item(
    item: Item,
    *,
    actor: Actor,
    basis: str,
    title: str,
    text: str,
    lead_unit: Unit,
    units: Iterable[Unit],
    unknown_units: Sequence[str],
    deadline_text: str,
    dates: Sequence[date],
    recurs: str,
) -> Item:
    """Take over into the ledger what a newer version says of an item; ``basis`` names that version.

    What was reached stays reached. Another lead unit begins anew: its order is to be given.

    Raises:
        StepUnfit: the item is being closed, or is finished.
    """
    days = sorted(set(dates))
    with ITEM.taking("amend", item, actor=actor, lead_unit=lead_unit) as step:
        before = f"牵头{item.lead_unit}，时限{deadline_in_words(item)}"
        if lead_unit.pk != item.lead_unit_id:
            item.owner = item.assigned_at = item.signed_at = None
        item.title, item.text, item.lead_unit = title, text, lead_unit
        item.unknown_units, item.recurs = list(unknown_units), recurs
        item.deadline_text, item.due_on = deadline_text, days[-1] if days else None
        item.year = days[-1].year if days else item.year
        item.backfilled = is_backfilled(item)
        item.shares.all().delete()
        _share(item, units)
        item.milestones.filter(reached_at=None).delete()
        reached = set(item.milestones.values_list("due_on", flat=True))
        _mark_days(item, [day for day in days[:-1] if day not in reached])
        now_said = f"牵头{item.lead_unit}，时限{deadline_in_words(item)}"
        step.says(f"按《{basis}》更正：原为{before}；现为{now_said}。", before=before, now=now_said)
    return item


@transaction.atomic
def draft_next_year(item: Item, *, actor: Actor, year: int) -> Item:
    """Draft a recurring item for another year, with this year's record beside it."""
    shift = year - item.year
    days = [milestone.due_on for milestone in item.milestones.all()]
    days += [item.due_on] if item.due_on else []
    return draft_item(
        actor=actor,
        title=item.title,
        text=item.text,
        source=item.source,
        lead_unit=item.lead_unit,
        units=[share.unit for share in item.shares.select_related("unit")],
        origin=item,
        deadline_text=item.deadline_text,
        dates=[_in_year(day, day.year + shift) for day in days],
        recurs=item.recurs,
        period=item.period,
        year=year,
        programme=item.programme,
        basis=item.basis,
        issued_on=item.issued_on,
        unknown_units=item.unknown_units,
        previous=item,
    )


def _in_year(day: date, year: int) -> date:
    """Return the same day of another year; the last of February stays the last."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def in_time(item: Item) -> bool | None:
    """Whether it was finished by its day; None where no day binds it, or it is not finished."""
    if item.due_on is None or item.backfilled or item.completed_at is None:
        return None
    return local(item.completed_at).date() <= item.due_on
