"""Papers on their way out: list, drafting, record, preview, steps."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.appeals.queries import StepLink
from lianqi.briefings.access import visible_drafts
from lianqi.briefings.enums import DraftState
from lianqi.briefings.forms.papers import STEP_FORMS, DraftFilter, PaperForm
from lianqi.briefings.models import Draft
from lianqi.briefings.queries.papers import paper_content, recipients
from lianqi.briefings.queries.register import draft_rows, happenings, live_duty
from lianqi.briefings.workflow import DRAFT
from lianqi.kernel.access import may
from lianqi.kernel.documents import (
    documents_about,
    draft_name,
    preview_document,
    readable_documents,
)
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.paging import keyset_page
from lianqi.kernel.remaining import remaining_text
from lianqi.kernel.templatetags.ui import word
from lianqi.kernel.uploads.rules import CONTENT_TYPES
from lianqi.kernel.views.refusals import show_refusal
from lianqi.organisation.queries.issuers import issuer_of


def _require(request: HttpRequest, permission: str) -> None:
    if not may(request.user, permission):
        raise PermissionDenied


def _visible(request: HttpRequest, pk: int) -> Draft:
    rows = visible_drafts(request.user).select_related("body", "drafted_by", "signed_by")
    return get_object_or_404(rows, pk=pk)


@login_required
@require_safe
def draft_list(request: HttpRequest) -> HttpResponse:
    """Show the papers on their way, newest first."""
    _require(request, "briefings.view_drafts")
    form = DraftFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    state = asked.get("state", "")
    context = {
        "filter_form": form,
        "page": keyset_page(
            draft_rows(request.user, **asked), request.GET, order=("-pk",), unit="件"
        ),
        "views": [
            {"label": label, "url": f"?state={key}", "active": key == state}
            for key, label in [("", _("全部")), *DraftState.choices]
        ],
        "may_draft": may(request.user, "briefings.draft"),
    }
    return render_page(request, "briefings/draft_list.html", context, parts=["rows"])


@login_required
@require_http_methods(["GET", "POST"])
def draft_new(request: HttpRequest) -> HttpResponse:
    """Write a draft."""
    _require(request, "briefings.draft")
    posted = request.method == "POST"
    form = PaperForm(
        request.POST if posted else None, initial={"idempotency_key": str(uuid.uuid4())}
    )
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            draft, _fresh = once(
                request.user,
                str(form.cleaned_data["idempotency_key"] or ""),
                form.content(),
                lambda: form.save(actor=request.user),
            )
        except RuleBroken as problem:
            status = _refused(form, problem)
        else:
            messages.success(request, _("已送签：%(title)s。") % {"title": draft.title})
            return after_post(request, draft.get_absolute_url())
    context = {"form": form, "title": _("拟稿"), "here": request.path, "draft": None}
    return render_page(
        request, "briefings/paper.html", context, parts=["step-panel"], status=status
    )


def _refused(form: PaperForm, problem: RuleBroken) -> int:
    """Put the refusal beside the field that the office fills for it."""
    named = {"recipients": "to_others", "give_to": "to_others", "blocks": "text"}
    problem.field = named.get(problem.field, problem.field)
    return show_refusal(form, problem)


@login_required
@require_safe
def draft_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a paper: its words, to whom, where it stands, and what was issued."""
    draft = _visible(request, pk)
    duty = live_duty(draft)
    if duty is not None:
        duty.remaining_text = remaining_text(duty)
    context = {
        "draft": draft,
        "recipients": recipients(draft),
        "steps": _step_links(request, draft),
        "duty": duty,
        "entries": happenings(draft) if may(request.user, "briefings.see_internal") else [],
        "documents": documents_about(draft).filter(
            pk__in=readable_documents(request.user).values("pk")
        ),
        "may_preview": may(request.user, "briefings.view_drafts"),
        "trail": [
            {"label": _("发文登记"), "url": reverse("briefings:document_list")},
            {"label": draft.title, "url": ""},
        ],
    }
    return render_page(request, "briefings/draft_detail.html", context)


def _step_links(request: HttpRequest, draft: Draft) -> list[StepLink]:
    return [
        StepLink(
            step.key,
            str(step.label),
            reverse("briefings:draft_revise", args=[draft.pk])
            if step.key == "revise"
            else reverse("briefings:draft_step", args=[draft.pk, step.key]),
            step.tone,
        )
        for step in DRAFT.open_steps(draft, request.user)
        if step.key in STEP_FORMS or step.key == "revise"
    ]


@login_required
@require_safe
def draft_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the Word file as it would be issued, without a number, called a draft."""
    draft = _visible(request, pk)
    _require(request, "briefings.view_drafts")
    content = paper_content(draft)
    file = preview_document(draft.kind, content, issuer_word=issuer_of(draft.body).word)
    response = HttpResponse(file, content_type=CONTENT_TYPES["docx"])
    response["Content-Disposition"] = content_disposition_header(
        True, draft_name(draft.kind, content)
    )
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def draft_revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft before it is signed."""
    draft = _visible(request, pk)
    DRAFT.check_open("revise", draft, request.user)
    posted = request.method == "POST"
    form = PaperForm.of(draft, request.POST if posted else None)
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            form.save(actor=request.user)
        except RuleBroken as problem:
            status = _refused(form, problem)
        else:
            messages.success(request, _("已改稿。"))
            return after_post(request, draft.get_absolute_url())
    context = {"form": form, "title": _("改稿"), "here": request.path, "draft": draft}
    return render_page(
        request, "briefings/paper.html", context, parts=["step-panel"], status=status
    )


@login_required
@require_http_methods(["GET", "POST"])
def draft_step(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Take a step on a paper."""
    draft = _visible(request, pk)
    if key not in STEP_FORMS:
        raise Http404
    DRAFT.check_open(key, draft, request.user)
    posted = request.method == "POST"
    form: Any = STEP_FORMS[key](draft, request.POST if posted else None)
    step = DRAFT.steps[key]
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            form.save(actor=request.user)
        except RuleBroken as problem:
            status = show_refusal(form, problem)
        else:
            messages.success(request, _("已办：%s。") % word(step.label))
            return after_post(request, draft.get_absolute_url())
    context = {
        "draft": draft,
        "form": form,
        "step": step,
        "kind": "danger" if step.tone == "danger" else "primary",
        "here": request.path,
    }
    return render_page(
        request, "briefings/draft_step.html", context, parts=["step-panel"], status=status
    )
