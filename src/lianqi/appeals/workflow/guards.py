"""Conditions and needs of the appeal's steps; each answers None or a sentence of refusal."""

from collections.abc import Mapping
from typing import Any

from lianqi.appeals.enums import AppealState as S
from lianqi.appeals.enums import Outcome
from lianqi.appeals.models import CallbackSample
from lianqi.appeals.workflow.promises import promise_is_open, promise_may_move, refuse_day
from lianqi.kernel.clock import local, now, today
from lianqi.kernel.errors import Refusal
from lianqi.kernel.limits import time_limit
from lianqi.kernel.models import Duty, JournalEntry
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.workdays import calendar

Given = Mapping[str, Any]
_FINAL = (S.CLOSED, S.DECLINED, S.MERGED, S.WITHDRAWN)
_ANSWERED = (S.ANSWERED, S.RATED, S.DISSATISFIED, S.ESCALATED)


def was_accepted_before_supplement(appeal: Any) -> str | None:
    """An appeal that waits for supplements after its acceptance is not accepted a second time."""
    if appeal.state == S.SUPPLEMENT and appeal.resume_state != S.SUBMITTED:
        return "这件诉求已经受理，正等企业补充材料。"
    return None


def route_is_given(appeal: Any, given: Given) -> str | None:
    """A refusal tells the firm where to go instead (附件1 四（一）)."""
    if not given.get("route", "").strip():
        return Refusal("不予受理要告诉企业可走的途径，请填写“建议途径”。", "route")
    return None


def into_is_open(appeal: Any, given: Given) -> str | None:
    """Appeals are merged into one whose answer is still to come."""
    into = given["into"]
    if into.pk == appeal.pk:
        return Refusal("不能并入自己，请填写另一件诉求的编号。", "into")
    if into.state in _FINAL:
        return Refusal(
            f"{into.number}已是“{into.get_state_display()}”，不能并入，请另选一件在办的诉求。",
            "into",
        )
    if into.state in _ANSWERED:
        return Refusal(
            f"{into.number}已经答复，并入后得不到答复；请受理后直接答复，或另选一件在办的诉求。",
            "into",
        )
    return None


def units_differ(appeal: Any, given: Given) -> str | None:
    """The lead unit is not at the same time its own helper."""
    if given["lead_unit"] in given.get("co_units", ()):
        return Refusal("主办单位不能同时是协办单位，请从协办单位中去掉它。", "co_units")
    return None


def answer_is_given(appeal: Any, given: Given) -> str | None:
    """An answer says something."""
    return None if given.get("reply", "").strip() else Refusal("请写明答复内容。", "reply")


def promised_day_fits(appeal: Any, given: Given) -> str | None:
    """A planned outcome names its day in the future; other outcomes may."""
    day = given.get("promised_on")
    if given.get("outcome") == Outcome.PLANNED and day is None and not given.get("promises"):
        return Refusal("结果是“列入计划”时必须写承诺日期，到期系统会提醒复核。", "promised_on")
    return refuse_day(day, "promised_on") if day is not None else None


def may_still_return(appeal: Any) -> str | None:
    """A unit may return an order once, within the limit; after that the first receiver handles it."""
    if appeal.returns.exists():
        return "每件诉求只能退单一次，本件已经退过，请签收办理（首接负责）。"
    limit = time_limit("appeal.return", appeal.dispatched_at).limit
    try:
        last = calendar().deadline(appeal.dispatched_at, limit)
    except LookupError as missing:
        return str(missing.args[0])
    if now() >= last.red_at:
        return (
            f"退单时限已过（{local(last.due_at):%m月%d日 %H:%M}前可退），请签收办理（首接负责）。"
        )
    return None


def ruling_names_unit(appeal: Any, given: Given) -> str | None:
    """An upheld return names the unit that handles it instead."""
    if not given["upheld"]:
        return None
    unit = given.get("lead_unit")
    if unit is None:
        return Refusal("退单成立时要改派单位，请选择新的主办单位。", "lead_unit")
    if unit.pk == appeal.lead_unit_id:
        return Refusal("改派的单位与退单单位相同，请另选。", "lead_unit")
    return None


def answer_duty(appeal: Any) -> Duty | None:
    """Return the live duty to answer the firm, if there is one."""
    live = [DutyState.OPEN, DutyState.PAUSED]
    return Duty.objects.about(appeal).filter(key="request_closing", state__in=live).first()


