"""受理、派单、催办 many at once: what was ticked, what is given to all, how each fared."""

import uuid
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lianqi.appeals.forms.bulk import (
    BULK_STEPS,
    NumbersForm,
    bulk_form,
    given_fields,
    take_on_each,
)
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import may
from lianqi.kernel.htmx import render_page
from lianqi.kernel.templatetags.ui import word
from lianqi.organisation.views.signed_in import SignedInRequest

# What usually comes next for those that were done.
_NEXT = {"accept": "dispatch"}


@login_required
@require_POST
def appeal_bulk(request: SignedInRequest) -> HttpResponse:
    """Ask what a step needs for the appeals ticked, then take it on each and tell how each fared."""
    key = request.POST.get("key", "")
    if key not in BULK_STEPS or not may(request.user, APPEAL.steps[key].may):
        raise PermissionDenied
    numbers, problem = _numbers(request)
    sent = "confirmed" in request.POST
    form = (
        bulk_form(key, request.POST)
        if sent
        else bulk_form(key, initial={"idempotency_key": uuid.uuid4()})
    )
    if problem or not sent or not form.is_valid():
        refused = bool(problem) or sent
        return _ask(request, key, numbers, form, problem, 422 if refused else 200)
    results = take_on_each(
        request.user,
        key,
        numbers,
        given_fields(form),
        once_key=form.cleaned_data["idempotency_key"],
    )
    done = [result.number for result in results if result.done]
    context = {
        **_shared(key, numbers),
        "results": results,
        "said": _said(key, len(done), len(results) - len(done)),
        "done": done,
        "next_key": _NEXT.get(key, "") if done else "",
        "next_label": word(APPEAL.steps[_NEXT[key]].label) if key in _NEXT else "",
    }
    return render_page(request, "appeals/bulk_done.html", context)


def _numbers(request: SignedInRequest) -> tuple[list[str], str]:
    """Return the appeals ticked, and what is wrong with them."""
    ticked = request.POST.getlist("numbers")
    try:
        return NumbersForm().clean_numbers(ticked), ""
    except forms.ValidationError as refused:
        return [], str(refused.messages[0])


def _shared(key: str, numbers: list[str]) -> dict[str, Any]:
    return {
        "key": key,
        "label": word(APPEAL.steps[key].label),
        "numbers": numbers,
        "list_url": reverse("appeals:appeal_list"),
    }


def _ask(
    request: SignedInRequest,
    key: str,
    numbers: list[str],
    form: forms.Form,
    problem: str,
    status: int,
) -> HttpResponse:
    context = {**_shared(key, numbers), "form": form, "problem": problem}
    return render_page(request, "appeals/bulk.html", context, status=status)


def _said(key: str, done: int, refused: int) -> str:
    label = word(APPEAL.steps[key].label)
    told = ngettext("%(count)d 件已%(step)s", "%(count)d 件已%(step)s", done) % {
        "count": done,
        "step": label,
    }
    if not refused:
        return _("%s。") % told
    left = ngettext("%d 件没有", "%d 件没有", refused) % refused
    return _("%(done)s，%(left)s，原因见下表。") % {"done": told, "left": left}
