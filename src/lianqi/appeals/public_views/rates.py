"""三率公开: what has been frozen and published, for everybody, without sign-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from lianqi.appeals.public_views.everybody import for_everybody
from lianqi.appeals.queries.frozen import public_lines, public_tables
from lianqi.kernel.paging import keyset_page


@for_everybody
def public_rates(request: HttpRequest) -> HttpResponse:
    """List the published tables."""
    page = keyset_page(public_tables(), request.GET, order=("-pk",), unit="张")
    return render(request, "public/rates_list.html", {"page": page})


@for_everybody
def public_rates_table(request: HttpRequest, number: str) -> HttpResponse:
    """Show one published table: the district and its units, cells too small closed."""
    table = get_object_or_404(public_tables(), number=number)
    context = {
        "table": table,
        "lines": public_lines(table),
        "least": table.settings_then["public_least"],
    }
    return render(request, "public/rates_table.html", context)
