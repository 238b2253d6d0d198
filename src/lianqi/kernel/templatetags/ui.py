"""The page components: one strict function each, its markup in ``templates/ui/<name>.html``.

The library is in the template builtins, so pages need no ``{% load %}``. A misspelt argument or
value raises ``TemplateSyntaxError``. What each object must offer is said in the docstring.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField
from django.forms.forms import BaseForm
from django.template.exceptions import TemplateSyntaxError
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

register = template.Library()

CHINA = ZoneInfo("Asia/Shanghai")
MOST_COUNTED = 1000
TONES = ("grey", "blue", "green", "amber", "red")
KINDS = ("primary", "secondary", "danger", "ghost")
# Colour, word and shape say the same, so none of the three is needed alone.
LIGHTS = {
    "green": (gettext_lazy("正常"), "circle-check"),
    "amber": (gettext_lazy("临期"), "alert-triangle"),
    "red": (gettext_lazy("逾期"), "alert-octagon"),
    "blue": (gettext_lazy("持续"), "repeat"),
    "grey": (gettext_lazy("未到期"), "clock"),
}
_STAT = (
    '<div class="{}"><span class="stat-label">{}</span><span class="stat-value">{}</span>{}</div>'
)
_NOTE = '<span class="stat-note">{}</span>'
# The kinds of line that engines.worktime explains a deadline with.
CLOCK_ICONS = {
    "start": "player-play",
    "limit": "gavel",
    "rest": "beach",
    "shifted": "calendar-event",
    "pause": "player-pause",
    "extension": "calendar-plus",
    "lead": "users",
    "result": "flag",
}


def _checked(name: str, value: str, accepted: Collection[str]) -> str:
    if value not in accepted:
        raise TemplateSyntaxError(
            f"{name}={value!r} is unknown. Accepted: {', '.join(sorted(accepted))}"
        )
    return value


@cache
def _sprite() -> str:
    return static("build/icons.svg")


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A decorative icon of ``assets/icons.txt``; always stands beside words."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        _sprite(),
        name,
    )


@register.simple_tag
def badge(text: object, tone: str = "grey") -> SafeString:
    """A short word in a tinted box, for states and kinds; ``tone`` is one of TONES."""
    return format_html(
        '<span class="badge badge-{}">{}</span>', _checked("tone", tone, TONES), text
    )


@register.simple_tag
def light(of: Any) -> SafeString:
    """The traffic light of a duty (``.light``, maybe ``.light_word``) or of a colour name itself.

    ``light_word`` replaces the colour's usual word, as 暂停计时 for a clock that stands.
    """
    colour = _checked("light", of if isinstance(of, str) else of.light, LIGHTS)
    word, shape = LIGHTS[colour]
    return _light(colour, shape, getattr(of, "light_word", "") or str(word))


@lru_cache(maxsize=100)
def _light(colour: str, shape: str, shown: str) -> SafeString:
    return format_html('<span class="light light-{}">{}{}</span>', colour, icon(shape), shown)


@register.inclusion_tag("ui/page_heading.html")
def page_heading(
    title: str, number: str = "", subtitle: str = "", state: str = "", light: Any = None
) -> dict[str, Any]:
    """The ``h1`` line of a page: number, name, light (a duty or colour) and state in words."""
    return {"title": title, "number": number, "subtitle": subtitle, "state": state, "light": light}


@register.inclusion_tag("ui/breadcrumbs.html")
def breadcrumbs(items: Iterable[Any]) -> dict[str, Any]:
    """The way back up: items with ``.label`` and ``.url`` (empty ``url`` = this page)."""
    return {"items": items}


@register.simple_block_tag
def panel(content: str, title: str = "", actions: str = "", id: str = "") -> SafeString:
    """A titled box around any markup: ``{% panel title="办理过程" %}…{% endpanel %}``."""
    return render_to_string(
        "ui/panel.html", {"content": content, "title": title, "actions": actions, "id": id}
    )


@register.simple_block_tag
def dialog(
    content: str, label: str, id: str = "", icon: str = "", open: bool = False
) -> SafeString:
    """A button that folds its content out below; native ``details``, needs no script."""
    context = {"content": content, "label": label, "id": id, "icon": icon, "open": open}
    return render_to_string("ui/dialog.html", context)


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Saved views or parts of a page as links: ``.label .url .active`` and maybe ``.count``."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/empty_note.html")
def empty_note(text: str, hint: str = "", url: str = "", label: str = "") -> dict[str, Any]:
    """A kind word where a list is empty, with one thing to do next (``url`` + ``label``)."""
    return {"text": text, "hint": hint, "url": url, "label": label}


@register.inclusion_tag("ui/basis.html")
def basis(clauses: Iterable[Any], label: str = "") -> dict[str, Any]:
    """「这一步依据什么」, folded: clauses with ``.number .text`` and maybe ``.source``."""
    return {"clauses": clauses, "label": label}


@register.simple_tag
def field(bound_field: BoundField) -> SafeString:
    """One form field: label with （必填）, errors, input, help."""
    return bound_field.as_field_group()


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What is wrong with the form, on top, with links to the fields; nothing if all is well."""
    wrong = [
        {"label": bound.label, "target": _first_input(bound), "errors": bound.errors}
        for bound in form
        if bound.errors
    ]
    return {"wrong": wrong, "general": form.non_field_errors()}


