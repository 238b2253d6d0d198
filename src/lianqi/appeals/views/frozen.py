"""固化表: the list, freezing, a frozen table with its rows, what has changed since, publishing."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.appeals.access import oversees_appeals
from lianqi.appeals.actions import publish_rates
from lianqi.appeals.exports import rates_workbook
from lianqi.appeals.forms.rates import FreezeForm
from lianqi.appeals.models import FrozenRates
from lianqi.appeals.queries.frozen import (
    changes_since,
    frozen_rate_rows,
    frozen_rates_table,
    is_intact,
    visible_tables,
)
from lianqi.appeals.queries.periods import preset
from lianqi.appeals.queries.rates import cell_label
from lianqi.appeals.views.lists import XLSX
from lianqi.appeals.views.rates import show_rows
from lianqi.kernel.access import may
from lianqi.kernel.clause_texts import clauses_behind
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.paging import keyset_page
from lianqi.kernel.rate_limits import spend
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_safe
def frozen_rates_list(request: SignedInRequest) -> HttpResponse:
    """Show what has been frozen."""
    if not may(request.user, "appeals.view_rates"):
        raise PermissionDenied
    context = {
        "page": keyset_page(visible_tables(request.user), request.GET, order=("-pk",), unit="张"),
        "may_freeze": may(request.user, "appeals.freeze_rates"),
    }
    return render_page(request, "appeals/frozen_rates_list.html", context, parts=["rows"])


@login_required
@require_http_methods(["GET", "POST"])
def frozen_rates_new(request: SignedInRequest) -> HttpResponse:
    """Freeze the rates of a period."""
    if not may(request.user, "appeals.freeze_rates"):
        raise NotPermitted("固化三率由专班办公室办理。")
    posted = request.method == "POST"
    usual = preset("last_month")
    form = FreezeForm(
        request.POST if posted else None,
        initial={
            "first_day": usual.first,
            "last_day": usual.last,
            "idempotency_key": uuid.uuid4(),
        },
    )
    status = 200
    if posted and form.is_valid():
        content = {name: str(value) for name, value in form.cleaned_data.items()}
        key = content.pop("idempotency_key")
        try:
            table, _fresh = once(request.user, key, content, lambda: form.save(actor=request.user))
        except NotPermitted:
            raise
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
        else:
            messages.success(request, _("已固化：%s。") % table)
            return after_post(request, table.get_absolute_url())
    elif form.errors:
        status = 422
    context = {"form": form, "here": request.path, "clauses": clauses_behind("A3-3-5")}
    return render_page(
        request, "appeals/frozen_rates_new.html", context, parts=["step-panel"], status=status
    )


@login_required
@require_safe
def frozen_rates_detail(request: SignedInRequest, number: str) -> HttpResponse:
    """Show a table as it was frozen, and whether counting it again gives the same."""
    table = _visible(request, number)
    everything = oversees_appeals(request.user)
    context = {
        "frozen": table,
        "table": frozen_rates_table(request.user, table),
        "intact": is_intact(table),
        "changes": changes_since(table) if everything else None,
        "may_publish": table.published_at is None and may(request.user, "appeals.publish_rates"),
        "trail": [
            {"label": _("诉求三率"), "url": reverse("appeals:rates")},
            {"label": _("固化表"), "url": reverse("appeals:frozen_rates_list")},
            {"label": table.number, "url": ""},
        ],
    }
    return render_page(request, "appeals/frozen_rates_detail.html", context)


@login_required
@require_safe
def frozen_rate_rows_page(request: SignedInRequest, number: str) -> HttpResponse:
    """Show the frozen rows that a frozen figure was counted from."""
    table = _visible(request, number)
    cell = request.GET.get("cell", "")
    try:
        rows = frozen_rate_rows(request.user, table, cell, unit=request.GET.get("unit", ""))
        label = cell_label(cell)
    except KeyError as unknown:
        raise Http404 from unknown
    return show_rows(request, rows, f"{table.number} · {label}", None)


@login_required
@require_safe
def frozen_rates_export(request: SignedInRequest, number: str) -> FileResponse:
    """Give a frozen table as a workbook."""
    table = _visible(request, number)
    spend("export", f"rates:{request.user.pk}")
    return FileResponse(
        rates_workbook(frozen_rates_table(request.user, table)),
        as_attachment=True,
        filename=f"诉求三率{table.number}.xlsx",
        content_type=XLSX,
    )


@login_required
@require_POST
def frozen_rates_publish(request: SignedInRequest, number: str) -> HttpResponse:
    """Let everybody read the table."""
    table = publish_rates(_visible(request, number), actor=request.user)
    messages.success(request, _("已公开：%s。") % table)
    return after_post(request, table.get_absolute_url())


def _visible(request: SignedInRequest, number: str) -> FrozenRates:
    return get_object_or_404(visible_tables(request.user), number=number)
