"""Field studies: the list, a plan, one study, its steps."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.conference.access import visible_studies, works_in_office
from lianqi.conference.forms import STUDY_FORMS, PlanStudyForm, StudyFilter
from lianqi.conference.forms.topics import BODIES_THAT_MEET
from lianqi.conference.models import FieldStudy
from lianqi.conference.queries.studies import study_record, study_rows
from lianqi.conference.views.meetings import offices_of
from lianqi.conference.views.steps import fill_in, forms_for, opened_step
from lianqi.conference.workflow import STUDY
from lianqi.kernel.access import may
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import keyset_page
from lianqi.kernel.views.stepping import take_step
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_safe
def study_list(request: SignedInRequest) -> HttpResponse:
    """List the studies this person may see, newest first."""
    if not may(request.user, "conference.view_room"):
        raise PermissionDenied
    form = StudyFilter(request.GET)
    rows = study_rows(request.user, **form.asked())
    context = {
        "page": keyset_page(rows, request.GET, order=("-pk",), unit="件"),
        "filter_form": form,
        "may_plan": any(works_in_office(request.user, code) for code in BODIES_THAT_MEET),
    }
    return render_page(request, "conference/study_list.html", context, parts=["rows"])


@login_required
@require_http_methods(["GET", "POST"])
def study_new(request: SignedInRequest) -> HttpResponse:
    """Put a plan before the convener."""
    posted = request.method == "POST"
    form = PlanStudyForm(
        offices_of(request),
        request.POST if posted else None,
        initial={"idempotency_key": uuid.uuid4()},
    )
    return fill_in(
        request,
        form,
        lambda: form.save(actor=request.user),
        title=_("提出调研方案"),
        label=_("报召集人同意"),
        back=reverse("conference:study_list"),
        basis="A1-6-1 A1-6-2-1 A1-6-2-2",
    )


@login_required
@require_safe
def study_detail(request: SignedInRequest, number: str) -> HttpResponse:
    """Show one study; ``?step=`` opens it with the form of that step."""
    study = _visible(request, number)
    context = {
        "study": study,
        "record": study_record(request.user, study, STUDY_FORMS),
        "trail": [
            {"label": _("联席会议"), "url": reverse("conference:overview")},
            {"label": _("调研"), "url": reverse("conference:study_list")},
            {"label": study.number, "url": ""},
        ],
        **opened_step(request, STUDY, study, STUDY_FORMS),
    }
    return render_page(request, "conference/study_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def study_step(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """Show the form of a step on a study and take it."""
    return take_step(
        request,
        STUDY,
        _visible(request, number),
        key,
        forms_for(request, STUDY_FORMS),
        reload=lambda: _visible(request, number),
    )


def _visible(request: SignedInRequest, number: str) -> FieldStudy:
    rows = visible_studies(request.user).select_related("planned_by", "consented_by")
    return get_object_or_404(rows, number=number)
