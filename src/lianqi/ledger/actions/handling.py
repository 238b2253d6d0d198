"""In the unit: signing, reporting, milestones, more time, explanations."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from lianqi.kernel.access import SYSTEM, Actor
from lianqi.kernel.clock import local
from lianqi.kernel.errors import RuleBroken, StepUnfit
from lianqi.kernel.files import attach
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.uploads import CleanFile
from lianqi.ledger.access import working_units, works_for
from lianqi.ledger.enums import ItemState
from lianqi.ledger.models import DeadlineExtension, Item, ProgressReport
from lianqi.ledger.workflow import ITEM
from lianqi.ledger.workflow.periods import period_end, period_label, period_of
from lianqi.organisation.models import User


def sign_item(item: Item, *, actor: Actor, owner: User | None) -> Item:
    """Receive an item and name the person it is put on (落实到具体人, A3-5-4-1)."""
    with ITEM.taking("sign", item, actor=actor, owner=owner) as step:
        item.owner, item.signed_at = owner, step.at
        step.says(f"签收，具体责任人{owner}。")
    return item


def hand_item_to(item: Item, *, actor: Actor, owner: User | None) -> Item:
    """Put the item on another person of the unit."""
    with ITEM.taking("hand_to", item, actor=actor, owner=owner) as step:
        before, item.owner = item.owner, owner
        step.says(f"责任人由{before}改为{owner}。")
    return item


def release_owner(item: Item, *, actor: Actor) -> Item:
    """Give what is owed back to the liaison's desk, when the item's person has left the unit (A1-R-3)."""
    with ITEM.taking("release_owner", item, actor=actor) as step:
        before, item.owner = item.owner, None
        step.says(f"责任人{before}已离任，在办事项交回{item.lead_unit}联络员，请重新指定责任人。")
    return item


def release_items_of(owner: User) -> int:
    """Release all that is put on a person and whose unit he has left; return how many."""
    released = 0
    held = Item.objects.filter(owner=owner, state=ItemState.UNDERWAY).select_related("lead_unit")
    for item in held.order_by("pk"):
        if not works_for(owner, item.lead_unit_id):
            with suppress(StepUnfit):  # handed to somebody else a moment ago
                release_owner(item, actor=SYSTEM)
                released += 1
    return released


def return_item(item: Item, *, actor: Actor, basis: str) -> Item:
    """Send an order back that is another unit's by its duties; the office decides anew."""
    with ITEM.taking("return_item", item, actor=actor, basis=basis) as step:
        item.assigned_at = None
        step.says(f"退回交办：{basis}", basis=basis)
    return item


def report_progress(
    item: Item, *, actor: Actor, percent: int, text: str, files: Sequence[CleanFile] = ()
) -> Item:
    """Say how far the item is in this period; a sharing unit's report leaves the duty with the lead."""
    with ITEM.taking("report_progress", item, actor=actor, text=text) as step:
        units = working_units(actor)
        leads = item.lead_unit_id in units
        own = (
            item.shares.filter(unit_id__in=units).select_related("unit").order_by("-leads").first()
        )
        if own is None:
            raise RuleBroken("您的单位不是这件事项的责任单位。")
        day = local(step.at).date()
        period = period_of(day, item.period)
        ProgressReport.objects.create(
            item=item,
            unit=own.unit,
            period=period,
            percent=percent,
            text=text,
            reported_by=actor,
            reported_at=step.at,
            in_time=day <= period_end(period),
        )
        if leads:
            item.percent, item.reported_at = percent, step.at
        step.says(
            f"{own.unit}报送{period_label(period)}进展（{percent}%）：{text}", percent=percent
        )
    attach(item, files, actor=actor, audience=Audience.INTERNAL, line=step.line)
    return item


def reach_milestone(
    item: Item, *, actor: Actor, note: str = "", files: Sequence[CleanFile] = ()
) -> Item:
    """Report the next milestone as reached."""
    with ITEM.taking("reach_milestone", item, actor=actor) as step:
        milestone = item.milestones.filter(reached_at=None).earliest("due_on")
        milestone.reached_at, milestone.note = step.at, note
        milestone.save(update_fields=["reached_at", "note"])
        step.says(f"完成节点{milestone}{note and f'：{note}'}")
    attach(item, files, actor=actor, audience=Audience.INTERNAL, line=step.line)
    return item


def request_extension(item: Item, *, actor: Actor, to_day: date, reason: str) -> Item:
    """Ask for another day before the old one is over; the unit's leader signs, the office decides."""
    with ITEM.taking("request_extension", item, actor=actor, to_day=to_day, reason=reason) as step:
        DeadlineExtension.objects.create(
            item=item,
            from_day=item.due_on or to_day,
            to_day=to_day,
            reason=reason,
            requested_by=actor,
            requested_at=step.at,
        )
        step.says(f"申请由{item.due_on}延至{to_day}：{reason}", to_day=str(to_day))
    return item


def sign_extension(item: Item, *, actor: Actor) -> Item:
    """Vouch for the request as the unit's leader in charge."""
    with ITEM.taking("sign_extension", item, actor=actor) as step:
        request = item.extensions.get(approved=None, signed_at=None)
        request.signed_by, request.signed_at = actor, step.at
        request.save(update_fields=["signed_by", "signed_at"])
        step.says(f"签批延期申请（延至{request.to_day}）。")
    return item


def decide_extension(item: Item, *, actor: Actor, approve: bool, note: str = "") -> Item:
    """Grant or refuse the other day."""
    with ITEM.taking("decide_extension", item, actor=actor) as step:
        request = item.extensions.get(approved=None, signed_at__isnull=False)
        request.approved, request.note, request.decided_at = approve, note, step.at
        request.save(update_fields=["approved", "note", "decided_at"])
        if approve:
            item.due_on = request.to_day
        verdict = f"同意延至{request.to_day}。" if approve else f"不同意延期，仍为{item.due_on}。"
        step.says(f"{verdict}{note}", approve=approve)
    return item


def explain_delay(item: Item, *, actor: Actor, reason: str) -> Item:
    """Say why it is late: with an explanation it does not turn dark red."""
    with ITEM.taking("explain_delay", item, actor=actor, reason=reason) as step:
        item.explained_at = step.at
        step.says(f"逾期说明：{reason}", reason=reason)
    return item


def turn_period(item: Item, *, actor: Actor) -> Item:
    """Let a period end in which nothing was reported: the duty lapses, and the next one begins."""
    with ITEM.taking("turn_period", item, actor=actor) as step:
        step.says(
            f"进入{period_label(period_of(local(step.at).date(), item.period))}报送期，上期没有报送。"
        )
    return item
