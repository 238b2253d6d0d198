"""The lines of the list of appeals as markup."""

from collections.abc import Callable, Collection, Sequence

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

Cell = Callable[[AppealRow], str]


class RowWriter:
    """Writes the rows of one page: its columns, with its words in the reader's language."""

    def __init__(self, columns: Collection[str], more: Sequence[Column], *, ticks: bool) -> None:
        """Take the keys of the columns shown, those that show plain words, and whether to tick."""
        light, firm, state, next_step = _("灯"), _("企业"), _("状态"), _("下一步")
        submitted = _("提交时间")
        cells: dict[str, Cell] = {
            "tick": _tick(_("勾选"), _("勾选 %(number)s")),
            "light": lambda row: light_cell(light, row.duty),
            "title": _main(_("紧急")),
            "number": _number(_("编号")),
            "firm": lambda row: text_cell(firm, row.firm_name),
            "state": lambda row: text_cell(state, row.appeal.get_state_display(), row.unit_name),
            "next": lambda row: text_cell(next_step, row.next_step, row.remaining_text),
            "more": _more(more),
            "due": _due(_("到期"), _("承诺企业 %(at)s")),
            "submitted": lambda row: plain_cell(
                submitted, day(row.appeal.submitted_at), nowrap=True
            ),
        }
        shown = {"title", "more", *columns, *(["tick"] if ticks else [])}
        if "next" in columns:
            shown.add("light")
        self._cells: list[Cell] = [cell for key, cell in cells.items() if key in shown]

    def row(self, row: AppealRow) -> SafeString:
        """Return one line of the list."""
        return table_row(cell(row) for cell in self._cells)


def _tick(label: str, words: str) -> Cell:
    def cell(row: AppealRow) -> str:
        number = row.appeal.number
        return tick_cell(label, "bulk", "numbers", number, words % {"number": number})

    return cell


def _main(urgent: str) -> Cell:
    def cell(row: AppealRow) -> str:
        mark = urgent if row.appeal.urgent else ""
        return main_cell(row.appeal.get_absolute_url(), row.title, mark=mark, hit=row.hit)

    return cell


def _number(label: str) -> Cell:
    def cell(row: AppealRow) -> str:
        said = f'<span class="nowrap">{conditional_escape(row.number)}</span>'
        shown = mark_safe(said)  # nosec B308 B703 escaped above
        return text_cell(label, shown, row.appeal.get_kind_display())

    return cell


def _more(columns: Sequence[Column]) -> Cell:
    named = [(str(conditional_escape(column.label)), column.text) for column in columns]
    return lambda row: "".join(plain_cell(label, text(row)) for label, text in named)


def _due(label: str, words: str) -> Cell:
    def cell(row: AppealRow) -> str:
        promised = words % {"at": moment(row.promised_at)} if row.promised_at else ""
        said = f"<time>{moment(row.due_at)}</time>{muted_line(promised)}"
        return text_cell(label, mark_safe(said))  # nosec B308 B703 escaped above

    return cell
