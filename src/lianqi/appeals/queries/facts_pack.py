"""The facts of one case for whoever must answer for it or ask about it: no score, no verdict.

The machine's hints about closings are left out on purpose: they are reasons for a call, not facts
about a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lianqi.appeals.models import Appeal, Exclusion, FactsPack
from lianqi.appeals.queries.identity import identity
from lianqi.appeals.queries.timeline import appeal_timeline, visible_files
from lianqi.kernel.access import may
from lianqi.kernel.clock import local
from lianqi.kernel.journal import verify_chain
from lianqi.kernel.language import in_record_language
from lianqi.kernel.models import ClockExtension, ClockPause, Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.templatetags.ui import filesize_zh
from lianqi.organisation.models import User

CLOSING_WORDS = "本材料只列系统记录的事实，不作评价，不作结论。"


@dataclass(frozen=True)
class Part:
    """A part of the pack: facts as pairs, a table, or lines."""

    title: str
    pairs: Sequence[tuple[str, str]] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    lines: Sequence[str] = ()


@dataclass(frozen=True)
class CaseFile:
    """Everything the document says, in order."""

    number: str
    title: str
    made: Sequence[tuple[str, str]]
    parts: Sequence[Part] = field(default_factory=list)
    end: str = CLOSING_WORDS


def case_file(user: User, pack: FactsPack) -> CaseFile:
    """Return the facts of the pack's case as this person may see them, phones masked."""
    appeal = pack.appeal
    with in_record_language():
        internal = may(user, "appeals.see_internal", appeal)
        parts = [_basics(user, appeal), _texts(appeal), _duties(appeal), _clocks(appeal)]
        if internal:
            parts += [_returns(appeal), _extensions(appeal), _callbacks(appeal)]
        parts += [_ratings(appeal), _exclusions(appeal), _course(user, appeal)]
        parts += [_files(user, appeal), _chain(appeal)]
        made = [
            ("材料编号", pack.number),
            ("生成人", pack.made_by.full_name),
            ("生成时间", _moment(pack.made_at)),
            ("用途", pack.purpose),
        ]
        return CaseFile(pack.number, f"{appeal.number} {appeal.title}", made, parts)


def _moment(at: datetime | None) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}" if at else ""


def _basics(user: User, appeal: Appeal) -> Part:
    whose = identity(user, appeal)
    helpers = appeal.cohandlers.filter(active=True).select_related("unit")  # type: ignore[attr-defined]
    facts = [
        ("编号", appeal.number),
        ("标题", appeal.title),
        ("状态", appeal.get_state_display()),
        ("类别", appeal.get_kind_display() + ("（紧急）" if appeal.urgent else "")),
        ("渠道", appeal.get_channel_display()),
        ("诉求主体", whose.name),
        ("联系人", whose.contact_name),
        ("联系电话（掩码）", str(whose.contact_phone or "")),
        ("主办单位", appeal.lead_unit.name if appeal.lead_unit else ""),
        ("协办单位", "、".join(helper.unit.name for helper in helpers)),
        ("办理轮次", f"第{appeal.round}轮"),
        ("提交时间", _moment(appeal.submitted_at)),
        ("受理时间", _moment(appeal.accepted_at)),
        ("派单时间", _moment(appeal.dispatched_at)),
        ("答复时间", _moment(appeal.answered_at)),
        ("办结时间", _moment(appeal.closed_at)),
        ("办理结果", appeal.get_outcome_display() if appeal.answered_at else ""),
    ]
    return Part("基本情况", pairs=[(label, value) for label, value in facts if value])


def _texts(appeal: Appeal) -> Part:
    told = [f"诉求：{appeal.content}"]
    if appeal.reply and appeal.answered_at:
        told.append(f"答复：{appeal.reply}")
    return Part("诉求和答复原文", lines=told)


def _became(duty: Duty) -> str:
    words = {
        DutyState.OPEN.value: "未办",
        DutyState.PAUSED.value: "暂停计时",
        DutyState.MOOT.value: "不再需要",
        DutyState.LAPSED.value: "到期未办，事情已往下走",
    }
    if duty.state in words:
        return words[duty.state] + ("（已过时限）" if duty.overdue else "")
    return "已办，在时限内" if duty.kept in (True, None) else "已办，超过时限"


def _duties(appeal: Appeal) -> Part:
    rows = [
        [
            duty.label,
            duty.holder_label,
            _moment(duty.started_at),
            _moment(duty.due_at) or "无期限",
            _moment(duty.closed_at),
            _became(duty) + (f"，催办{duty.urge_level}次" if duty.urge_level else ""),
        ]
        for duty in Duty.objects.about(appeal).filter(advisory=False).order_by("opened_at", "pk")
    ]
    head = ["事项", "责任岗位", "起算", "到期", "了结", "情况"]
    return Part("责任和时限", head=head, rows=rows)


