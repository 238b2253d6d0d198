"""Tables in and out: the form in which a unit reports, an existing ledger; look, then enter."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.kernel.access import may
from lianqi.kernel.clock import today
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.rate_limits import spend
from lianqi.kernel.sheets import XLSX
from lianqi.kernel.views.refusals import show_refusal
from lianqi.ledger.access import visible_uploads
from lianqi.ledger.actions.uploads import MAY, drop_upload, enter_upload
from lianqi.ledger.enums import UploadKind, UploadState
from lianqi.ledger.exports import report_workbook
from lianqi.ledger.forms.uploads import ItemImportForm, ReportUploadForm
from lianqi.ledger.models import Upload
from lianqi.ledger.queries.uploads import recent_uploads, reportable_items
from lianqi.organisation.views.signed_in import SignedInRequest

SHOWN_ROWS = 200
_FORMS: dict[str, Any] = {UploadKind.REPORTS: ReportUploadForm, UploadKind.ITEMS: ItemImportForm}
_TITLES = {
    UploadKind.REPORTS: gettext_lazy("上传进展表格"),
    UploadKind.ITEMS: gettext_lazy("导入已有台账"),
}
_PLACES = {UploadKind.REPORTS: "ledger:report_upload", UploadKind.ITEMS: "ledger:item_import"}


@login_required
@require_safe
def report_form(request: SignedInRequest) -> FileResponse:
    """Give the form that a unit fills in for this period: what it has in hand, two columns empty."""
    _require(request, UploadKind.REPORTS)
    spend("export", f"ledger-report:{request.user.pk}")
    return FileResponse(
        report_workbook(reportable_items(request.user)),
        as_attachment=True,
        filename=f"进展报送表{today():%Y%m%d}.xlsx",
        content_type=XLSX,
    )


@login_required
@require_http_methods(["GET", "POST"])
def report_upload(request: SignedInRequest) -> HttpResponse:
    """Take a filled report form and check it; nothing is reported yet."""
    return _take(request, UploadKind.REPORTS)


@login_required
@require_http_methods(["GET", "POST"])
def item_import(request: SignedInRequest) -> HttpResponse:
    """Take an existing ledger and check it; nothing is drafted yet."""
    return _take(request, UploadKind.ITEMS)


def _take(request: SignedInRequest, kind: UploadKind) -> HttpResponse:
    _require(request, kind)
    posted = request.method == "POST"
    form = _FORMS[kind](
        request.user,
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={"idempotency_key": str(uuid.uuid4())},
    )
    status = 422 if form.errors else 200
    if posted and form.is_valid():
        given = form.cleaned_data
        told = {name: str(value) for name, value in given.items() if name != "file"}
        try:
            upload, _fresh = once(
                request.user,
                given["idempotency_key"],
                {**told, "file": given["file"].sm3},
                lambda: form.save(actor=request.user),
            )
        except NotPermitted:
            raise
        except RuleBroken as problem:
            status = show_refusal(form, problem)
        else:
            return after_post(request, upload.get_absolute_url())
    context = {
        "form": form,
        "here": request.path,
        "title": _TITLES[kind],
        "reports": kind == UploadKind.REPORTS,
        "uploads": recent_uploads(request.user, kind),
        "trail": _trail(_TITLES[kind]),
    }
    return render_page(
        request, "ledger/upload_new.html", context, parts=["step-panel"], status=status
    )


@login_required
@require_safe
def upload_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what entering the table would do, or how each row fared."""
    return _show(request, _visible(request, pk))


@login_required
@require_POST
def upload_enter(request: SignedInRequest, pk: int) -> HttpResponse:
    """Enter the good rows, one by one."""
    upload = _visible(request, pk)
    try:
        enter_upload(upload, actor=request.user)
    except NotPermitted:
        raise
    except RuleBroken as problem:
        return _show(request, _visible(request, pk), problem.message, problem.status)
    done = sum(result["done"] for result in upload.results)
    messages.success(request, _("已导入%d行。") % done)
    return after_post(request, upload.get_absolute_url())


@login_required
@require_POST
def upload_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Throw the table away."""
    upload = _visible(request, pk)
    try:
        drop_upload(upload, actor=request.user)
    except NotPermitted:
        raise
    except RuleBroken as problem:
        return _show(request, _visible(request, pk), problem.message, problem.status)
    messages.success(request, _("已放弃，读入的数据已删除。"))
    return after_post(request, reverse(_PLACES[UploadKind(upload.kind)]))


def _show(
    request: SignedInRequest, upload: Upload, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "upload": upload,
        "waiting": upload.state == UploadState.PREVIEWED,
        "entered": upload.state == UploadState.ENTERED,
        "reports": upload.kind == UploadKind.REPORTS,
        "problem": problem,
        "good": len(upload.rows),
        "bad": len(upload.errors),
        "rows": upload.rows[:SHOWN_ROWS],
        "errors": upload.errors[:SHOWN_ROWS],
        "shown_rows": SHOWN_ROWS,
        "trail": _trail(upload.name),
    }
    return render_page(request, "ledger/upload_detail.html", context, status=status)


def _require(request: SignedInRequest, kind: UploadKind) -> None:
    if not may(request.user, MAY[kind]):
        raise NotPermitted("您的岗位不能办理这张表。")


def _visible(request: SignedInRequest, pk: int) -> Upload:
    return get_object_or_404(visible_uploads(request.user).select_related("uploaded_by"), pk=pk)


def _trail(here: object) -> list[dict[str, str]]:
    return [
        {"label": _("督办台账"), "url": reverse("ledger:item_list")},
        {"label": str(here), "url": ""},
    ]
