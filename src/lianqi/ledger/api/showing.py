"""How an item is told to a program: as much as the person behind the token may see."""

from collections.abc import Iterable
from typing import Any

from django import forms

from lianqi.kernel.api.duties import duty_items
from lianqi.kernel.fields import YesNoField
from lianqi.kernel.forms import MultipleFileField
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.queries.records import timeline_of
from lianqi.ledger.forms import ITEM_FORMS
from lianqi.ledger.models import Item
from lianqi.ledger.queries.items import ItemRow
from lianqi.ledger.queries.lights import light_of
from lianqi.ledger.workflow import ITEM
from lianqi.organisation.models import Unit, User

_SAME = ("number", "title", "state", "due_on", "deadline_text", "percent", "source", "programme")
# The first class that fits a field says its type.
_TYPES: tuple[tuple[type[forms.Field], str], ...] = (
    (YesNoField, "boolean"),
    (forms.IntegerField, "integer"),
    (forms.DateField, "date"),
    (forms.ModelMultipleChoiceField, "units"),
)


def ledger_items(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Return items as lines of a list; ``loaded`` rows ask nothing more."""
    return [_item(item) for item in items]


def _item(item: Item) -> dict[str, Any]:
    row = ItemRow(item)
    others = [share.unit for share in item.shares.all() if not share.leads]  # type: ignore[attr-defined]
    return {
        **{name: getattr(item, name) for name in _SAME},
        "state_label": item.get_state_display(),
        "light": light_of(item),
        "light_label": row.light_word,
        "lead_unit": _unit(item.lead_unit),
        "units": [_unit(unit) for unit in others],
        "owner": {"id": item.owner.pk, "name": item.owner.full_name} if item.owner else None,
        "source_label": str(item.get_source_display()),
        "year": item.year,
        "backfilled": item.backfilled,
        "url": item.get_absolute_url(),
    }


def _unit(unit: Unit) -> dict[str, str]:
    return {"code": unit.code, "name": unit.name}


def ledger_detail(item: Item, user: User) -> dict[str, Any]:
    """Return everything this person may see of an item that the row filter has let through."""
    live = Duty.objects.about(item).filter(state__in=[DutyState.OPEN, DutyState.PAUSED])
    return {
        **_item(item),
        **{name: getattr(item, name) for name in ("text", "basis", "grade")},
        **{name: getattr(item, name) for name in ("completed_at", "agreed_at", "struck_at")},
        "previous": item.previous.number if item.previous else None,
        "milestones": list(item.milestones.values("label", "due_on", "reached_at")),  # type: ignore[attr-defined]
        "reports": [
            {
                "period": report.period,
                "unit": report.unit.code,
                "percent": report.percent,
                "text": report.text,
                "reported_at": report.reported_at,
                "in_time": report.in_time,
            }
            for report in item.reports.select_related("unit")  # type: ignore[attr-defined]
        ],
        "duties": duty_items(list(live.order_by("due_at", "pk"))),
        "timeline": [
            {"at": line.at, "label": line.label, "actor": line.actor_label, "text": line.text}
            for line in timeline_of(item)
        ],
        "permitted_steps": permitted_steps(item, user),
    }


def permitted_steps(item: Item, user: User) -> list[dict[str, Any]]:
    """Return the steps this person may take now, with the fields that each takes."""
    return [
        {
            "key": step.key,
            "label": str(step.label),
            "fields": [
                _field(name, field)
                for name, field in ITEM_FORMS[step.key](item).fields.items()
                if not isinstance(field, MultipleFileField)
            ],
        }
        for step in ITEM.open_steps(item, user)
        if step.key in ITEM_FORMS
    ]


def json_names(form: type[forms.Form]) -> set[str]:
    """Return the names of the fields that JSON can carry: all but files."""
    fields: dict[str, forms.Field] = form.base_fields  # type: ignore[attr-defined]
    return {name for name, field in fields.items() if not isinstance(field, MultipleFileField)}


def _field(name: str, field: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": str(field.label),
        "type": _type(field),
        "required": field.required,
        "choices": _choices(field),
    }


def _type(field: Any) -> str:
    if type(field) is forms.ModelChoiceField:
        rows: Any = field.queryset
        return "unit" if rows.model is Unit else "person"
    return next((word for kind, word in _TYPES if isinstance(field, kind)), "string")


def _choices(field: Any) -> list[dict[str, Any]]:
    """Return what may be chosen; units have an address of their own (/api/v1/units)."""
    if isinstance(field, forms.ModelChoiceField):
        rows: Any = field.queryset
        people = [] if rows.model is Unit else list(rows)
        return [{"value": user.pk, "label": user.full_name} for user in people]
    if isinstance(field, YesNoField) or not isinstance(field, forms.ChoiceField):
        return []
    offered: Any = field.choices
    return [{"value": value, "label": str(label)} for value, label in offered if value != ""]
