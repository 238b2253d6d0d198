"""开启身份: who may learn which firm filed a sealed appeal; applied for, decided, shown."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.appeals.access import handling_units, visible_appeals, visible_unsealings
from lianqi.appeals.forms.beside import UNSEALING_FORMS, UnsealingForm, unsealing_filter
from lianqi.appeals.models import Unsealing
from lianqi.appeals.queries.beside import beside, units_to_tell, unsealing_rows
from lianqi.appeals.views.beside import begin_beside, take_beside
from lianqi.appeals.workflow import UNSEALING
from lianqi.enterprises.access import in_appeals_office
from lianqi.kernel.access import may
from lianqi.kernel.errors import StepUnfit
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import keyset_page
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_safe
def unsealing_list(request: SignedInRequest) -> HttpResponse:
    """List the applications, newest first."""
    if not may(request.user, "appeals.list_unsealings"):
        raise PermissionDenied
    form = unsealing_filter(request.GET)
    rows = unsealing_rows(request.user, state=form.cleaned_data.get("state", ""))
    page = keyset_page(rows, request.GET, order=("-pk",), unit="件")
    context = {"page": page, "filter_form": form}
    return render_page(request, "appeals/unsealing_list.html", context, parts=["rows"])


@login_required
@require_http_methods(["GET", "POST"])
def unsealing_new(request: SignedInRequest, number: str) -> HttpResponse:
    """Ask for the name of a sealed appeal's firm, as the office or as a unit that handles it."""
    appeal = get_object_or_404(visible_appeals(request.user), number=number)
    by_office = in_appeals_office(request.user)
    if not (by_office or handling_units(request.user) & appeal.handling_unit_ids):
        raise PermissionDenied
    units = units_to_tell(request.user, appeal)
    if not appeal.sealed:
        raise StepUnfit("这件诉求没有要求保密，不用开启身份。")
    if not units.exists():
        raise StepUnfit("没有可以开启的单位：承办单位都已提出过，或者是您自己的单位。")
    posted = request.method == "POST"
    form = UnsealingForm(units, request.POST if posted else None, initial={"unit": units.first()})
    done, status = begin_beside(
        request,
        form,
        lambda: form.save(appeal, actor=request.user, by_office=by_office),
        _("已提出，批准后才能看到，并会告知企业。"),
    )
    if done:
        return done
    context = {"appeal": appeal, "form": form}
    return render_page(request, "appeals/unsealing_new.html", context, status=status)


@login_required
@require_safe
def unsealing_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one application with its reason, its clock and its history."""
    unsealing = _visible(request, pk)
    context = {
        "unsealing": unsealing,
        "record": beside(
            request.user, unsealing, UNSEALING, "appeals:unsealing_step", UNSEALING_FORMS
        ),
        "facts": [
            (_("向哪个单位开启"), unsealing.unit),
            (_("理由"), unsealing.reason),
            (_("单位提出人"), unsealing.asked_by or ""),
            (_("提请人"), unsealing.applied_by or ""),
            (_("审批人"), unsealing.decided_by or ""),
            (_("意见"), unsealing.note),
        ],
        "sees_appeal": may(request.user, "appeals.view", unsealing.appeal),
    }
    return render_page(request, "appeals/unsealing_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def unsealing_step(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    """Forward, decline, approve or refuse."""
    return take_beside(request, _visible(request, pk), UNSEALING, key, UNSEALING_FORMS)


def _visible(request: SignedInRequest, pk: int) -> Unsealing:
    rows = visible_unsealings(request.user).select_related(
        "appeal", "unit", "asked_by", "applied_by", "decided_by"
    )
    return get_object_or_404(rows, pk=pk)
