"""The page of one appeal, and the form of each step on it."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.appeals.access import visible_appeals
from lianqi.appeals.enums import AppealState
from lianqi.appeals.forms import STEP_FORMS, StepForm, step_form
from lianqi.appeals.models import Appeal
from lianqi.appeals.portal_views import portal_detail
from lianqi.appeals.queries import appeal_record
from lianqi.appeals.queries.audit import audit_trail
from lianqi.appeals.queries.beside import units_to_tell
from lianqi.appeals.queries.identity import Identity
from lianqi.appeals.queries.precedents import suggestions
from lianqi.appeals.workflow import APPEAL
from lianqi.appeals.workflow.cases import ANSWERED
from lianqi.kernel.access import may
from lianqi.kernel.clause_texts import clauses_behind
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.queries.records import offered_on
from lianqi.kernel.templatetags.ui import word
from lianqi.kernel.workflow import Step
from lianqi.organisation.access import is_official
from lianqi.organisation.views.signed_in import SignedInRequest

# Steps that choose a unit: the office is shown what was ruled and who handled the like before.
_ROUTED = ("dispatch", "rule_return")
_OFFERED = {"dispatch": "lead_unit", "rule_return": "lead_unit", "merge": "into"}
_KINDS = {"primary": "primary", "normal": "primary", "danger": "danger"}


@login_required
@require_safe
def appeal_detail(request: SignedInRequest, number: str) -> HttpResponse:
    """Show one appeal; ``?step=`` opens it with the form of that step."""
    appeal = _visible(request, number)
    if not is_official(request.user):
        return portal_detail(request, appeal)
    record = appeal_record(request.user, appeal)
    context = {
        "appeal": appeal,
        "record": record,
        "trail": [
            {"label": _("诉求响应"), "url": reverse("appeals:appeal_list")},
            {"label": appeal.number, "url": ""},
        ],
        "contact": _contact(record.identity, appeal),
        "reveal_url": _reveal_url(request, appeal),
        "like_url": reverse("appeals:appeal_like_this", args=[appeal.number]),
        "may_exclude": appeal.dispatched_at
        and may(request.user, "appeals.apply_exclusion", appeal),
        "may_pack": may(request.user, "appeals.make_facts_pack", appeal),
        "unsealing_url": _unsealing_url(request, appeal),
        "case_url": _case_url(request, appeal),
        "offered": offered_on(request.user, appeal),
        "docket_url": _docket_url(request, appeal),
        "audit": audit_trail(request.user, appeal)
        if may(request.user, "kernel.view_journal")
        else None,
    }
    asked = request.GET.get("step", "")
    if asked in STEP_FORMS and may(request.user, APPEAL.steps[asked].may, appeal):
        context.update(
            _step_context(request, appeal, APPEAL.steps[asked], _blank(request, appeal, asked))
        )
    return render_page(request, "appeals/detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def appeal_step(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """Show the form of a step, as a part of the appeal's page or alone, and take the step."""
    appeal = _visible(request, number)
    if key not in STEP_FORMS:
        raise Http404
    step = APPEAL.steps[key]
    if request.method == "POST":
        return _post_step(request, appeal, step)
    status = StepUnfit.status if _refusal(request, appeal, step) else 200
    return _show(request, appeal, step, _blank(request, appeal, key), status)


def _post_step(request: SignedInRequest, appeal: Appeal, step: Step) -> HttpResponse:
    form = _guarded(step_form(step.key, appeal, request.POST, request.FILES), appeal)
    status = 422
    if form.is_valid():
        try:
            _take(request, appeal, step, form)
        except NotPermitted:
            raise  # a page of its own says whose step this is
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
        else:
            messages.success(request, _("已办：%s。") % word(step.label))
            return after_post(request, appeal.get_absolute_url())
    elif _refusal(request, appeal, step):
        status = StepUnfit.status
    appeal = _visible(request, appeal.number)
    _show_again(form, request.POST, appeal)
    return _show(request, appeal, step, form, status)


def _visible(request: SignedInRequest, number: str) -> Appeal:
    rows = visible_appeals(request.user).select_related(
        "enterprise", "lead_unit", "filed_by", "merged_into"
    )
    return get_object_or_404(rows, number=number)


def _contact(whose: Identity, appeal: Appeal) -> list[tuple[str, Any]]:
    """Return whom to call; nobody where the firm keeps its name from this reader."""
    if whose.hidden:
        return []
    return [
        (_("联系人"), whose.contact_name),
        (_("联系电话"), whose.contact_phone),
        (_("提交人"), appeal.filed_by),
    ]