def _first_input(bound: BoundField) -> str:
    if bound.is_hidden:
        return ""
    return bound.id_for_label or f"{bound.auto_id}_0"  # radio groups have no id of their own


@register.inclusion_tag("ui/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """All fields of a form in one column, hidden ones included; no errors on top, no button.

    A form whose fields stand in groups names the template that lays them out as ``fields_template``.
    """
    return {"form": form, "own": getattr(form, "fields_template", "")}


@register.inclusion_tag("ui/post_form.html")
def post_form(
    form: BaseForm,
    url: str,
    label: str,
    kind: str = "primary",
    target: str = "step-panel",
    cancel_url: str = "",
    draft: str = "",
    note: str = "",
) -> dict[str, Any]:
    """A whole POST form with errors, fields and button; htmx swaps it in ``#target`` on errors.

    ``draft`` names the browser's draft of a long form; ``note`` is a line above the button.
    """
    return {
        "form": form,
        "url": url,
        "label": label,
        "kind": _checked("kind", kind, KINDS),
        "target": target,
        "cancel_url": cancel_url,
        "draft": draft,
        "note": note,
    }


@register.inclusion_tag("ui/filters.html")
def filters(form: BaseForm, url: str, target: str = "rows") -> dict[str, Any]:
    """The search and filter line of a list: a GET form that refreshes ``#target`` while typing."""
    return {"form": form, "url": url, "target": target}


@register.simple_tag
def button(
    label: str,
    kind: str = "primary",
    icon: str = "",
    type: str = "submit",
    name: str = "",
    value: str = "",
) -> SafeString:
    """A form's button; ``kind`` is one of KINDS, ``name`` and ``value`` are sent with the form."""
    context = {
        "label": label,
        "kind": _checked("kind", kind, KINDS),
        "icon": icon,
        "type": _checked("type", type, ("submit", "button", "reset")),
        "name": name,
        "value": value,
    }
    return render_to_string("ui/button.html", context)


@register.simple_tag
def link_button(label: str, url: str, kind: str = "secondary", icon: str = "") -> SafeString:
    """A link that looks like a button; ``as name`` keeps it for the ``actions`` of a panel."""
    context = {"label": label, "url": url, "kind": _checked("kind", kind, KINDS), "icon": icon}
    return render_to_string("ui/link_button.html", context)


@register.inclusion_tag("ui/step_buttons.html")
def step_buttons(steps: Iterable[Any], target: str = "step-panel") -> dict[str, Any]:
    """The steps this person may take now: ``.key .label .url .tone`` (primary, normal, danger)."""
    kinds = {"primary": "primary", "normal": "secondary", "danger": "danger"}
    shown = [(step, kinds[_checked("tone", step.tone, kinds)]) for step in steps]
    return {"steps": shown, "target": target}


@register.inclusion_tag("ui/pager.html")
def pager(page: Any, target: str = "rows") -> dict[str, Any]:
    """The foot of a list: ``.count_text``, ``.previous_url`` and ``.next_url`` of the page."""
    return {"page": page, "target": target}


@register.inclusion_tag("ui/description_list.html")
def description_list(pairs: Iterable[tuple[str, object]]) -> dict[str, Any]:
    """Facts of a record as (label, value) pairs; an empty value shows 「未填」."""
    return {"pairs": pairs}


@register.inclusion_tag("ui/file_list.html")
def file_list(files: Iterable[Any]) -> dict[str, Any]:
    """Attachments to open or save: ``.url .name .size_text``."""
    return {"files": files}


@register.inclusion_tag("ui/people.html")
def people(list: Iterable[Any]) -> dict[str, Any]:
    """People and units concerned: ``.name`` and maybe ``.post .unit .phone`` (masked) ``.url``."""
    return {"people": list}


@register.inclusion_tag("ui/notice_item.html")
def notice_item(notice: Any) -> dict[str, Any]:
    """One ``<li>`` of a notice list: ``.title .text .at .url .is_read``."""
    return {"notice": notice}


@register.inclusion_tag("ui/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """What happened, in order: ``.at .label .actor_label .text .attachments .tone``, maybe ``.told``."""
    return {"entries": entries}


@register.inclusion_tag("ui/progress_line.html")
def progress_line(stages: Iterable[Any]) -> dict[str, Any]:
    """How far a matter has come: ``.label .status`` (done, now, next) and maybe ``.at``."""
    return {"stages": stages}


@register.inclusion_tag("ui/due_date.html")
def due_date(duty: Any) -> dict[str, Any]:
    """When a duty is due: ``.due_at`` (or None), ``.remaining_text`` and its ``.light``."""
    return {"duty": duty}


@register.inclusion_tag("ui/explained_clock.html")
def explained_clock(lines: Iterable[Any]) -> dict[str, Any]:
    """How a deadline was reckoned, line by line: ``kind`` (a key of CLOCK_ICONS) and ``text``.

    Takes the engine's lines as well as the dicts that a duty keeps of them.
    """
    plain = [line if isinstance(line, dict) else vars(line) for line in lines]
    return {"lines": [(line, CLOCK_ICONS.get(line["kind"], "point")) for line in plain]}


@register.simple_tag
def stat(label: Any, value: Any, url: str = "", note: str = "", tone: str = "") -> SafeString:
    """One number with its name and the way to the rows behind it; red only for overdue."""
    kind = f"stat stat-{_checked('tone', tone, TONES)}" if tone else "stat"
    shown = _number(value, url, format_html("{} {}", label, value))
    return format_html(_STAT, kind, label, shown, format_html(_NOTE, note) if note else "")


@register.simple_tag
def ratio(label: Any, numerator: int, denominator: int, url: str = "") -> SafeString:
    """A percentage that never hides its numerator and denominator; nothing is divided by zero."""
    share = f"{Decimal(100) * numerator / denominator:.1f}%" if denominator else _("暂无")
    parts = f"{numerator}/{denominator}"
    name = format_html("{} {} {}", label, parts, _("查看明细"))
    return format_html(_STAT, "stat", label, share, format_html(_NOTE, _number(parts, url, name)))


def _number(value: Any, url: str, name: str) -> SafeString | Any:
    return format_html('<a href="{}" aria-label="{}">{}</a>', url, name, value) if url else value


@register.filter
def word(label: object) -> str:
    """A label of the workflow tables, kept in Chinese in the records, in the reader's language."""
    return _(str(label)) if label else ""


@register.filter
def capped(count: int) -> str:
    """A number that was counted only up to the ceiling: ``1,000+`` beyond."""
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else f"{count:,}"


@register.filter
def day(value: date | datetime | None) -> str:
    """``2026年11月23日`` (``2026-11-23`` in English), of a date or of an aware datetime in Shanghai."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        value = _in_china(value)
    if get_language() == "en":
        return f"{value:%Y-%m-%d}"
    return f"{value.year}年{value.month}月{value.day}日"


@register.filter
def moment(value: datetime | None) -> str:
    """``2026年11月23日 17:30`` in Shanghai, its day as above; ValueError for a naive datetime."""
    if value is None or value == "":
        return ""
    value = _in_china(value)
    return f"{day(value)} {value:%H:%M}"


def _in_china(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time without zone cannot be shown")
    return value.astimezone(CHINA)


@register.filter
def wan(value: int | Decimal | None) -> str:
    """Money as 万元 with at most two decimals: an int is fen, a Decimal is yuan."""
    if value is None or value == "":
        return ""
    yuan = Decimal(value) / 100 if isinstance(value, int) else value
    text = f"{yuan / 10000:,.2f}".rstrip("0").rstrip(".")
    return f"{text} {_('万元')}"


@register.filter
def filesize_zh(size: int | None) -> str:
    """Bytes as ``356 KB`` or ``1.2 MB``."""
    if size is None or size == "":
        return ""
    if size < 1024:
        return f"{size} {_('字节')}"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"
