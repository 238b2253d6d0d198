"""Like cases, while an appeal is being taken down, and as a page of their own."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.appeals.access import visible_appeals
from lianqi.appeals.forms.likeness import LikenessForm
from lianqi.appeals.models import Appeal
from lianqi.appeals.queries.likeness import answered_like, likely_duplicates
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import may
from lianqi.kernel.htmx import render_page
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_http_methods(["GET", "POST"])
def appeal_like(request: SignedInRequest) -> HttpResponse:
    """Show answered appeals like a text; it comes by POST, for it may be long and names people."""
    if not may(request.user, "appeals.view_list"):
        raise PermissionDenied
    form = LikenessForm(request.POST if request.method == "POST" else request.GET)
    cases = answered_like(request.user, *form.text()) if form.asked else []
    context = {"form": form, "cases": cases}
    return render_page(request, "appeals/like.html", context, parts=["like"])


@login_required
@require_safe
def appeal_like_this(request: SignedInRequest, number: str) -> HttpResponse:
    """Show answered appeals like this one, and open ones that seem to be about the same matter."""
    appeal = get_object_or_404(visible_appeals(request.user), number=number)
    if not may(request.user, "appeals.view_list"):
        raise PermissionDenied
    context = {
        "appeal": appeal,
        "cases": answered_like(request.user, appeal.title, appeal.content, besides=appeal),
        "duplicates": _duplicates(request, appeal),
        "trail": [
            {"label": _("诉求响应"), "url": reverse("appeals:appeal_list")},
            {"label": appeal.number, "url": appeal.get_absolute_url()},
            {"label": _("类似的诉求"), "url": ""},
        ],
    }
    return render_page(request, "appeals/like_this.html", context, parts=["like-this"])


def _duplicates(request: SignedInRequest, appeal: Appeal) -> list[dict[str, object]]:
    """Return likely duplicates with the way to merge, where this person may merge now."""
    may_merge = "merge" in {step.key for step in APPEAL.open_steps(appeal, request.user)}
    merge = reverse("appeals:appeal_step", args=[appeal.number, "merge"])
    return [
        {
            "appeal": one.appeal,
            "identity": one.identity,
            "merge_url": f"{merge}?into={one.appeal.number}" if may_merge else "",
        }
        for one in likely_duplicates(request.user, appeal)
    ]
