"""Filing an appeal that was told at the window, on the phone or on a visit."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianqi.appeals.forms import ClerkAppealForm
from lianqi.appeals.queries.firms import firm_with, firms_like
from lianqi.enterprises.access import acts_for_some_enterprise
from lianqi.kernel.access import may
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.organisation.access import is_official
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_http_methods(["GET", "POST"])
def appeal_new(request: SignedInRequest) -> HttpResponse:
    """File what somebody told us; the firm is found by name or code first."""
    if acts_for_some_enterprise(request.user) and not is_official(request.user):
        return redirect("portal:appeal_file")
    if not may(request.user, "appeals.file"):
        raise PermissionDenied
    posted = request.method == "POST"
    form = ClerkAppealForm(request.POST, request.FILES) if posted else _blank(request)
    status = 200
    if posted and form.is_valid():
        try:
            appeal = _file(request, form)
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
        else:
            messages.success(request, _("已登记，编号 %s。") % appeal.number)
            return after_post(request, appeal.get_absolute_url())
    elif posted:
        status = 422
    text = request.GET.get("firm", "")
    context = {
        "form": form,
        "firm_text": text,
        "chosen": firm_with(request.user, str(form["enterprise"].value() or "")),
        "firms": firms_like(request.user, text),
        "may_enter_firm": may(request.user, "enterprises.enter_enterprise"),
    }
    return render_page(
        request, "appeals/new.html", context, parts=["firms", "new-form"], status=status
    )


def _blank(request: SignedInRequest) -> ClerkAppealForm:
    given = {name: request.GET[name] for name in ("enterprise", "channel") if name in request.GET}
    return ClerkAppealForm(initial={**given, "idempotency_key": str(uuid.uuid4())})


def _file(request: SignedInRequest, form: ClerkAppealForm) -> Any:
    told = form.cleaned_data
    content: dict[str, object] = {
        name: str(told[name]) for name in told if name not in ("files", "idempotency_key")
    }
    content["files"] = [file.sm3 for file in told["files"]]
    appeal, _made = once(
        request.user,
        told["idempotency_key"],
        content,
        lambda: form.save(told["enterprise"], actor=request.user),
    )
    return appeal
