"""A person's own account: posts, password, second factor, sessions."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lianqi.kernel.htmx import render_page
from lianqi.organisation.passwords import PASSWORD_LIFE
from lianqi.organisation.queries.accounts import has_second_factor, open_doors
from lianqi.organisation.sign_in.rules import needs_second_factor, rotates_password
from lianqi.organisation.views import user_of


@login_required
@require_GET
def my_account(request: HttpRequest) -> HttpResponse:
    """Show the person what protects the account, and the ways to change it."""
    user = user_of(request)
    due = None
    if rotates_password(user) and user.password_set_at:
        due = user.password_set_at + PASSWORD_LIFE
    context = {
        "second_factor": has_second_factor(user),
        "needs_second_factor": needs_second_factor(user),
        "password_due": due,
        "door_count": len(open_doors(user)),
    }
    return render_page(request, "organisation/my_account.html", context)


@require_GET
def password_reset_help(request: HttpRequest) -> HttpResponse:
    """Say who sets a forgotten password; accounts need no mail address, so none is sent."""
    return render(request, "account/password_reset.html")
