"""The columns of the ledger's list: what each is called and what a cell says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianqi.kernel.lists import ShapedList, shape_list
from lianqi.kernel.templatetags.ui import day
from lianqi.ledger.queries.items import ItemRow


@dataclass(frozen=True)
class Column:
    """A column: its name on the page and (in Chinese) in the export, its width there, its words."""

    label: Any
    heading: str
    width: int
    text: Callable[[ItemRow], object]


COLUMNS = {
    "number": Column(_("编号"), "编号", 14, lambda row: row.item.number),
    "title": Column(_("事项"), "事项", 40, lambda row: row.item.title),
    "light": Column(_("灯"), "灯号", 10, lambda row: row.light_word),
    "lead": Column(_("牵头单位"), "牵头单位", 18, lambda row: row.item.lead_unit.name),
    "others": Column(_("责任单位"), "责任单位", 30, lambda row: row.others),
    "owner": Column(_("责任人"), "责任人", 10, lambda row: row.item.owner or ""),
    "state": Column(_("状态"), "状态", 14, lambda row: row.item.get_state_display()),
    "percent": Column(_("进度"), "进度（%）", 10, lambda row: row.item.percent),
    "due": Column(_("时限"), "时限", 14, lambda row: row.item.due_on or row.item.deadline_text),
    "written": Column(_("时限原文"), "时限原文", 20, lambda row: row.item.deadline_text),
    "source": Column(_("来源"), "来源", 14, lambda row: row.item.get_source_display()),
    "basis": Column(_("依据"), "依据", 30, lambda row: row.item.basis),
    "programme": Column(_("专项"), "专项", 14, lambda row: row.item.programme),
    "backfilled": Column(
        _("补录"), "补录", 8, lambda row: _("补录") if row.item.backfilled else ""
    ),
    "reported": Column(_("最近报送"), "最近报送", 14, lambda row: day(row.item.reported_at)),
    "completed": Column(_("完成"), "完成时间", 14, lambda row: day(row.item.completed_at)),
    "struck": Column(_("销号"), "销号时间", 14, lambda row: day(row.item.struck_at)),
    "grade": Column(_("评定"), "评定", 8, lambda row: row.item.get_grade_display()),
}
COMPOSED = ("number", "title", "light", "lead", "state", "due")
ITEM_LIST = shape_list(
    ShapedList(
        key="ledger",
        url_name="ledger:item_list",
        may="ledger.view_list",
        columns={key: column.label for key, column in COLUMNS.items()},
        shown_first=("number", "title", "light", "lead", "state", "percent", "due"),
        fixed=("title",),
    )
)
