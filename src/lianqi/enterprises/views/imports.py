"""Importing firms: upload, look, enter or drop."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.enterprises.access import visible_import_batches
from lianqi.enterprises.actions import drop_batch
from lianqi.enterprises.enums import BatchState
from lianqi.enterprises.exports import problem_sheet, template_sheet, xlsx_response
from lianqi.enterprises.forms.importing import EnterBatchForm, ImportForm
from lianqi.enterprises.models import ImportBatch
from lianqi.enterprises.queries import imports
from lianqi.enterprises.views import require
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.views.refusals import show_refusal


@login_required
@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Take a table of firms and check it; nothing is entered yet."""
    require(request, "enterprises.import_enterprises")
    posted = request.method == "POST"
    initial = {"idempotency_key": str(uuid.uuid4())}
    form = ImportForm(
        request.POST if posted else None, request.FILES if posted else None, initial=initial
    )
    status = 422 if posted else 200
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            batch, _fresh = once(
                request.user,
                given["idempotency_key"],
                {"file": given["file"].sm3},
                lambda: form.save(actor=request.user),
            )
        except RuleBroken as problem:
            status = show_refusal(form, problem)
        else:
            return after_post(request, batch.get_absolute_url())
    context = {
        "form": form,
        "batches": imports.recent_batches(request.user),
        "trail": _trail(_("批量导入")),
    }
    return render_page(
        request, "enterprises/import_new.html", context, parts=["step-panel"], status=status
    )


@login_required
@require_safe
def import_template(request: HttpRequest) -> HttpResponse:
    """Give the empty table."""
    require(request, "enterprises.import_enterprises")
    return xlsx_response("企业导入模板.xlsx", template_sheet())


@login_required
@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what entering the table would do, or what it did."""
    batch = _visible(request, pk)
    return _show(request, batch, EnterBatchForm())


@login_required
@require_POST
def import_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter all good rows, or none."""
    batch = _visible(request, pk)
    form = EnterBatchForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            form.save(batch, actor=request.user)
        except RuleBroken as problem:
            status = show_refusal(form, problem)
        else:
            messages.success(request, _("导入完成。"))
            return after_post(request, batch.get_absolute_url())
    return _show(request, _visible(request, pk), form, status)


@login_required
@require_POST
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the table away."""
    batch = _visible(request, pk)
    try:
        drop_batch(batch, actor=request.user)
    except RuleBroken as problem:
        form = EnterBatchForm({})
        status = show_refusal(form, problem)
        return _show(request, _visible(request, pk), form, status)
    messages.success(request, _("已放弃，读入的数据已删除。"))
    return after_post(request, reverse("enterprises:import_new"))


@login_required
@require_safe
def import_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the rows that are not taken, with what is wrong."""
    return xlsx_response("问题行.xlsx", problem_sheet(_visible(request, pk)))


def _visible(request: HttpRequest, pk: int) -> ImportBatch:
    rows = visible_import_batches(request.user).select_related("uploaded_by")
    return get_object_or_404(rows, pk=pk)


def _show(
    request: HttpRequest, batch: ImportBatch, form: EnterBatchForm, status: int = 200
) -> HttpResponse:
    counts = imports.counts(batch)
    if not counts.problems:
        del form.fields["skip_errors"]
    context = {
        "batch": batch,
        "waiting": batch.state == BatchState.PREVIEWED,
        "counts": counts,
        "rows": imports.preview_rows(batch),
        "problems": imports.problem_rows(batch),
        "shown_rows": imports.SHOWN_ROWS,
        "form": form,
        "trail": _trail(batch.name),
    }
    return render_page(request, "enterprises/import_detail.html", context, status=status)


def _trail(here: str) -> list[dict[str, str]]:
    return [
        {"label": _("企业名录"), "url": reverse("enterprises:enterprise_list")},
        {"label": _("批量导入"), "url": reverse("enterprises:import_new")},
        {"label": here, "url": ""},
    ]
