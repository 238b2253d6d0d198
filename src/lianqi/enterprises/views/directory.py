"""The directory: list, export, and entering a firm."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.engines.identifiers import uscc_warnings
from lianqi.enterprises.exports import enterprise_sheet, xlsx_response
from lianqi.enterprises.forms.filtering import DirectoryFilter
from lianqi.enterprises.forms.office import EnterForm
from lianqi.enterprises.models import Enterprise
from lianqi.enterprises.queries.directory import directory_views, enterprise_list, enterprise_page
from lianqi.enterprises.views import require
from lianqi.kernel.access import may
from lianqi.kernel.clock import today
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.paging import query_url
from lianqi.kernel.rate_limits import spend
from lianqi.kernel.views.refusals import show_refusal


@login_required
@require_safe
def enterprise_list_page(request: HttpRequest) -> HttpResponse:
    """Show the directory."""
    require(request, "enterprises.view_list")
    form = DirectoryFilter(request.GET)
    chosen = form.chosen()
    context = {
        "filter_form": form,
        "views": directory_views(request.user, chosen.get("state", "")),
        "page": enterprise_page(enterprise_list(request.user, chosen), request.GET),
        "export_url": query_url(reverse("enterprises:enterprise_export"), **chosen),
        "may_enter": may(request.user, "enterprises.enter_enterprise"),
        "may_import": may(request.user, "enterprises.import_enterprises"),
    }
    return render_page(request, "enterprises/list.html", context, parts=["rows"])


@login_required
@require_safe
def enterprise_export(request: HttpRequest) -> HttpResponse:
    """Give exactly the list as a spreadsheet."""
    require(request, "enterprises.view_list")
    spend("export", f"enterprises:{request.user.pk}")
    rows = enterprise_list(request.user, DirectoryFilter(request.GET).chosen())
    return xlsx_response(f"企业名录{today():%Y%m%d}.xlsx", enterprise_sheet(rows))


@login_required
@require_http_methods(["GET", "POST"])
def enterprise_new(request: HttpRequest) -> HttpResponse:
    """Enter a firm that the office knows."""
    require(request, "enterprises.enter_enterprise")
    posted = request.method == "POST"
    form = EnterForm(
        request.POST if posted else None, initial={"idempotency_key": str(uuid.uuid4())}
    )
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            made = _entered(request, form)
        except RuleBroken as problem:
            status = show_refusal(form, problem)
        else:
            for warning in uscc_warnings(made.uscc) if made.uscc else []:
                messages.warning(request, warning)
            messages.success(request, _("已登记入库：%(name)s。") % {"name": made.name})
            return after_post(request, made.get_absolute_url())
    context = {"form": form, "trail": _trail(_("登记企业"))}
    return render_page(
        request, "enterprises/new.html", context, parts=["step-panel"], status=status
    )


def _entered(request: HttpRequest, form: EnterForm) -> Enterprise:
    def enter() -> tuple[Enterprise, bool]:
        key = form.cleaned_data["idempotency_key"]
        return once(request.user, key, form.content(), lambda: form.save(actor=request.user))

    try:
        made, _fresh = enter()
    except RuleBroken:
        # Of two clicks at once, the second finds the code taken: by the first, if the key is known.
        made, _fresh = enter()
    return made


def _trail(here: str) -> list[dict[str, str]]:
    return [
        {"label": _("企业名录"), "url": reverse("enterprises:enterprise_list")},
        {"label": here, "url": ""},
    ]
