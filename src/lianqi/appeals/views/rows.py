"""The lines of the list of appeals as markup."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lianqi.appeals.queries.columns import Column
from lianqi.appeals.queries.listing import AppealRow
from lianqi.kernel.cells import (
    light_cell,
    main_cell,
    muted_line,
    plain_cell,
    table_row,
    text_cell,
    tick_cell,
)
from lianqi.kernel.templatetags.ui import day, moment


class RowWriter:
    """Writes the rows of one page: its columns, and its words in the reader's language."""

    def __init__(self, columns: Collection[str], more: Sequence[Column], *, ticks: bool) -> None:
        """Take the keys of the columns shown, those that show plain words, and whether to tick."""
        self.columns, self.ticks = frozenset(columns), ticks
        self.more = [(str(conditional_escape(column.label)), column.text) for column in more]
        self.words = {
            "tick": _("勾选"),
            "light": _("灯"),
            "urgent": _("紧急"),
            "number": _("编号"),
            "firm": _("企业"),
            "state": _("状态"),
            "next": _("下一步"),
            "due": _("到期"),
            "submitted": _("提交时间"),
        }

    def row(self, row: AppealRow) -> SafeString:
        """Return one line of the list."""
        return table_row(self._cells(row))

    def _cells(self, row: AppealRow) -> list[str]:
        appeal, words, shown = row.appeal, self.words, self.columns
        cells = []
        if self.ticks:
            said = _("勾选 %(number)s") % {"number": appeal.number}
            cells.append(tick_cell(words["tick"], "bulk", "numbers", appeal.number, said))
        if "next" in shown:
            cells.append(light_cell(words["light"], row.duty))
        urgent = words["urgent"] if appeal.urgent else ""
        cells.append(main_cell(appeal.get_absolute_url(), row.title, mark=urgent, hit=row.hit))
        if "number" in shown:
            number = mark_safe(  # noqa: S308 # nosec B308 B703 escaped here
                f'<span class="nowrap">{conditional_escape(row.number)}</span>'
            )
            cells.append(text_cell(words["number"], number, appeal.get_kind_display()))
        if "firm" in shown:
            cells.append(text_cell(words["firm"], row.firm_name))
        if "state" in shown:
            cells.append(text_cell(words["state"], appeal.get_state_display(), row.unit_name))
        if "next" in shown:
            cells.append(text_cell(words["next"], row.next_step, row.remaining_text))
        cells += [plain_cell(label, text(row)) for label, text in self.more]
        if "due" in shown:
            cells.append(text_cell(words["due"], self._due(row)))
        if "submitted" in shown:
            cells.append(plain_cell(words["submitted"], day(appeal.submitted_at), nowrap=True))
        return cells

    def _due(self, row: AppealRow) -> SafeString:
        promised: Any = row.promised_at
        said = _("承诺企业 %(at)s") % {"at": moment(promised)} if promised else ""
        return mark_safe(  # noqa: S308 # nosec B308 B703 escaped here
            f"<time>{conditional_escape(moment(row.due_at))}</time>{muted_line(said)}"
        )
