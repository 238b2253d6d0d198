"""How an appeal is told to a program: as much as the person behind the token may see."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse

from lianqi.appeals.forms import STEP_FORMS
from lianqi.appeals.forms.promises import PromiseChoice, PromisesField
from lianqi.appeals.models import Appeal, Promise, PublicCase
from lianqi.appeals.queries.duties import LiveDuty, duties_told, live_duties
from lianqi.appeals.queries.identity import Identity, identities, identity
from lianqi.appeals.queries.timeline import audiences, told_lines, visible_files
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.fields import YesNoField
from lianqi.kernel.forms import MultipleFileField
from lianqi.kernel.models import Attachment, JournalEntry
from lianqi.kernel.models.journal import Audience
from lianqi.organisation.access import is_official
from lianqi.organisation.models import Unit, User

MOMENTS = (
    "accepted_at",
    "dispatched_at",
    "signed_at",
    "contacted_at",
    "answered_at",
    "closed_at",
)
# The first class that fits a field says its type; units and appeals are given by code and number.
FIELD_TYPES: tuple[tuple[type[forms.Field], str], ...] = (
    (YesNoField, "boolean"),
    (forms.BooleanField, "boolean"),
    (forms.IntegerField, "integer"),
    (forms.DateField, "date"),
    (forms.ModelMultipleChoiceField, "units"),
    (forms.TypedChoiceField, "integer"),
    (PromisesField, "promises"),
)


def appeal_items(appeals: Iterable[Appeal], user: User) -> list[dict[str, Any]]:
    """Return appeals as lines of a list for this person, their duties loaded at once."""
    shown = list(appeals)
    duties, known = live_duties(shown), identities(user, shown)
    official = is_official(user)
    return [
        _item(
            appeal,
            duties_told(user, appeal, duties[appeal.pk], everything=official),
            known[appeal.pk],
        )
        for appeal in shown
    ]


def _item(appeal: Appeal, duties: list[LiveDuty], whose: Identity) -> dict[str, Any]:
    light = duties[0].light if duties else "grey"
    return {
        "number": appeal.number,
        "state": appeal.state,
        "state_label": appeal.get_state_display(),
        "kind": appeal.kind,
        "kind_label": appeal.get_kind_display(),
        "title": appeal.title,
        "urgent": appeal.urgent,
        "sealed": appeal.sealed,
        "enterprise": None
        if whose.hidden
        else {"id": whose.enterprise_id, "name": whose.name, "uscc": whose.uscc},
        "lead_unit": _unit(appeal.lead_unit),
        "due_at": appeal.due_at,
        "light": light,
        "overdue": light == "red",
        "submitted_at": appeal.submitted_at,
    }


def _unit(unit: Unit | None) -> dict[str, str] | None:
    return {"code": unit.code, "name": unit.name} if unit else None


def appeal_detail(appeal: Appeal, user: User) -> dict[str, Any]:
    """Return everything this person may see of an appeal that the row filter has let through."""
    allowed = audiences(user, appeal)
    duties = duties_told(user, appeal, live_duties([appeal])[appeal.pk], everything=allowed is None)
    # Helpers come with an order, promises with an order or an answer.
    ordered = appeal.dispatched_at is not None
    helpers = appeal.cohandlers.filter(active=True).select_related("unit") if ordered else []  # type: ignore[attr-defined]
    promises = appeal.promises.all() if ordered or appeal.answered_at else []  # type: ignore[attr-defined]
    lines, whose = told_lines(user, appeal), identity(user, appeal)
    contact = {"name": whose.contact_name, "phone": str(whose.contact_phone)}
    return {
        **_item(appeal, duties, whose),
        "content": appeal.content,
        "contact": None if whose.hidden else contact,
        "channel": appeal.channel,
        "channel_label": appeal.get_channel_display(),
        "upstream_id": whose.upstream_id,
        "round": appeal.round,
        "co_units": [_unit(helper.unit) for helper in helpers],
        **_answer(appeal, internal=allowed is None),
        "decline_reason": appeal.decline_reason,
        "decline_route": appeal.decline_route,
        **{moment: getattr(appeal, moment) for moment in MOMENTS},
        "promises": [_promise(promise) for promise in promises],
        "timeline": [_line(line) for line in lines],
        "duties": [_duty(live) for live in duties],
        "permitted_steps": permitted_steps(appeal, user),
        "attachments": [
            _attachment(file) for file in _files(appeal, user, {line.seq for line in lines})
        ],
    }


def _answer(appeal: Appeal, *, internal: bool) -> dict[str, Any]:
    """The answer exists for the firm once it has been given, not while it waits for signatures."""
    told = internal or appeal.answered_at is not None
    day = appeal.promised_on
    merged = appeal.merged_into.number if internal and appeal.merged_into else None
    return {
        "outcome": appeal.outcome if told else "",
        "outcome_label": appeal.get_outcome_display() if told else "",
        "reply": appeal.reply if told else "",
        "promised_on": day.isoformat() if told and day else None,
        "promise_kept": appeal.promise_kept,
        "merged_into": merged,
    }


def _promise(promise: Promise) -> dict[str, Any]:
    return {
        "id": promise.pk,
        "text": promise.text,
        "on": promise.on.isoformat(),
        "fate": promise.fate,
        "moved_to": promise.moved_to_id,
        "check_note": promise.check_note,
        "denied": promise.denied_at is not None,
    }


def _line(line: JournalEntry) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "at": line.at,
        "actor": line.actor_label,
        "step": line.verb.rpartition(".")[2],
        "label": line.label,
        "text": line.text,
        "from": line.data.get("from", ""),
        "to": line.data.get("to", ""),
        "internal": line.audience == Audience.INTERNAL,
    }


def _duty(live: LiveDuty) -> dict[str, Any]:
    duty = live.duty
    return {
        "key": duty.key,
        "label": duty.label,
        "holder": duty.holder_label,
        "unit": duty.unit_code,
        "state": duty.state,
        "advisory": duty.advisory,
        "due_at": duty.due_at,
        "light": duty.light,
        "overdue": duty.overdue,
        "remaining": live.remaining_text,
        "limit": duty.limit_text,
        "explanation": duty.explanation,
    }


def _files(appeal: Appeal, user: User, seqs: set[int]) -> list[Attachment]:
    """What came with an internal line, e.g. an answer not yet given, follows that line."""
    internal = audiences(user, appeal) is None
    return [
        file
        for file in visible_files(user, appeal)
        if internal or file.line in seqs or appeal.answered_at is not None
    ]


def _attachment(file: Attachment) -> dict[str, Any]:
    return {
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "sm3": file.sm3,
        "uploaded_at": file.uploaded_at,
        "url": reverse("kernel:file_download", args=[file.pk]),
    }


def public_case(case: PublicCase) -> dict[str, Any]:
    """Return a published case as everybody may read it."""
    return {
        "id": case.pk,
        "title": case.title,
        "question": case.question,
        "answer": case.answer,
        "kind": case.kind,
        "kind_label": case.get_kind_display(),
        "unit": _unit(case.unit),
        "published_at": case.published_at,
        "url": reverse("public:case_detail", args=[case.pk]),
    }


# --- steps and their fields


def permitted_steps(appeal: Appeal, user: User) -> list[dict[str, Any]]:
    """Return the steps this person may take now, with the fields that each takes."""
    return [
        {
            "key": step.key,
            "label": str(step.label),
            "fields": [
                _field(name, field) for name, field in json_fields(STEP_FORMS[step.key]).items()
            ],
        }
        for step in APPEAL.open_steps(appeal, user)
        if step.key in STEP_FORMS
    ]


def json_fields(form: type[forms.Form]) -> dict[str, forms.Field]:
    """Return the fields that JSON can carry: all but files."""
    fields: dict[str, forms.Field] = form.base_fields  # type: ignore[attr-defined]
    order = [name for name in form.field_order or () if name in fields]
    names = [*order, *(name for name in fields if name not in order)]
    return {n: fields[n] for n in names if not isinstance(fields[n], MultipleFileField)}


def _field(name: str, field: forms.Field) -> dict[str, Any]:
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
        return "unit" if rows.model is Unit else "appeal"
    if isinstance(field, PromiseChoice):
        return "promise"
    return next((word for kind, word in FIELD_TYPES if isinstance(field, kind)), "string")


def _choices(field: Any) -> list[dict[str, Any]]:
    # Units have an address of their own, and nobody is shown a list of all appeals.
    if isinstance(field, forms.ModelChoiceField) or not isinstance(field, forms.ChoiceField):
        return []
    offered: Any = field.choices
    clean = field.coerce if isinstance(field, forms.TypedChoiceField) else str
    return [{"value": clean(v), "label": str(label)} for v, label in offered if v != ""]