def _clocks(appeal: Appeal) -> Part:
    """How each date was reckoned, and where the clock stood or was given days."""
    lines = [
        f"{duty.label}（{duty.holder_label}）：{''.join(line['text'] for line in duty.explanation)}"
        f"依据：{duty.limit_text}"
        for duty in Duty.objects.about(appeal).filter(advisory=False).order_by("opened_at", "pk")
        if duty.explanation
    ]
    lines += [
        f"停表：{_moment(pause.began_at)}至{_moment(pause.ended_at) or '今'}，{pause.reason}"
        for pause in ClockPause.objects.about(appeal).order_by("began_at")
    ]
    lines += [
        f"延期：{_moment(one.granted_at)}批准{one.days}个工作日，{one.reason}"
        for one in ClockExtension.objects.about(appeal).order_by("granted_at")
    ]
    return Part("时限算法", lines=lines)


def _returns(appeal: Appeal) -> Part:
    rows = [
        [
            order.unit.name,
            _moment(order.returned_at),
            order.basis,
            {None: "待裁定", True: "成立", False: "不成立"}[order.upheld],
            order.ruling,
        ]
        for order in appeal.returns.select_related("unit")  # type: ignore[attr-defined]
    ]
    return Part("退单和裁定", head=["单位", "时间", "依据", "裁定", "裁定理由"], rows=rows)


def _extensions(appeal: Appeal) -> Part:
    rows = [
        [
            f"第{one.round}轮",
            _moment(one.requested_at),
            f"{one.days}个工作日",
            one.reason,
            {None: "待批复", True: "同意", False: "不同意"}[one.approved],
            one.note,
        ]
        for one in appeal.extensions.all()  # type: ignore[attr-defined]
    ]
    head = ["轮次", "申请时间", "申请", "理由", "批复", "批复意见"]
    return Part("延期", head=head, rows=rows)


def _ratings(appeal: Appeal) -> Part:
    rows = [
        [
            f"第{rating.round}轮",
            _moment(rating.at),
            rating.get_level_display(),
            rating.get_source_display(),
            "；".join([*rating.reasons, rating.comment] if rating.comment else rating.reasons),
        ]
        for rating in appeal.ratings.all()  # type: ignore[attr-defined]
    ]
    return Part("企业评价", head=["轮次", "时间", "等级", "来源", "说明"], rows=rows)


def _callbacks(appeal: Appeal) -> Part:
    rows = [
        [
            f"第{call.round}轮",
            _moment(call.at),
            call.called_by.full_name,
            call.get_level_display() if call.level else "未表态",
            call.note,
        ]
        for call in appeal.callbacks.select_related("called_by")  # type: ignore[attr-defined]
    ]
    return Part("回访", head=["轮次", "时间", "回访人", "企业意见", "记录"], rows=rows)


def _exclusions(appeal: Appeal) -> Part:
    entries: Any = Exclusion.objects.filter(appeal=appeal).select_related("filed_by", "decided_by")
    rows = [
        [
            one.number,
            one.get_rate_display(),
            f"{one.get_reason_display()}：{one.text}",
            f"{one.filed_by.full_name} {_moment(one.filed_at)}",
            one.get_state_display(),
            f"{one.decided_by.full_name if one.decided_by else ''} {one.decision}".strip(),
        ]
        for one in entries.order_by("pk")
    ]
    head = ["编号", "指标", "原因", "申请", "状态", "审批"]
    return Part("剔除申请", head=head, rows=rows)


def _course(user: User, appeal: Appeal) -> Part:
    """Each step with its time, oldest first, as far as this person may read it."""
    entries = reversed(appeal_timeline(user, appeal))
    rows = [[_moment(one.at), str(one.label), one.actor_label, one.text] for one in entries]
    return Part("办理过程", head=["时间", "动作", "经办人", "内容"], rows=rows)


def _files(user: User, appeal: Appeal) -> Part:
    rows = [
        [file.name, filesize_zh(file.size), _moment(file.uploaded_at), file.sm3]
        for file in visible_files(user, appeal).order_by("pk")
    ]
    return Part("附件清单", head=["文件名", "大小", "上传时间", "SM3校验值"], rows=rows)


def _chain(appeal: Appeal) -> Part:
    verdict = verify_chain(appeal._meta.label_lower, appeal.pk)
    said = verdict.broken or f"记录链完整，共{verdict.lines}行，逐行校验一致。"
    return Part("办理记录校验", lines=[said])
