"""Cells of tables as markup, by plain functions (ADR 28).

What stands fifty times on a page costs more as a template than everything around it. A function here
is to a cell what a component of ``templatetags/ui`` is to a page: everything that is shown is
escaped, unless it is markup already.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lianqi.kernel.clock import local
from lianqi.kernel.templatetags.ui import badge, light, moment, word


def plain_cell(label: str, text: Any, *, nowrap: bool = False) -> str:
    """A cell of one short text."""
    kind = ' class="nowrap"' if nowrap else ""
    return f'<td data-label="{label}"{kind}>{conditional_escape(text)}</td>'


def text_cell(label: str, text: Any, below: Any = "") -> str:
    """A cell of one line, with a muted one ``below``."""
    inside = f"{conditional_escape(text)}{muted_line(below)}"
    return f'<td data-label="{label}">{inside and f"<div>{inside}</div>"}</td>'


def number_cell(label: str, markup: str) -> str:
    """A cell of figures; ``markup`` is the caller's own, with everything in it escaped."""
    return f'<td data-label="{label}" class="num">{markup}</td>'


def muted_line(text: Any) -> str:
    """A muted line under the first one; nothing where there is nothing to say."""
    return f'<div class="muted">{conditional_escape(text)}</div>' if text else ""


def light_cell(label: str, of: Any) -> str:
    """The light of a duty; an empty cell where nothing is owed."""
    return f'<td data-label="{label}" class="nowrap">{light(of) if of else ""}</td>'


def main_cell(url: str, text: Any, *, mark: str = "", hit: Any = None) -> str:
    """The cell that names the row and leads to it; ``mark`` is a red badge, ``hit`` what was found."""
    marked = f" {badge(mark, 'red')}" if mark else ""
    found = (
        f'<div class="hit muted">{conditional_escape(hit.label)}：{conditional_escape(hit.piece)}</div>'
        if hit
        else ""
    )
    link = f'<a href="{conditional_escape(url)}">{conditional_escape(text)}</a>'
    return f'<td class="cell-main">{link}{marked}{found}</td>'


def tick_cell(label: str, form: str, name: str, value: str, words: str) -> str:
    """A box to tick the row for the form of this id; ``words`` say what is ticked."""
    shown, said = conditional_escape(value), conditional_escape(words)
    box = f'<input type="checkbox" form="{form}" name="{name}" value="{shown}" aria-label="{said}">'
    return f'<td class="cell-tick" data-label="{label}">{box}</td>'


class DutyItems:
    """Writes duties as lines of the desk, in the reader's language."""

    def __init__(self, *, holders: bool = False) -> None:
        """``holders``: say who owes it, rather than who waits."""
        self.holders = holders
        self.named, self.waits = _("%(step)s：%(matter)s"), _("%(who)s在等")

    def item(self, line: Any) -> SafeString:
        """One ``<li>`` of a ``DutyLine``."""
        duty = line.duty
        who = (
            duty.holder_label
            if self.holders
            else duty.waiting and self.waits % {"who": duty.waiting}
        )
        named = self.named % {"step": word(duty.label), "matter": duty.matter}
        due = str(conditional_escape(line.due_text))
        if duty.due_at and duty.state == "open":
            at = local(duty.due_at)
            due += f' · <time datetime="{at.isoformat(timespec="seconds")}">{moment(at)}</time>'
        return mark_safe(  # nosec B308 B703 each part is escaped
            f'<li class="row-item"><span class="row-light">{light(line)}</span>'
            f'<a class="row-main" href="{conditional_escape(line.url)}">{conditional_escape(named)}</a>'
            f'<span class="row-note">{conditional_escape(who)}</span>'
            f'<span class="row-due">{due}</span></li>'
        )


def table_row(cells: Iterable[str]) -> SafeString:
    """One row of cells."""
    return mark_safe(f"<tr>{''.join(cells)}</tr>")  # nosec B308 B703 each cell escapes
