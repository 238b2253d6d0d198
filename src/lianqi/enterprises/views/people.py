"""Contacts and accounts of a firm."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianqi.enterprises.access import visible_contacts, visible_memberships
from lianqi.enterprises.actions import remove_contact, renew_password
from lianqi.enterprises.forms.people import AccountForm, ContactForm, EndAccountForm
from lianqi.enterprises.models import Contact, Enterprise, Membership
from lianqi.enterprises.views import home_of, require, visible
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.views.refusals import show_refusal


@login_required
@require_http_methods(["GET", "POST"])
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a person to call."""
    enterprise = visible(request, pk)
    require(request, "enterprises.correct_enterprise", enterprise)
    return _contact_page(request, enterprise, None)


@login_required
@require_http_methods(["GET", "POST"])
def contact_edit(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    """Correct or remove a person to call."""
    enterprise = visible(request, pk)
    require(request, "enterprises.correct_enterprise", enterprise)
    return _contact_page(request, enterprise, _contact(request, pk, contact_pk))


@login_required
@require_POST
def contact_remove(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    """Remove a person to call."""
    enterprise = visible(request, pk)
    require(request, "enterprises.correct_enterprise", enterprise)
    contact = _contact(request, pk, contact_pk)
    try:
        remove_contact(contact, actor=request.user)
    except RuleBroken as problem:
        form = ContactForm(contact=contact)
        return _show_contact(
            request, enterprise, form, refusal=problem.message, status=problem.status
        )
    messages.success(request, _("联系人已删除。"))
    return after_post(request, home_of(request, enterprise))


def _contact(request: HttpRequest, pk: int, contact_pk: int) -> Contact:
    rows = visible_contacts(request.user).select_related("enterprise")
    return get_object_or_404(rows, pk=contact_pk, enterprise=pk)


def _contact_page(
    request: HttpRequest, enterprise: Enterprise, contact: Contact | None
) -> HttpResponse:
    posted = request.method == "POST"
    form = ContactForm(request.POST if posted else None, contact=contact)
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            form.save(enterprise, actor=request.user)
        except RuleBroken as problem:
            status = show_refusal(form, problem)
        else:
            messages.success(request, _("联系人已保存。"))
            return after_post(request, home_of(request, enterprise))
    return _show_contact(request, enterprise, form, status=status)


def _show_contact(
    request: HttpRequest,
    enterprise: Enterprise,
    form: ContactForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    contact = form.contact
    at = [enterprise.pk, contact.pk] if contact else [enterprise.pk]
    name = "enterprises:contact_edit" if contact else "enterprises:contact_new"
    remove_url = reverse("enterprises:contact_remove", args=at) if contact else ""
    context = {
        "enterprise": enterprise,
        "form": form,
        "refusal": refusal,
        "title": _("更正联系人") if contact else _("新增联系人"),
        "here": reverse(name, args=at),
        "remove_url": remove_url,
        "back": home_of(request, enterprise),
    }
    return render_page(
        request, "enterprises/contact.html", context, parts=["step-panel"], status=status
    )


# --- accounts


@login_required
@require_http_methods(["GET", "POST"])
def account_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a further account for the firm; its one-time password is shown once."""
    enterprise = visible(request, pk)
    require(request, "enterprises.open_account", enterprise)
    posted = request.method == "POST"
    form = AccountForm(request.POST if posted else None)
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            user, password = form.save(enterprise, actor=request.user)
        except RuleBroken as problem:
            status = show_refusal(form, problem)
        else:
            return _show_password(request, enterprise, user.username, password)
    here = reverse("enterprises:account_new", args=[pk])
    return _show_form(request, enterprise, form, _("开通企业账号"), here, status)


@login_required
@require_http_methods(["GET", "POST"])
def account_renew(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    """Ask first, then give the account a new one-time password, shown once."""
    enterprise = visible(request, pk)
    require(request, "enterprises.open_account", enterprise)
    held = _membership(request, pk, membership_pk)
    form = Form(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            password = renew_password(held, actor=request.user)
        except RuleBroken as problem:
            status = show_refusal(form, problem)
        else:
            return _show_password(request, enterprise, held.user.username, password)
    title = _("重置“%(name)s”的密码") % {"name": held.user.username}
    here = reverse("enterprises:account_renew", args=[pk, membership_pk])
    return _show_form(request, enterprise, form, title, here, status)


@login_required
@require_http_methods(["GET", "POST"])
def account_end(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    """Let an account act for the firm no longer."""
    enterprise = visible(request, pk)
    require(request, "enterprises.open_account", enterprise)
    held = _membership(request, pk, membership_pk)
    posted = request.method == "POST"
    form = EndAccountForm(request.POST if posted else None)
    status = 422 if posted else 200
    if posted and form.is_valid():
        form.save(held, actor=request.user)
        messages.success(request, _("账号已停用。"))
        return after_post(request, home_of(request, enterprise))
    title = _("停用账号“%(name)s”") % {"name": held.user.username}
    here = reverse("enterprises:account_end", args=[pk, membership_pk])
    return _show_form(request, enterprise, form, title, here, status)


def _membership(request: HttpRequest, pk: int, membership_pk: int) -> Membership:
    rows = visible_memberships(request.user).select_related("user", "enterprise")
    return get_object_or_404(rows, pk=membership_pk, enterprise=pk)


def _show_form(
    request: HttpRequest, enterprise: Enterprise, form: Any, title: str, here: str, status: int
) -> HttpResponse:
    context = {
        "enterprise": enterprise,
        "form": form,
        "title": title,
        "here": here,
        "back": home_of(request, enterprise),
    }
    return render_page(request, "enterprises/account.html", context, status=status)


def _show_password(
    request: HttpRequest, enterprise: Enterprise, username: str, password: str
) -> HttpResponse:
    """Show the password in the answer itself: it is stored nowhere, not even in the session."""
    context = {
        "enterprise": enterprise,
        "pairs": [(_("用户名"), username), (_("一次性密码"), password)],
        "back": home_of(request, enterprise),
    }
    response = render_page(request, "enterprises/password.html", context)
    response["Cache-Control"] = "no-store"
    return response
