"""对账: the statements, one of them with both books side by side, its steps, the strike-off."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.kernel.access import may
from lianqi.kernel.documents import documents_about, readable_documents
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.paging import keyset_page, query_url
from lianqi.kernel.queries.records import owed_lines, step_links, timeline_of
from lianqi.kernel.rate_limits import spend
from lianqi.kernel.sheets import XLSX
from lianqi.kernel.views.refusals import show_refusal
from lianqi.kernel.views.stepping import step_context, take_step
from lianqi.ledger.access import visible_statements
from lianqi.ledger.exports import statement_workbook
from lianqi.ledger.forms.statements import (
    STATEMENT_FORMS,
    OpenStatementsForm,
    StatementFilterForm,
)
from lianqi.ledger.forms.striking import Struck, strike_off_agreed
from lianqi.ledger.models import Statement
from lianqi.ledger.queries.statements import BookLine, book_lines, statement_rows, summary
from lianqi.ledger.workflow import STATEMENT
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_safe
def statement_list(request: SignedInRequest) -> HttpResponse:
    """Show the statements by month, unit and state: overseers all, a unit its own."""
    if not may(request.user, "ledger.list_statements"):
        raise PermissionDenied
    form = StatementFilterForm(request.GET, request.user)
    rows = statement_rows(request.user, **form.asked())
    context = {
        "form": form,
        "page": keyset_page(rows, request.GET, order=("-pk",), unit="张"),
        "may_open": may(request.user, "ledger.open_statement"),
        "trail": [_ledger(), {"label": _("对账单"), "url": ""}],
    }
    return render_page(request, "ledger/statement_list.html", context, parts=["rows"])


@login_required
@require_http_methods(["GET", "POST"])
def statement_new(request: SignedInRequest) -> HttpResponse:
    """Open a month's statement of one unit, or of all that lead something."""
    if not may(request.user, "ledger.open_statement"):
        raise NotPermitted("对账单由联席会议办公室开出。")
    form = OpenStatementsForm(request.POST if request.method == "POST" else None)
    status = 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        try:
            opened = form.save(actor=request.user)
        except NotPermitted:
            raise
        except RuleBroken as problem:
            status = show_refusal(form, problem)
        else:
            count = len(opened.statements)
            told = ngettext("开出%d张对账单。", "开出%d张对账单。", count) % count
            if opened.before:
                told += (
                    ngettext("%d家此前已经开过。", "%d家此前已经开过。", opened.before)
                    % opened.before
                )
            messages.success(request, told)
            month = form.cleaned_data["month"]
            only = opened.statements[0] if count == 1 and not opened.before else None
            listed = query_url(reverse("ledger:statement_list"), month=month)
            return after_post(request, only.get_absolute_url() if only else listed)
    context = {"form": form, "trail": _trail(_("开出对账单"))}
    return render_page(
        request, "ledger/statement_new.html", context, parts=["step-panel"], status=status
    )


@login_required
@require_safe
def statement_detail(request: SignedInRequest, number: str) -> HttpResponse:
    """Show both books side by side; ``?step=`` opens the page with the form of that step."""
    statement = _visible(request, number)
    page = keyset_page(book_lines(statement), request.GET, order=("pk",), unit="项")
    counts = summary(statement)
    context: dict[str, Any] = {
        "statement": statement,
        "page": page,
        "lines": [BookLine(line) for line in page.rows],
        "counts": counts,
        "steps": step_links(
            STATEMENT,
            statement,
            request.user,
            address="ledger:statement_step",
            name=statement.number,
            hidden=(),
        ),
        "duties": owed_lines(statement),
        "timeline": timeline_of(statement),
        "documents": documents_about(statement).filter(pk__in=readable_documents(request.user)),
        "may_agree": may(request.user, "ledger.answer_statement", statement)
        and statement.state == "opened",
        "may_strike": bool(counts["strikeable"]) and may(request.user, "ledger.decide"),
        "once_key": uuid.uuid4(),
        "trail": _trail(statement.number),
    }
    asked = request.GET.get("step", "")
    if asked in STATEMENT_FORMS and may(request.user, STATEMENT.steps[asked].may, statement):
        step = STATEMENT.steps[asked]
        context.update(step_context(request, STATEMENT, statement, step, STATEMENT_FORMS))
    return render_page(request, "ledger/statement_detail.html", context, parts=["rows"])


@login_required
@require_http_methods(["GET", "POST"])
def statement_step(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """Show the form of a step, all lines at once, and take the step."""
    return take_step(
        request,
        STATEMENT,
        _visible(request, number),
        key,
        STATEMENT_FORMS,
        reload=lambda: _visible(request, number),
    )


@login_required
@require_POST
def statement_strike_off(request: SignedInRequest, number: str) -> HttpResponse:
    """Strike off all items that both books call done, and tell how each fared."""
    statement = _visible(request, number)
    if not may(request.user, "ledger.decide"):
        raise NotPermitted("销号由联席会议办公室办理。")
    results = strike_off_agreed(
        statement, actor=request.user, once_key=request.POST.get("idempotency_key", "")[:60]
    )
    context = {
        "statement": statement,
        "results": results,
        "said": _said(results),
        "trail": [
            *_trail(statement.number, statement.get_absolute_url()),
            {"label": _("销号"), "url": ""},
        ],
    }
    return render_page(request, "ledger/struck.html", context)


@login_required
@require_safe
def statement_export(request: SignedInRequest, number: str) -> FileResponse:
    """Give the statement as a workbook, both books side by side."""
    statement = _visible(request, number)
    spend("export", f"ledger-statement:{request.user.pk}")
    return FileResponse(
        statement_workbook([BookLine(line) for line in book_lines(statement)]),
        as_attachment=True,
        filename=f"{statement.unit.name}{statement.month}对账单.xlsx",
        content_type=XLSX,
    )


def _said(results: list[Struck]) -> str:
    done = sum(result.done for result in results)
    told = ngettext("%d件已销号", "%d件已销号", done) % done
    left = len(results) - done
    if not left:
        return _("%s。") % told
    return _("%(done)s，%(left)d件没有，原因见下表。") % {"done": told, "left": left}


def _visible(request: SignedInRequest, number: str) -> Statement:
    return get_object_or_404(visible_statements(request.user).select_related("unit"), number=number)


def _ledger() -> dict[str, str]:
    return {"label": _("督办台账"), "url": reverse("ledger:item_list")}


def _trail(here: str, url: str = "") -> list[dict[str, str]]:
    listed = {"label": _("对账单"), "url": reverse("ledger:statement_list")}
    return [_ledger(), listed, {"label": here, "url": url}]
