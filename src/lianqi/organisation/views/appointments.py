"""Putting people into posts and ending their posts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianqi.kernel.access import may
from lianqi.kernel.clock import today
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.organisation.access import visible_users
from lianqi.organisation.forms.people import AppointmentForm, EndAppointmentForm
from lianqi.organisation.models import Appointment, Body, Unit, User
from lianqi.organisation.queries.accounts import appointable_people
from lianqi.organisation.views import require_page

PERMISSION = "organisation.appoint"


@login_required
@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest) -> HttpResponse:
    """Put a person into a post."""
    user = require_page(request, PERMISSION)
    posted = request.method == "POST"
    form = AppointmentForm(
        request.POST if posted else None,
        people=appointable_people(_named(request, user)),
        administrators=may(user, "organisation.appoint_administrator"),
        initial=_preset(request),
    )
    status = 422 if form.errors else 200
    if posted and form.is_valid():
        try:
            made = form.save(actor=user)
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
        else:
            messages.success(request, _("已登记：%s。") % made)
            return after_post(request, _place_of(made, user))
    context = {"form": form, "here": request.get_full_path()}
    return render_page(
        request, "organisation/appoint.html", context, parts=["step-panel"], status=status
    )


def _named(request: HttpRequest, user: User) -> str:
    """Return the number of the person in the address, if this one may see that account."""
    named = request.GET.get("user", "")
    seen = named.isdecimal() and len(named) < 18 and visible_users(user).filter(pk=named).exists()
    return named if seen else ""


def _preset(request: HttpRequest) -> dict[str, object]:
    return {
        "user": request.GET.get("user", ""),
        "unit": Unit.objects.filter(code=request.GET.get("unit", "")).first(),
        "body": Body.objects.filter(code=request.GET.get("body", "")).first(),
        "post": request.GET.get("post", ""),
    }


def _place_of(held: Appointment, user: User) -> str:
    if held.body_id:
        return reverse("organisation:bodies")
    if held.unit is not None:
        return held.unit.get_absolute_url()
    return reverse("organisation:account_detail", args=[held.user_id])


@login_required
@require_http_methods(["GET", "POST"])
def appointment_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a person's post."""
    user = require_page(request, PERMISSION)
    held = get_object_or_404(Appointment.objects.select_related("user", "unit", "body"), pk=pk)
    posted = request.method == "POST"
    form = EndAppointmentForm(request.POST if posted else None, initial={"last_day": today()})
    status = 422 if form.errors else 200
    if posted and form.is_valid():
        try:
            form.save(held, actor=user)
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
        else:
            messages.success(request, _("已终止：%s。") % held)
            return after_post(request, _place_of(held, user))
    context = {"held": held, "form": form, "here": request.path, "back": _place_of(held, user)}
    return render_page(
        request, "organisation/appointment_end.html", context, parts=["step-panel"], status=status
    )
