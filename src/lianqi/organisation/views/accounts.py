"""Accounts: the list, one account, and the acts of the security administrator."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.paging import keyset_page, query_url
from lianqi.organisation import actions
from lianqi.organisation.access import visible_users
from lianqi.organisation.forms.people import AccountFilter, AccountForm, ConfirmForm, ReasonForm
from lianqi.organisation.models import User
from lianqi.organisation.queries.accounts import (
    VIEWS,
    account_lines,
    account_rows,
    has_second_factor,
    looks_shared,
    open_doors,
    posts_by_user,
    posts_of,
)
from lianqi.organisation.sign_in.rules import needs_second_factor
from lianqi.organisation.views import StepLink, require_page

PERMISSION = "organisation.open_account"


@dataclass(frozen=True)
class AccountAct:
    """One act on an account: its words, its form, the action, and when it is offered."""

    label: Any
    form: type[forms.Form]
    act: Callable[..., Any]
    offered: Callable[[User], bool]
    note: Any = ""
    kind: str = "primary"
    tone: str = "normal"


ACTS = {
    "reset_password": AccountAct(
        gettext_lazy("重置密码"),
        ConfirmForm,
        actions.reset_password,
        lambda user: user.is_active,
        gettext_lazy(
            "原密码立即失效，已登录的浏览器全部退出，接口令牌作废。一次性密码只显示一次。"
        ),
    ),
    "reset_second_factor": AccountAct(
        gettext_lazy("重置两步验证"),
        ReasonForm,
        actions.reset_second_factor,
        has_second_factor,
        gettext_lazy("用于手机遗失或更换。请先当面或电话核实本人身份；本人下次登录须重新绑定。"),
    ),
    "end_sessions": AccountAct(
        gettext_lazy("强制退出"),
        ReasonForm,
        actions.end_sessions,
        lambda user: user.is_active,
        gettext_lazy("该账号在所有浏览器上退出登录，可以重新登录。"),
    ),
    "suspend": AccountAct(
        gettext_lazy("停用账号"),
        ReasonForm,
        actions.suspend_account,
        lambda user: user.is_active,
        gettext_lazy("立即退出登录，不能再登录；任职和办理记录保留。"),
        kind="danger",
        tone="danger",
    ),
    "restore": AccountAct(
        gettext_lazy("启用账号"),
        ReasonForm,
        actions.restore_account,
        lambda user: not user.is_active,
        tone="primary",
    ),
}


@login_required
@require_http_methods(["GET", "POST"])
def account_list(request: HttpRequest) -> HttpResponse:
    """Show the accounts; in the view of unused ones several can be suspended at once."""
    user = require_page(request, PERMISSION)
    posted = request.method == "POST"
    filter_form = AccountFilter(request.GET)
    text = filter_form.cleaned_data["q"] if filter_form.is_valid() else ""
    view = request.GET.get("view", "")
    rows = account_rows(user, view=view, text=text)
    form = ReasonForm(request.POST if posted else None)
    status = 200
    if posted and form.is_valid():
        chosen = [pk for pk in request.POST.getlist("chosen") if pk.isdigit()]
        try:
            count = _suspend(rows, chosen, user, form.cleaned_data["reason"])
        except RuleBroken as problem:
            form.add_error(None, problem.message)
            status = problem.status
        else:
            messages.success(request, _("已停用%d个账号。") % count)
            return after_post(request, request.get_full_path())
    elif form.errors:
        status = 422
    page = keyset_page(rows, request.GET, order=("-pk",), unit="个")
    posts = posts_by_user(page.rows)
    context = {
        "page": page,
        "lines": [{"user": row, "posts": posts.get(row.pk, [])} for row in page.rows],
        "filter_form": filter_form,
        "form": form,
        "bulk": view == "unused",
        "here": request.get_full_path(),
        "views": [
            {
                "label": label,
                "url": query_url("", view=key, q=text) or "?",
                "active": key == view,
            }
            for key, label in VIEWS.items()
        ],
    }
    return render_page(
        request, "organisation/account_list.html", context, parts=["rows"], status=status
    )


def _suspend(rows: Any, chosen: list[str], actor: User, reason: str) -> int:
    if not chosen:
        raise RuleBroken("请先勾选要停用的账号。")
    return actions.suspend_unused(rows.filter(pk__in=chosen), actor=actor, reason=reason)


@login_required
@require_http_methods(["GET", "POST"])
def account_new(request: HttpRequest) -> HttpResponse:
    """Open an account and show its one-time password, once."""
    user = require_page(request, PERMISSION)
    posted = request.method == "POST"
    form = AccountForm(request.POST if posted else None, initial={"idempotency_key": uuid.uuid4()})
    status = 422 if form.errors else 200
    if posted and form.is_valid():
        try:
            return _opened(request, form, user)
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
    context = {"form": form}
    return render_page(
        request, "organisation/account_new.html", context, parts=["step-panel"], status=status
    )


def _opened(request: HttpRequest, form: AccountForm, actor: User) -> HttpResponse:
    told: list[str] = []

    def create() -> User:
        made, password = form.save(actor=actor)
        told.append(password)
        return made

    content = {key: str(value) for key, value in form.cleaned_data.items()}
    made, _fresh = once(actor, form.cleaned_data["idempotency_key"], content, create)
    return _show_password(request, made, told[0] if told else "")


def _show_password(request: HttpRequest, account: User, password: str) -> HttpResponse:
    """Answer with the password itself: it is kept nowhere, so no later page could show it."""
    context = {"account": account, "password": password}
    return render_page(request, "organisation/account_password.html", context, parts=["step-panel"])


@login_required
@require_GET
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an account: its posts, its open sessions, what happened to it, and the acts."""
    user = require_page(request, PERMISSION)
    account = get_object_or_404(visible_users(user), pk=pk)
    doors = open_doors(account)
    steps = [
        StepLink(key, act.label, reverse("organisation:account_act", args=[pk, key]), act.tone)
        for key, act in ACTS.items()
        if act.offered(account)
    ]
    context = {
        "account": account,
        "steps": steps,
        "posts": posts_of(account),
        "doors": doors,
        "shared": looks_shared(doors),
        "second_factor": has_second_factor(account),
        "needs_second_factor": needs_second_factor(account),
        "lines": account_lines(account),
        "trail": [
            {"label": _("账号管理"), "url": reverse("organisation:account_list")},
            {"label": account.full_name, "url": ""},
        ],
    }
    return render_page(request, "organisation/account_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def account_act(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Take an act on an account."""
    user = require_page(request, PERMISSION)
    account = get_object_or_404(visible_users(user), pk=pk)
    act = ACTS.get(key)
    if act is None:
        raise Http404
    posted = request.method == "POST"
    form = act.form(request.POST if posted else None)
    status = 422 if form.errors else 200
    if posted and form.is_valid():
        try:
            done = act.act(account, actor=user, **form.cleaned_data)
        except RuleBroken as problem:
            form.add_error(None, problem.message)
            status = problem.status
        else:
            if key == "reset_password":
                return _show_password(request, account, done)
            messages.success(request, _("已办理：%s。") % act.label)
            return after_post(request, reverse("organisation:account_detail", args=[pk]))
    context = {"account": account, "form": form, "act": act, "here": request.path}
    return render_page(
        request, "organisation/account_act.html", context, parts=["step-panel"], status=status
    )
