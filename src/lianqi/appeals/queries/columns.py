"""The columns of the list of appeals: what each is called and what a cell says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianqi.appeals.queries.listing import AppealRow
from lianqi.kernel.clock import local
from lianqi.kernel.lists import ShapedList, shape_list


@dataclass(frozen=True)
class Column:
    """A column: its name on the page and (in Chinese) in the export, its width there, its words."""

    label: Any
    heading: str
    width: int
    text: Callable[[AppealRow], object]


def _moment(moment: datetime | None) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else ""


COLUMNS = {
    "number": Column(_("编号"), "编号", 16, lambda row: row.appeal.number),
    "title": Column(_("诉求"), "标题", 40, lambda row: row.appeal.title),
    "firm": Column(_("企业"), "企业", 30, lambda row: row.identity.name),
    "contact": Column(_("联系人"), "联系人", 10, lambda row: row.identity.contact_name),
    "phone": Column(_("联系电话"), "联系电话（掩码）", 16, lambda row: row.identity.contact_phone),
    "kind": Column(_("类别"), "类别", 8, lambda row: row.appeal.get_kind_display()),
    "channel": Column(_("渠道"), "渠道", 8, lambda row: row.appeal.get_channel_display()),
    "urgent": Column(_("紧急"), "紧急", 6, lambda row: _("紧急") if row.appeal.urgent else ""),
    "state": Column(_("状态"), "状态", 14, lambda row: row.appeal.get_state_display()),
    "unit": Column(_("主办单位"), "主办单位", 20, lambda row: row.unit_name),
    "next": Column(_("下一步"), "下一步", 34, lambda row: row.next_step),
    "left": Column(_("剩余或逾期"), "剩余或逾期", 22, lambda row: row.remaining_text),
    "submitted": Column(
        _("提交时间"), "提交时间", 17, lambda row: _moment(row.appeal.submitted_at)
    ),
    "dispatched": Column(
        _("派单时间"), "派单时间", 17, lambda row: _moment(row.appeal.dispatched_at)
    ),
    "due": Column(_("到期"), "到期时间", 17, lambda row: _moment(row.due_at)),
    "promised_at": Column(
        _("承诺企业时间"), "承诺企业时间", 17, lambda row: _moment(row.appeal.due_at)
    ),
    "answered": Column(_("答复时间"), "答复时间", 17, lambda row: _moment(row.appeal.answered_at)),
    "closed": Column(_("办结时间"), "办结时间", 17, lambda row: _moment(row.appeal.closed_at)),
    "outcome": Column(_("办理结果"), "办理结果", 16, lambda row: row.appeal.get_outcome_display()),
    "round": Column(_("办理轮次"), "办理轮次", 8, lambda row: row.appeal.round),
    "promised": Column(_("承诺日期"), "承诺日期", 12, lambda row: row.appeal.promised_on or ""),
}
# Cells that the page composes of several; any other column shows its words as they are.
COMPOSED = ("number", "title", "firm", "state", "next", "due", "submitted")
APPEAL_LIST = shape_list(
    ShapedList(
        key="appeals",
        url_name="appeals:appeal_list",
        may="appeals.view_list",
        columns={key: column.label for key, column in COLUMNS.items()},
        shown_first=COMPOSED,
        fixed=("title",),
    )
)
