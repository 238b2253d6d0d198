"""公开案例: questions that firms asked, with their answers and without the firms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from lianqi.appeals.access import published_cases
from lianqi.appeals.forms.beside import PublicCaseFilter
from lianqi.appeals.public_views.everybody import for_everybody
from lianqi.appeals.queries.beside import public_case_rows, units_with_cases
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import keyset_page

PAGE_SIZE = 20


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
