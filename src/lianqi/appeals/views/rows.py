"""The lines of the list of appeals, and of the board's tables, as markup."""

from collections.abc import Callable, Collection, Sequence

from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lianqi.appeals.queries.board import Figure, UnitLine
from lianqi.appeals.queries.columns import Column
from lianqi.appeals.queries.listing import AppealRow
from lianqi.kernel.cells import (
    light_cell,
    main_cell,
    muted_line,
    number_cell,
    plain_cell,
    table_row,
    text_cell,
    tick_cell,
)
from lianqi.kernel.templatetags.ui import day, moment

Cell = Callable[[AppealRow], str]


class RedWriter:
    """Writes the overdue ones on the board, each with the way to urge whoever owes it."""

    def __init__(self, *, may_urge: bool) -> None:
        """Take the words of the page in the reader's language."""
        self.may_urge = may_urge
        self.light, self.owed, self.late, self.urge = _("灯"), _("应办"), _("逾期"), _("催办")

    def row(self, row: AppealRow) -> SafeString:
        """Return one line."""
        appeal = row.appeal
        cells = [
            light_cell(self.light, row.duty),
            main_cell(appeal.get_absolute_url(), appeal.title),
            text_cell(self.owed, row.next_step),
            plain_cell(self.late, row.remaining_text, nowrap=True),
        ]
        if self.may_urge:
            number = conditional_escape(appeal.number)
            way = reverse("appeals:appeal_step", args=[appeal.number, "urge"])
            hidden = f'<span class="visually-hidden"> {number}</span>'
            cells.append(f'<td><a href="{way}">{self.urge}{hidden}</a></td>')
        return table_row(cells)


class UnitWriter:
    """Writes how the units stand, one line each."""

    def __init__(self) -> None:
        """Take the words of the page in the reader's language."""
        self.span, self.bad, self.disputes = _("派单到答复"), _("差评/已评价"), _("退单争议")
        self.days, self.none = _("%(days)s 个工作日"), f'<span class="muted">{_("暂无")}</span>'
        self.returns = _("%(count)s 件 · %(hours)s 工作小时")

    def row(self, line: UnitLine) -> SafeString:
        """Return one line."""
        days, rated = line.median_days, line.bad
        span = self.none if days is None else self.days % {"days": floatformat(days)}
        disputes = self.returns % {"count": line.returned, "hours": line.dispute_hours}
        return table_row(
            [
                f'<td class="cell-main">{conditional_escape(line.name)}</td>',
                *(self._figure(line.name, one, one.label, one.value) for one in line.now),
                number_cell(self.span, span),
                self._figure(line.name, line.answered, line.answered.label, line.answered.value),
                self._figure(line.name, rated, self.bad, f"{rated.value}/{rated.of}"),
                number_cell(self.disputes, disputes if line.returned else self.none),
            ]
        )

    def _figure(self, name: str, figure: Figure, label: str, value: object) -> str:
        said = conditional_escape(f"{name} {figure.label} {value}")
        way = f'<a href="{conditional_escape(figure.url)}" aria-label="{said}">{value}</a>'
        return number_cell(label, way)


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
