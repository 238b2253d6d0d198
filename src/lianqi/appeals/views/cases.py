"""公开案例 as officials see them: the list, the draft with its check, the steps."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.appeals.access import visible_appeals, visible_cases
from lianqi.appeals.actions.cases import proposed_texts
from lianqi.appeals.enums import CaseState
from lianqi.appeals.forms.beside import CASE_FORMS, DraftCaseForm, case_filter
from lianqi.appeals.models import PublicCase
from lianqi.appeals.queries.beside import beside, case_rows
from lianqi.appeals.views.beside import begin_beside, take_beside
from lianqi.appeals.workflow import PUBLIC_CASE
from lianqi.appeals.workflow.cases import is_answered, open_finds
from lianqi.kernel.access import may
from lianqi.kernel.errors import StepUnfit
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import keyset_page
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_safe
def case_list(request: SignedInRequest) -> HttpResponse:
    """List the cases, newest first."""
    if not may(request.user, "appeals.list_cases"):
        raise PermissionDenied
    form = case_filter(request.GET)
    rows = case_rows(request.user, state=form.cleaned_data.get("state", ""))
    page = keyset_page(rows, request.GET, order=("-pk",), unit="件")
    context = {"page": page, "filter_form": form}
    return render_page(request, "appeals/case_list.html", context, parts=["rows"])


@login_required
@require_http_methods(["GET", "POST"])
def case_new(request: SignedInRequest, number: str) -> HttpResponse:
    """Draft a case from an answered appeal; the texts come with names and numbers covered."""
    rows = visible_appeals(request.user).select_related("enterprise", "lead_unit", "filed_by")
    appeal = get_object_or_404(rows, number=number)
    if not may(request.user, "appeals.draft_case"):
        raise PermissionDenied
    known = PublicCase.objects.filter(appeal=appeal).first()
    if known is not None:
        return redirect(known.get_absolute_url())
    if refusal := is_answered(PublicCase(appeal=appeal), {}):
        raise StepUnfit(refusal)
    posted = request.method == "POST"
    form = DraftCaseForm(request.POST if posted else None, initial=proposed_texts(appeal))
    done, status = begin_beside(
        request,
        form,
        lambda: form.save(appeal, actor=request.user),
        _("草稿已保存，请核对检查结果，再征求企业同意。"),
    )
    if done:
        return done
    context = {"appeal": appeal, "form": form}
    return render_page(request, "appeals/case_new.html", context, status=status)


@login_required
@require_safe
def case_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show officials a case: what the public reads, what the check finds, its flow; the firm has a page of its own."""
    case = _visible(request, pk)
    if not may(request.user, "appeals.list_cases"):
        return redirect("portal:case_consent", pk=case.pk)
    drafting = case.state == CaseState.DRAFT and may(request.user, "appeals.draft_case", case)
    is_public = case.state == CaseState.PUBLISHED
    context = {
        "case": case,
        "record": beside(request.user, case, PUBLIC_CASE, "appeals:case_step", CASE_FORMS),
        "finds": open_finds(case) if drafting else [],
        "drafting": drafting,
        "facts": [
            (_("类别"), case.get_kind_display()),
            (_("答复单位"), case.unit or ""),
            (_("起草人"), case.drafted_by),
            (_("发布人"), case.published_by or ""),
        ],
        "public_url": reverse("public:case_detail", args=[pk]) if is_public else "",
        "sees_appeal": may(request.user, "appeals.view", case.appeal),
    }
    return render_page(request, "appeals/case_detail.html", context)


def _visible(request: SignedInRequest, pk: int) -> PublicCase:
    rows = visible_cases(request.user).select_related(
        "appeal__enterprise", "appeal__filed_by", "unit", "drafted_by", "published_by"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def case_step(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    """Revise, clear, ask for consent, publish, withdraw."""
    return take_beside(request, _visible(request, pk), PUBLIC_CASE, key, CASE_FORMS)
