"""In the unit: contact, stage replies, helpers' opinions, extensions."""

from collections.abc import Sequence

from lianqi.appeals.access import handling_units
from lianqi.appeals.actions.promises import Promised, make_promises
from lianqi.appeals.actions.saying import say
from lianqi.appeals.actions.sealing import without_identity
from lianqi.appeals.enums import CommunicationKind
from lianqi.appeals.models import Appeal, ExtensionRequest
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import Actor
from lianqi.kernel.errors import StepUnfit
from lianqi.kernel.files import attach
from lianqi.kernel.models import ClockExtension
from lianqi.kernel.models.about import pointer
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.uploads import CleanFile


@without_identity
def record_contact(appeal: Appeal, *, actor: Actor, note: str) -> Appeal:
    """Record that the unit has called the firm and what was said."""
    with APPEAL.taking("record_contact", appeal, actor=actor) as step:
        appeal.contacted_at = appeal.contacted_at or step.at
        say(appeal, CommunicationKind.CONTACT, note, step=step, unit=appeal.lead_unit)
        step.says(note)
    return appeal


@without_identity
def report_stage(
    appeal: Appeal,
    *,
    actor: Actor,
    content: str,
    promises: Sequence[Promised] = (),
    files: Sequence[CleanFile] = (),
) -> Appeal:
    """Tell the firm how far the matter is, and what it is promised by when."""
    with APPEAL.taking("report_stage", appeal, actor=actor, promises=promises) as step:
        make_promises(appeal, step, promises, unit=appeal.lead_unit)
        say(appeal, CommunicationKind.STAGE, content, step=step, unit=appeal.lead_unit)
        step.says(content)
    attach(appeal, files, actor=actor, audience=Audience.ENTERPRISE, line=step.line)
    return appeal


@without_identity
def submit_opinion(
    appeal: Appeal, *, actor: Actor, content: str, files: Sequence[CleanFile] = ()
) -> Appeal:
    """Give the helping unit's opinion to the lead unit; internal, the lead unit answers the firm."""
    with APPEAL.taking("submit_opinion", appeal, actor=actor) as step:
        helper = (
            appeal.cohandlers.filter(
                active=True, opinion_at=None, unit_id__in=handling_units(actor)
            )
            .select_related("unit")
            .first()
        )
        if helper is None:
            raise StepUnfit("贵单位的协办意见已经提交过。")
        helper.opinion_at = step.at
        helper.save(update_fields=["opinion_at"])
        say(
            appeal,
            CommunicationKind.OPINION,
            content,
            step=step,
            unit=helper.unit,
            audience=Audience.INTERNAL,
        )
        step.says(content, unit=helper.unit.code)
    attach(appeal, files, actor=actor, audience=Audience.INTERNAL, line=step.line)
    return appeal


@without_identity
def request_extension(appeal: Appeal, *, actor: Actor, days: int, reason: str) -> Appeal:
    """Ask for more working days: once, before the deadline."""
    with APPEAL.taking("request_extension", appeal, actor=actor, days=days) as step:
        ExtensionRequest.objects.create(
            appeal=appeal,
            days=days,
            reason=reason,
            round=appeal.round,
            requested_by=actor,
            requested_at=step.at,
        )
        step.says(f"申请延期{days}个工作日：{reason}", days=days)
    return appeal


@without_identity
def decide_extension(appeal: Appeal, *, actor: Actor, approve: bool, note: str = "") -> Appeal:
    """Grant or refuse the extension; the firm is told with the reason."""
    with APPEAL.taking("decide_extension", appeal, actor=actor) as step:
        request = appeal.extensions.get(approved=None)
        request.approved, request.note, request.decided_at = approve, note, step.at
        request.save()
        if approve:
            ClockExtension.objects.create(
                **pointer(appeal),
                duty_key="request_closing",
                days=request.days,
                reason=request.reason[:200],
                granted_at=step.at,
            )
        # 批复意见 speaks to the unit: the firm reads the decision, and the reason of a longer wait.
        verdict = f"同意延期{request.days}个工作日。{request.reason}" if approve else "不同意延期。"
        step.says(verdict, approve=approve, days=request.days, note=note)
    return appeal