def not_extended_yet(appeal: Any) -> str | None:
    """An extension is asked for once an appeal, in whatever round, and before the deadline."""
    if appeal.extensions.exists():
        return "延期只能申请一次，本件已经申请过。"
    duty = answer_duty(appeal)
    if duty is not None and duty.due_at is not None and now() > duty.due_at:
        return f"延期要在到期（{local(duty.due_at):%m月%d日 %H:%M}）之前申请，现在已过期。"
    return None


def extension_is_pending(appeal: Any) -> str | None:
    """There is a request to decide on."""
    if appeal.extensions.filter(approved=None).exists():
        return None
    return "没有待批复的延期申请。"


def days_within_ceiling(appeal: Any, given: Given) -> str | None:
    """An extension stays within its own limit and within the ceiling of the whole."""
    most = time_limit("appeal.extension").amount
    if given["days"] < 1:
        return Refusal("延期至少1个工作日。", "days")
    if given["days"] > most:
        return Refusal(f"延期最多{most}个工作日，您填了{given['days']}个。", "days")
    closing = "appeal.redo" if appeal.round > 1 else f"appeal.close.{appeal.kind}"
    ceiling, usual = time_limit("appeal.ceiling").amount, time_limit(closing).amount
    if usual + given["days"] > ceiling:
        return Refusal(
            f"办理总时限不超过{ceiling}个工作日，最多还能延{ceiling - usual}个。", "days"
        )
    return None


def opinion_still_owed(appeal: Any) -> str | None:
    """Each helper speaks once a round; later additions belong to the lead unit's reply."""
    if appeal.cohandlers.filter(active=True, opinion_at=None).exists():
        return None
    return "协办意见都已提交。"


def first_redo(appeal: Any) -> str | None:
    """A bad answer is redone once; after that the task force takes over."""
    if appeal.round > 1:
        return "已经重办过一次，再次不满意的要由专班研究。"
    return None


def callback_done_or_window_over(appeal: Any) -> str | None:
    """Silence is waited for, or the firm is called, before an unrated appeal is filed away."""
    if appeal.state != S.ANSWERED:
        return None
    if appeal.callbacks.filter(round=appeal.round).exists():
        return None
    window = Duty.objects.about(appeal).filter(key="rate", state=DutyState.OPEN).first()
    if window is not None and window.due_at is not None and now() <= window.due_at:
        return f"企业还可评价到{local(window.due_at):%m月%d日}；要先归档请先回访。"
    return None


def said_why(appeal: Any, given: Given) -> str | None:
    """Closing against the firm's opinion needs the reason in writing."""
    if appeal.state in (S.DISSATISFIED, S.ESCALATED) and not given.get("note", "").strip():
        return Refusal("企业不满意而办结的，请写明核实情况和理由。", "note")
    return None


def is_sampled(appeal: Any) -> str | None:
    """A closed appeal is called back once, if it was drawn for it."""
    if appeal.state != S.CLOSED or open_sample(appeal) is not None:
        return None
    return "这件诉求没有待办的抽样回访。"


def open_sample(appeal: Any) -> CallbackSample | None:
    """Return the draw of this round that still waits for its call."""
    return appeal.samples.filter(round=appeal.round, callback=None).first()


def something_is_owed(appeal: Any) -> str | None:
    """There is an obligation to urge; in a closed appeal only a promise or a drawn call can be one."""
    if appeal.state != S.CLOSED or open_sample(appeal) is not None:
        return None
    if promise_is_open(appeal) and promise_may_move(appeal):
        return "现在没有待办的责任事项，不用催办。"
    return None


def may_still_seal(appeal: Any) -> str | None:
    """What a unit has seen cannot be taken back: the seal comes before the dispatch."""
    if appeal.sealed:
        return "这件诉求已经保密。"
    if appeal.dispatched_at is not None:
        return "已经派单，承办单位已看到企业名称，不能再保密。"
    return None


def is_sealed(appeal: Any) -> str | None:
    """There is a seal to lift."""
    return None if appeal.sealed else "这件诉求没有要求保密。"


def a_file_is_withheld(appeal: Any) -> str | None:
    """There is a file of a sealed appeal that no unit can see yet."""
    if appeal.sealed and appeal.sealed_files.filter(released=None).exists():
        return None
    return "没有待放行的附件。"


def not_nudged_today(appeal: Any) -> str | None:
    """The firm may press once a day."""
    nudges = JournalEntry.objects.about(appeal).filter(verb="appeal.nudge").order_by("-seq")
    last = nudges.values_list("at", flat=True).first()
    if last is not None and local(last).date() == today():
        return "今天已经催过一次，办理单位已收到提醒。"
    return None
