"""The ledger's list, one item, its steps, a new item."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.kernel.access import may, visible_subjects
from lianqi.kernel.clock import today
from lianqi.kernel.documents import documents_about, readable_documents
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.paging import keyset_page
from lianqi.kernel.queries.lists import own_list
from lianqi.kernel.rate_limits import spend
from lianqi.kernel.sheets import XLSX
from lianqi.kernel.templatetags.ui import capped
from lianqi.kernel.views.stepping import step_context, take_step
from lianqi.ledger.access import visible_items
from lianqi.ledger.enums import ItemSource
from lianqi.ledger.exports import item_workbook
from lianqi.ledger.forms import ITEM_FORMS, DraftItemForm, ItemFilterForm
from lianqi.ledger.models import Item
from lianqi.ledger.queries.columns import COLUMNS, COMPOSED, ITEM_LIST
from lianqi.ledger.queries.items import VIEWS, ItemRow, filtered_items, loaded, view_counts
from lianqi.ledger.queries.record import item_record
from lianqi.ledger.workflow import ITEM
from lianqi.organisation.views.signed_in import SignedInRequest

CHUNK = 500


@login_required
@require_safe
def item_list(request: SignedInRequest) -> HttpResponse:
    """Show the ledger: overseers all of it, a unit what it leads or shares."""
    form = _asked(request)
    own = own_list(ITEM_LIST, request.user, request.GET)
    if not request.GET and own.opens_with:
        return redirect(own.opens_with)
    rows = filtered_items(request.user, **form.asked())
    page = keyset_page(loaded(rows), request.GET, order=("sort_on", "pk"), unit="件")
    more = [COLUMNS[key] for key in own.columns if key not in COMPOSED]
    counts = view_counts(request.user)
    context = {
        "page": page,
        "rows": [
            (row, [(one.label, one.text(row)) for one in more])
            for row in (ItemRow(item) for item in page.rows)
        ],
        "columns": own.columns,
        "more_columns": more,
        "form": form,
        "own": own,
        "views": [
            {
                "label": label,
                "url": f"{reverse('ledger:item_list')}?view={key}",
                "active": key == form.view_key and not own.active,
                "count": capped(counts[key]) if key in counts else "",
            }
            for key, (label, _) in VIEWS.items()
        ]
        + own.tabs,
        "export_url": f"{reverse('ledger:item_export')}?{request.GET.urlencode()}",
        "may_draft": may(request.user, "ledger.draft"),
        "may_import": may(request.user, "ledger.import_items"),
        "may_upload": may(request.user, "ledger.upload_reports"),
        "may_view_plans": may(request.user, "ledger.view_plans"),
    }
    return render_page(request, "ledger/list.html", context, parts=["rows"])


@login_required
@require_safe
def item_export(request: SignedInRequest) -> FileResponse:
    """Give the same list as a workbook, all pages of it."""
    form = _asked(request)
    spend("export", f"ledger:{request.user.pk}")
    own = own_list(ITEM_LIST, request.user, request.GET)
    rows = loaded(filtered_items(request.user, **form.asked())).order_by("sort_on", "pk")
    book = item_workbook((ItemRow(item) for item in rows.iterator(chunk_size=CHUNK)), own.chosen)
    return FileResponse(
        book, as_attachment=True, filename=f"督办台账{today():%Y%m%d}.xlsx", content_type=XLSX
    )


def _asked(request: SignedInRequest) -> ItemFilterForm:
    if not may(request.user, "ledger.view_list"):
        raise PermissionDenied
    return ItemFilterForm(request.GET, request.user)


@login_required
@require_safe
def item_detail(request: SignedInRequest, number: str) -> HttpResponse:
    """Show one item; ``?step=`` opens it with the form of that step."""
    item = _visible(request, number)
    context: dict[str, Any] = {
        "item": item,
        "record": item_record(request.user, item),
        "documents": documents_about(item).filter(pk__in=readable_documents(request.user)),
        "trail": [
            {"label": _("督办台账"), "url": reverse("ledger:item_list")},
            {"label": item.number, "url": ""},
        ],
    }
    asked = request.GET.get("step", "")
    if asked in ITEM_FORMS and may(request.user, ITEM.steps[asked].may, item):
        context.update(step_context(request, ITEM, item, ITEM.steps[asked], ITEM_FORMS))
    return render_page(request, "ledger/detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def item_step(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """Show the form of a step, as a part of the item's page or alone, and take the step."""
    item = _visible(request, number)
    return take_step(request, ITEM, item, key, ITEM_FORMS, reload=lambda: _visible(request, number))


def _visible(request: SignedInRequest, number: str) -> Item:
    return get_object_or_404(loaded(visible_items(request.user)), number=number)


def _origin(request: SignedInRequest) -> Model | None:
    """Return the record that the new item is born from, if this person may see it."""
    asked = request.POST.get("about") or request.GET.get("about") or ""
    label, _colon, key = asked.partition(":")
    rows = visible_subjects(request.user, label) if key.isdecimal() else None
    if not asked:
        return None
    if rows is None:
        raise Http404
    return get_object_or_404(rows, pk=key)


def _born_from(origin: Model | None) -> dict[str, Any]:
    """Return what an item begins with that an escalated appeal, or another record, gives rise to."""
    if origin is None:
        return {}
    return {
        "about": f"{origin._meta.label_lower}:{origin.pk}",
        "title": getattr(origin, "title", str(origin)),
        "basis": str(origin)[:200],
        "source": ItemSource.APPEAL,
    }


@login_required
@require_http_methods(["GET", "POST"])
def item_new(request: SignedInRequest) -> HttpResponse:
    """Draft an item by hand."""
    if not may(request.user, "ledger.draft"):
        raise NotPermitted("拟立项由联席会议办公室、办公室主任或召集人办理。")
    posted = request.method == "POST"
    origin = _origin(request)
    form = DraftItemForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={"idempotency_key": uuid.uuid4(), **_born_from(origin)},
    )
    status = 422 if form.errors else 200
    if posted and form.is_valid():
        key = form.cleaned_data["idempotency_key"]
        told = {name: str(value) for name, value in form.cleaned_data.items() if name != "files"}
        try:
            item, _fresh = once(
                request.user, key, told, lambda: form.save(actor=request.user, origin=origin)[0]
            )
        except NotPermitted:
            raise
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
        else:
            messages.success(request, _("已拟立项，编号%s。") % item.number)
            return after_post(request, item.get_absolute_url())
    context = {"form": form, "here": request.path, "origin": origin}
    return render_page(request, "ledger/new.html", context, parts=["step-panel"], status=status)