def _reveal_url(request: SignedInRequest, appeal: Appeal) -> str:
    if not may(request.user, "appeals.reveal_phone", appeal):
        return ""
    return f"{reverse('kernel:reveal_phone')}?for=appeals.appeal:{appeal.pk}:contact_phone"


def _unsealing_url(request: SignedInRequest, appeal: Appeal) -> str:
    if not (appeal.sealed and units_to_tell(request.user, appeal).exists()):
        return ""
    return reverse("appeals:unsealing_new", args=[appeal.number])


def _case_url(request: SignedInRequest, appeal: Appeal) -> str:
    if appeal.state not in ANSWERED or not may(request.user, "appeals.draft_case"):
        return ""
    return reverse("appeals:case_new", args=[appeal.number])


def _docket_url(request: SignedInRequest, appeal: Appeal) -> str:
    """Return where an appeal that was handed up becomes a matter of the ledger."""
    if appeal.state != AppealState.ESCALATED or not may(request.user, "ledger.draft"):
        return ""
    return f"{reverse('ledger:item_new')}?about={appeal._meta.label_lower}:{appeal.pk}"


# --- the form of a step


def _guarded(form: StepForm, appeal: Appeal) -> StepForm:
    """Add what makes a double click harmless and shows that the appeal has moved meanwhile."""
    hidden = {"idempotency_key": str(uuid.uuid4()), "seen": _seen(appeal)}
    for name, value in hidden.items():
        form.fields[name] = forms.CharField(
            widget=forms.HiddenInput, required=False, max_length=120, initial=value
        )
    return form


def _seen(appeal: Appeal) -> str:
    return f"{appeal.state}:{appeal.round}"


def _show_again(form: StepForm, posted: QueryDict, appeal: Appeal) -> None:
    """What was typed stays; whoever reads the new state may send it again."""
    again = posted.copy()
    again["seen"] = _seen(appeal)
    form.data = again


def _blank(request: SignedInRequest, appeal: Appeal, key: str) -> StepForm:
    # A suggested unit, or a likely duplicate, is named in the address of the step it is offered for;
    # the office looks at it and still presses the button.
    offered = _OFFERED.get(key, "")
    initial: dict[str, Any] = {offered: request.GET[offered]} if offered in request.GET else {}
    if key == "request_closing" and appeal.reply:
        # A rejected answer is improved, not typed again.
        initial = {
            "outcome": appeal.outcome,
            "reply": appeal.reply,
            "promised_on": appeal.promised_on if not appeal.promises_drafted else None,
        }
    return _guarded(step_form(key, appeal, initial=initial), appeal)


def _take(request: SignedInRequest, appeal: Appeal, step: Step, form: StepForm) -> None:
    told = form.cleaned_data
    key, seen = told.pop("idempotency_key"), told.pop("seen")
    content = {
        "appeal": appeal.pk,
        "step": step.key,
        **{name: _said(value) for name, value in told.items()},
    }

    def take() -> Model:
        if seen and seen != _seen(appeal):
            raise APPEAL.stale(appeal, request.user)
        return form.save(actor=request.user)

    once(request.user, key, content, take)


def _said(value: Any) -> Any:
    if isinstance(value, list):
        return [getattr(file, "sm3", str(file)) for file in value]
    return str(value)


def _refusal(request: SignedInRequest, appeal: Appeal, step: Step) -> str:
    """Say why the step cannot be taken now; NotPermitted if it is not this person's at all."""
    try:
        APPEAL.check_open(step.key, appeal, request.user)
    except StepUnfit as unfit:
        return unfit.message
    return ""


def _step_context(
    request: SignedInRequest, appeal: Appeal, step: Step, form: StepForm
) -> dict[str, Any]:
    return {
        "step": step,
        "step_kind": _KINDS[step.tone],
        "step_form": form,
        "step_url": reverse("appeals:appeal_step", args=[appeal.number, step.key]),
        "step_refusal": _refusal(request, appeal, step),
        "step_draft": "appeal-step" if form.visible_fields() else "",
        "step_note": _note(request, form),
        "step_clauses": clauses_behind(step.basis),
        "suggestions": suggestions(request.user, appeal) if step.key in _ROUTED else None,
    }


def _note(request: SignedInRequest, form: StepForm) -> str:
    if not form.visible_fields():
        return _("不用填写，点按钮即可。")
    return _("附件没有保存，请重新选择。") if request.FILES else ""


def _show(
    request: SignedInRequest, appeal: Appeal, step: Step, form: StepForm, status: int
) -> HttpResponse:
    context = {"appeal": appeal, **_step_context(request, appeal, step, form)}
    return render_page(request, "appeals/step.html", context, parts=["step-panel"], status=status)
