"""From the office to the units: dispatch, direct answer, signing, returning, ruling."""

from collections.abc import Sequence
from datetime import date

from lianqi.appeals.actions.answering import give_answer
from lianqi.appeals.actions.promises import Promised, draft_promises
from lianqi.appeals.actions.sealing import without_identity
from lianqi.appeals.models import Appeal, CoHandler, ReturnOrder
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import Actor
from lianqi.organisation.models import Unit


@without_identity
def dispatch_appeal(
    appeal: Appeal,
    *,
    actor: Actor,
    lead_unit: Unit,
    co_units: Sequence[Unit] = (),
    note: str = "",
) -> Appeal:
    """Send the appeal to a lead unit and its helpers; the answer's clock starts (A3-3-2)."""
    with APPEAL.taking(
        "dispatch", appeal, actor=actor, lead_unit=lead_unit, co_units=co_units
    ) as step:
        appeal.lead_unit = lead_unit
        appeal.dispatched_at = step.at
        appeal.clock_started_at = appeal.clock_started_at or step.at
        # Who helped in an earlier round, before a second dispatch, helps no more.
        appeal.cohandlers.filter(active=True).update(active=False)
        co_units = list(dict.fromkeys(co_units))
        CoHandler.objects.bulk_create(CoHandler(appeal=appeal, unit=unit) for unit in co_units)
        helpers = "、".join(unit.name for unit in co_units)
        step.says(
            f"主办：{lead_unit.name}{helpers and f'；协办：{helpers}'}",
            lead_unit=lead_unit.code,
            co_units=[unit.code for unit in co_units],
            note=note,  # 交办意见 is for the units: in the data, not in the words the firm reads
        )
    return appeal


@without_identity
def answer_directly(
    appeal: Appeal,
    *,
    actor: Actor,
    outcome: str,
    reply: str,
    promised_on: date | None = None,
    promises: Sequence[Promised] = (),
) -> Appeal:
    """Answer without dispatching, where the office knows the answer."""
    with APPEAL.taking(
        "answer_directly",
        appeal,
        actor=actor,
        outcome=outcome,
        reply=reply,
        promised_on=promised_on,
        promises=promises,
    ) as step:
        appeal.clock_started_at = appeal.clock_started_at or appeal.accepted_at
        appeal.outcome, appeal.reply = outcome, reply
        draft_promises(appeal, promised_on, promises)
        give_answer(appeal, step, unit=None)
        step.says(reply, outcome=outcome)
    return appeal


def sign_order(appeal: Appeal, *, actor: Actor) -> Appeal:
    """Sign for the order: the unit has it from here on."""
    with APPEAL.taking("sign", appeal, actor=actor) as step:
        appeal.signed_at = step.at
        step.says(f"{appeal.lead_unit}已签收。")
    return appeal


@without_identity
def return_order(appeal: Appeal, *, actor: Actor, basis: str) -> Appeal:
    """Send the order back once, saying on which duty list or rule that rests."""
    with APPEAL.taking("return_order", appeal, actor=actor) as step:
        ReturnOrder.objects.create(  # type: ignore[misc]  # what was dispatched has a lead unit
            appeal=appeal,
            unit=appeal.lead_unit,
            basis=basis,
            returned_by=actor,
            returned_at=step.at,
        )
        step.says(basis)
    return appeal


@without_identity
def rule_return(
    appeal: Appeal, *, actor: Actor, upheld: bool, note: str, lead_unit: Unit | None = None
) -> Appeal:
    """Rule on a return: another unit takes it, or the first receiver keeps it (首接负责).

    The ruling is kept as precedent. The answer's clock runs on: a dispute between units is not
    charged to the firm.
    """
    with APPEAL.taking(
        "rule_return", appeal, actor=actor, upheld=upheld, lead_unit=lead_unit
    ) as step:
        order = appeal.returns.get()
        order.upheld, order.ruling, order.ruled_at = upheld, note, step.at
        order.new_unit = lead_unit if upheld else None
        order.save()
        if upheld and lead_unit is not None:
            appeal.lead_unit = lead_unit
            appeal.cohandlers.filter(unit=lead_unit, active=True).update(active=False)
        appeal.dispatched_at = step.at
        verdict = (
            f"退单成立，改派{appeal.lead_unit}"
            if upheld
            else f"退单不成立，由{appeal.lead_unit}办理"
        )
        step.says(f"{verdict}。{note}", upheld=upheld)
    return appeal
