"""Own views and columns of a list: kept, renamed, dropped; then back to the list."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianqi.kernel.access import may
from lianqi.kernel.actions import (
    choose_columns,
    drop_view,
    open_with_view,
    rename_view,
    save_view,
)
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.list_forms import ViewNameForm
from lianqi.kernel.lists import ShapedList, lasting, shaped_list
from lianqi.kernel.models import SavedView
from lianqi.kernel.queries.lists import own_views


@login_required
@require_POST
def view_save(request: HttpRequest, list_key: str) -> HttpResponse:
    """Keep the filters of the list under a name."""
    shaped, query = _opened(request, list_key), request.POST.get("query", "")
    form = ViewNameForm(request.POST)
    if form.is_valid():
        try:
            name = form.cleaned_data["name"]
            view = save_view(shaped, actor=request.user, name=name, query=query)
        except RuleBroken as problem:
            form.add_error("name", problem.message)
        else:
            messages.success(request, _("已保存视图：%s。") % view.name)
            return after_post(request, shaped.address(f"{view.query}&saved={view.pk}"))
    return _name_again(request, shaped, form, lasting(query), request.path)


@login_required
@require_POST
def view_rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a view another name."""
    view = get_object_or_404(own_views(request.user), pk=pk)
    form = ViewNameForm(request.POST)
    if form.is_valid():
        try:
            rename_view(view, actor=request.user, name=form.cleaned_data["name"])
        except RuleBroken as problem:
            form.add_error("name", problem.message)
        else:
            messages.success(request, _("已改名：%s。") % view.name)
            return after_post(request, _shown(view))
    return _name_again(request, shaped_list(view.list_key), form, view.query, request.path)


@login_required
@require_POST
def view_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view; the list stays."""
    view = get_object_or_404(own_views(request.user), pk=pk)
    drop_view(view, actor=request.user)
    messages.success(request, _("已删除视图：%s。") % view.name)
    return after_post(request, shaped_list(view.list_key).address(view.query))


@login_required
@require_POST
def view_first(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the list open with this view, or no longer."""
    view = get_object_or_404(own_views(request.user), pk=pk)
    open_with_view(view, actor=request.user, first=request.POST.get("first") == "1")
    return after_post(request, _shown(view))


@login_required
@require_POST
def columns_choose(request: HttpRequest, list_key: str) -> HttpResponse:
    """Choose the columns of the list and of its export."""
    shaped = _opened(request, list_key)
    choose_columns(shaped, actor=request.user, columns=request.POST.getlist("columns"))
    return after_post(request, shaped.address(lasting(request.POST.get("query", ""))))


def _opened(request: HttpRequest, list_key: str) -> ShapedList:
    """Return a list that this person may open; PermissionDenied if it is not theirs to shape."""
    shaped = shaped_list(list_key)
    if not may(request.user, shaped.may):
        raise PermissionDenied
    return shaped


def _shown(view: SavedView) -> str:
    return shaped_list(view.list_key).address(f"{view.query}&saved={view.pk}")


def _name_again(
    request: HttpRequest, shaped: ShapedList, form: ViewNameForm, query: str, here: str
) -> HttpResponse:
    context = {"form": form, "query": query, "here": here, "back": shaped.address(query)}
    return render_page(request, "kernel/view_name.html", context, status=422)
