"""公开案例: questions that firms asked, with their answers and without the firms."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lianqi.appeals.access import published_cases
from lianqi.appeals.forms.beside import PublicCaseFilter
from lianqi.appeals.queries.beside import public_case_rows, units_with_cases
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import keyset_page

PAGE_SIZE = 20
# A case whose firm takes its consent back is gone from every cache within this time.
KEPT_SECONDS = 60
View = Callable[..., HttpResponse]


def for_everybody(view: View) -> View:
    """Let caches keep a page for a minute, and search engines find it if the district wants that."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not settings.LIANQI_PUBLIC_INDEXED:
            response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return require_safe(cache_control(public=True, max_age=KEPT_SECONDS)(shown))


@for_everybody
def case_list(request: HttpRequest) -> HttpResponse:
    """List the published cases, newest first, searched in their public texts only."""
    form = PublicCaseFilter(request.GET, units_with_cases())
    rows = public_case_rows(**form.asked())
    page = keyset_page(rows, request.GET, order=("-pk",), size=PAGE_SIZE, unit="件")
    context = {"page": page, "filter_form": form}
    return render_page(request, "public/case_list.html", context, parts=["rows"])


@for_everybody
def case_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one published case; a case that is not public, or not any more, is not there."""
    case = get_object_or_404(published_cases().select_related("unit"), pk=pk)
    return render_page(request, "public/case_detail.html", {"case": case})
