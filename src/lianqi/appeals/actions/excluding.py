"""剔除台账: applying for an exclusion, deciding on it, taking it back. Each act leaves its line."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from lianqi.appeals.actions.facts import keep_facts
from lianqi.appeals.enums import ExclusionReason, RateKey
from lianqi.appeals.models import Appeal, CaseFact, Exclusion
from lianqi.appeals.workflow import EXCLUSION
from lianqi.appeals.workflow.covering import covered
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import local
from lianqi.kernel.errors import RuleBroken, StepUnfit
from lianqi.kernel.files import attach
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.numbering import next_number
from lianqi.kernel.uploads import CleanFile
from lianqi.kernel.workflow import Taking


def counted_fact(appeal: Appeal) -> CaseFact:
    """Return the facts by which an appeal counts in the rates; StepUnfit if it counts in none."""
    fact = CaseFact.objects.filter(appeal=appeal).first()
    if fact is None:
        raise StepUnfit("这件诉求没有派单，不计入三率，不用剔除。")
    return fact


@transaction.atomic
def apply_exclusion(
    appeal: Appeal,
    *,
    actor: Actor,
    rate: str,
    reason: str,
    text: str,
    files: Sequence[CleanFile],
) -> Exclusion:
    """Ask that one appeal be left out of one rate; the task force's head owes the decision.

    Raises:
        StepUnfit: the appeal is in no rate.
        RuleBroken: it has no evidence, or is already in the ledger for the rate.
    """
    text = covered(appeal, text)
    fact = counted_fact(appeal)
    if not files:
        raise RuleBroken("剔除要有佐证材料，请上传附件。", field="files")
    exclusion = Exclusion(
        appeal=appeal, unit_id=fact.unit_id, rate=rate, reason=reason, text=text, filed_by=actor
    )
    try:
        # A savepoint: PostgreSQL accepts nothing more after a refused row.
        with transaction.atomic(), EXCLUSION.starting("apply", exclusion, actor=actor) as step:
            exclusion.filed_at = step.at
            year = local(step.at).year
            exclusion.number = f"TC{year}-{next_number('exclusion', year):04d}"
            step.says(
                f"{appeal.number}申请不计入{RateKey(rate).label}：{ExclusionReason(reason).label}。{text}",
                appeal=appeal.number,
                rate=rate,
                reason=reason,
            )
    except IntegrityError as taken:
        raise RuleBroken(
            "这件诉求的这项指标已有剔除申请，请到剔除台账查看。", field="rate"
        ) from taken
    attach(exclusion, files, actor=actor, audience=Audience.INTERNAL, line=step.line)
    return exclusion


@transaction.atomic
def approve_exclusion(exclusion: Exclusion, *, actor: Actor, note: str = "") -> Exclusion:
    """Leave the appeal out of the rate; whoever applied cannot approve."""
    with EXCLUSION.taking("approve", exclusion, actor=actor) as step:
        _decide(exclusion, step, note or "同意。")
    keep_facts(exclusion.appeal)
    return exclusion


def refuse_exclusion(exclusion: Exclusion, *, actor: Actor, note: str) -> Exclusion:
    """Keep the appeal in the rate, with the reason."""
    with EXCLUSION.taking("refuse", exclusion, actor=actor, note=note) as step:
        _decide(exclusion, step, note)
    return exclusion


def retract_exclusion(exclusion: Exclusion, *, actor: Actor, note: str = "") -> Exclusion:
    """Take an application back before it is decided; the entry stays in the ledger."""
    with EXCLUSION.taking("retract", exclusion, actor=actor) as step:
        step.says(covered(exclusion.appeal, note) or "撤回申请。")
    return exclusion


@transaction.atomic
def revoke_exclusion(exclusion: Exclusion, *, actor: Actor, note: str) -> Exclusion:
    """Count the appeal again, with the reason; frozen figures stay as they were."""
    with EXCLUSION.taking("revoke", exclusion, actor=actor, note=note) as step:
        _decide(exclusion, step, note)
    keep_facts(exclusion.appeal)
    return exclusion


def _decide(exclusion: Exclusion, step: Taking, note: str) -> None:
    note = covered(exclusion.appeal, note)
    exclusion.decided_by, exclusion.decided_at, exclusion.decision = step.actor, step.at, note
    step.says(note)
