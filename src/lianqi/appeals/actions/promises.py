"""Promises to the firm: made with an answer, checked on their day, moved with a reason, denied."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from lianqi.appeals.actions.judging import reopen_appeal
from lianqi.appeals.actions.sealing import without_identity
from lianqi.appeals.enums import AppealState, PromiseFate
from lianqi.appeals.models import Appeal, Promise
from lianqi.appeals.workflow import APPEAL
from lianqi.appeals.workflow.promises import deniable_promises, movable_promises, open_promises
from lianqi.engines.promises import find_promises
from lianqi.engines.worktime.explanation import date_text
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import today
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue
from lianqi.kernel.workflow import Taking
from lianqi.organisation.access import office_desk, unit_desk
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import Unit

Promised = Mapping[str, Any]  # {"text": str, "on": date}


def draft_promises(appeal: Appeal, promised_on: date | None, promises: Sequence[Promised]) -> None:
    """Keep with a drafted answer what it promises; the firm has it once the answer goes out."""
    wanted = [{"text": promise["text"].strip(), "on": promise["on"]} for promise in promises]
    if promised_on is not None and promised_on not in [promise["on"] for promise in wanted]:
        wanted.append({"text": _words_for(appeal.reply, promised_on), "on": promised_on})
    wanted.sort(key=lambda promise: promise["on"])
    appeal.promised_on = wanted[0]["on"] if wanted else None
    appeal.promise_kept = None
    appeal.promises_drafted = [
        {"text": promise["text"], "on": promise["on"].isoformat()} for promise in wanted
    ]


def _words_for(reply: str, day: date) -> str:
    """Return the answer's own words for a day, else a plain sentence."""
    for found in find_promises(reply, today()):
        if found.on == day:
            return found.text
    return f"承诺{date_text(day)}前落实。"


def give_drafted_promises(appeal: Appeal, step: Taking, *, unit: Unit | None) -> None:
    """Make the promises of the answer that goes out."""
    drafted = [
        {"text": promise["text"], "on": date.fromisoformat(promise["on"])}
        for promise in appeal.promises_drafted
    ]
    make_promises(appeal, step, drafted, unit=unit)
    appeal.promises_drafted = []


def make_promises(
    appeal: Appeal, step: Taking, promises: Sequence[Promised], *, unit: Unit | None
) -> None:
    """Enter promises that the firm is given in this step; their checks are owed from now on."""
    for promise in promises:
        Promise.objects.create(
            appeal=appeal,
            round=appeal.round,
            text=promise["text"],
            on=promise["on"],
            unit=unit,
            made_by=step.actor,
            made_at=step.at,
        )
    if promises:
        step.data["promises"] = [
            {"text": promise["text"], "on": promise["on"].isoformat()} for promise in promises
        ]


def _mirror(appeal: Appeal) -> None:
    """Bring the appeal's own columns into line with the promises of its answer."""
    if appeal.answered_at is None:
        return
    given = appeal.promises.filter(round=appeal.round)  # type: ignore[attr-defined]
    waiting = given.with_fate(PromiseFate.OPEN).first()
    if waiting is not None:
        appeal.promised_on, appeal.promise_kept = waiting.on, None
    elif decided := list(given.exclude(kept=None)):
        appeal.promised_on = decided[-1].on
        appeal.promise_kept = all(promise.kept for promise in decided)


@without_identity
@transaction.atomic
def recheck_promise(
    appeal: Appeal,
    *,
    actor: Actor,
    kept: bool,
    note: str,
    promise: Promise | None = None,
    reopen: bool = False,
) -> Appeal:
    """Say whether what was promised for a day has been done; the next one due, if none is named.

    A broken promise is owed a new day and a reason by the lead unit's leader; ``reopen`` takes up
    a closed appeal again instead.

    Raises:
        RuleBroken: ``reopen`` was asked for a promise that was kept, or an appeal still open.
    """
    if reopen and (kept or appeal.state != AppealState.CLOSED):
        raise RuleBroken("只有已归档、承诺未兑现的诉求可以同时重启。", field="reopen")
    promise = promise or open_promises(appeal).first()
    with APPEAL.taking("recheck_promise", appeal, actor=actor, promise=promise) as step:
        promise = open_promises(appeal).get(pk=promise.pk)  # type: ignore[union-attr]
        promise.kept, promise.checked_at, promise.check_note = kept, step.at, note
        promise.reopened_at = None
        promise.save()
        _mirror(appeal)
        step.says(
            f"承诺{'已' if kept else '未'}兑现。{note}",
            kept=kept,
            promise=promise.pk,
            promised=str(promise),
        )
        if not kept and appeal.lead_unit is not None:
            # The leader gets the duty; whoever wrote the promise hears of it as well.
            enqueue(
                Channel.DESK,
                unit_desk(appeal.lead_unit, Post.LIAISON).key,
                title=f"承诺未兑现：{appeal}",
                text=f"“{promise.text}”（{date_text(promise.on)}）未兑现，请报分管领导重定日期并说明原因。",
                url=appeal.get_absolute_url(),
            )
    if reopen:
        reopen_appeal(appeal, actor=actor, reason=f"承诺未兑现：{promise.text}")
    return appeal


@without_identity
def move_promise(
    appeal: Appeal,
    *,
    actor: Actor,
    promised_on: date,
    reason: str,
    promise: Promise | None = None,
) -> Appeal:
    """Give the firm another day for a promise, with the reason; the old one stays in the ledger."""
    promise = promise or movable_promises(appeal).first()
    with APPEAL.taking(
        "move_promise", appeal, actor=actor, promise=promise, promised_on=promised_on
    ) as step:
        former = movable_promises(appeal).get(pk=promise.pk)  # type: ignore[union-attr]
        former.moved_to = Promise.objects.create(
            appeal=appeal,
            round=appeal.round,
            text=former.text,
            on=promised_on,
            unit=former.unit,
            made_by=actor,
            made_at=step.at,
        )
        former.save()
        _mirror(appeal)
        step.says(
            f"“{former.text}”由{date_text(former.on)}改到{date_text(promised_on)}。{reason}",
            promise=former.pk,
            promised_on=promised_on.isoformat(),
        )
    return appeal


@without_identity
def deny_promise(
    appeal: Appeal, *, actor: Actor, comment: str = "", promise: Promise | None = None
) -> Appeal:
    """Let the firm say that a promise was not kept: a check "kept" is done again at once."""
    promise = promise or deniable_promises(appeal).first()
    with APPEAL.taking("deny_promise", appeal, actor=actor, promise=promise) as step:
        denied = deniable_promises(appeal).get(pk=promise.pk)  # type: ignore[union-attr]
        denied.denied_at, denied.denial = step.at, comment
        if denied.kept:
            denied.kept, denied.reopened_at = None, step.at
        denied.save()
        _mirror(appeal)
        step.says(f"企业反映没有兑现：“{denied.text}”。{comment}", promise=denied.pk)
        if denied.reopened_at is None:
            # Its check is owed already; who owes it hears that the firm is waiting.
            enqueue(
                Channel.DESK,
                office_desk(BodyCode.TF3).key,
                title=f"企业反映承诺没有兑现：{appeal}",
                text=f"“{denied.text}”（{date_text(denied.on)}）。{comment}",
                url=appeal.get_absolute_url(),
            )
    return appeal
