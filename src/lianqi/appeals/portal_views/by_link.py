"""Pages that a signed link opens without signing in: rating an answer once, and following."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.appeals import portal_queries as queries
from lianqi.appeals.enums import AppealState, RatingSource
from lianqi.appeals.forms import RateForm
from lianqi.appeals.links import FOLLOWING, RATING, Link, LinkBroken, open_link, rating_link
from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow.covering import firm_label
from lianqi.kernel.access import LinkHolder
from lianqi.kernel.errors import RuleBroken

View = Callable[..., HttpResponse]


def _opens(purpose: str) -> Callable[[View], View]:
    """Open the token for a view; a dead link gets a page that says what to do instead.

    The pages are not cached, not indexed, and do not tell their address to other sites.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, token: str) -> HttpResponse:
            try:
                response = view(request, open_link(purpose, token))
            except LinkBroken as dead:
                context = {"expired": dead.status == 410}
                response = render(request, "portal/link_dead.html", context, status=dead.status)
            response["X-Robots-Tag"] = "noindex, nofollow"
            response["Referrer-Policy"] = "same-origin"
            return response

        return cache_control(no_store=True, private=True)(opened)

    return decorate


@require_http_methods(["GET", "POST"])
@_opens(RATING)
def rate_by_link(request: HttpRequest, link: Link) -> HttpResponse:
    """Take the firm's rating of this round's answer, once."""
    appeal = link.appeal
    posted = request.method == "POST"
    if _is_rated(link):
        return _rated_page(request, appeal, status=410 if posted else 200)
    if not link.is_current or appeal.state != AppealState.ANSWERED:
        context = _shown(appeal)
        return render(request, "portal/rating_over.html", context, status=410)
    form = RateForm(appeal, request.POST if posted else None)
    status = 422 if form.errors else 200
    if posted and form.is_valid():
        holder = LinkHolder("appeals.rate", appeal.pk, firm_label(appeal))
        try:
            form.save(actor=holder, source=RatingSource.LINK)
            return redirect(request.path)
        except RuleBroken as problem:
            if _is_rated(link):
                return _rated_page(request, appeal, status=410)
            form.add_error(None, problem.message)
            status = problem.status
    context = {**_shown(appeal), "form": form, "note": queries.RATING_NOTE}
    return render(request, "portal/rate_by_link.html", context, status=status)


@require_safe
@_opens(FOLLOWING)
def follow_by_link(request: HttpRequest, link: Link) -> HttpResponse:
    """Show how far the appeal is, without what only the firm's account may see."""
    appeal = link.appeal
    waits = appeal.state == AppealState.ANSWERED
    context = {
        **_shown(appeal),
        "stages": queries.stages(appeal),
        "promise": queries.promise(appeal),
        "responsible": queries.responsible(appeal),
        "rate_url": rating_link(appeal) if waits else "",
    }
    return render(request, "portal/follow_by_link.html", context)


def _is_rated(link: Link) -> bool:
    return link.appeal.ratings.filter(round=link.round).exists()


def _rated_page(request: HttpRequest, appeal: Appeal, *, status: int) -> HttpResponse:
    context = {**_shown(appeal), "not_counted": status == 410}
    return render(request, "portal/rated.html", context, status=status)


def _shown(appeal: Appeal) -> dict[str, Any]:
    """Return what every link page may show: no content, no files, no people."""
    answers = queries.story(appeal).answers
    return {
        "appeal": appeal,
        "words": queries.state_words(appeal),
        "answer": answers[0] if answers else None,
    }
