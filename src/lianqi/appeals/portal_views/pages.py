"""What a firm's account sees and does: filing, following, adding, pressing, taking back, rating."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.appeals import portal_queries as queries
from lianqi.appeals.enums import AppealState
from lianqi.appeals.forms import step_form
from lianqi.appeals.forms.portal import PortalAppealForm
from lianqi.appeals.links import progress_link
from lianqi.appeals.models import Appeal
from lianqi.appeals.queries.identity import sealed_parts
from lianqi.appeals.queries.promises import promises_of
from lianqi.enterprises.access import acts_for_some_enterprise, memberships_now
from lianqi.enterprises.enums import EnterpriseState
from lianqi.enterprises.models import Enterprise
from lianqi.kernel.errors import KeyReused, RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.limits import time_limit
from lianqi.kernel.models.limits import LimitUnit
from lianqi.kernel.templatetags.ui import moment
from lianqi.organisation.models import User

View = Callable[..., HttpResponse]
_LIMIT_WORDS = {
    LimitUnit.WORKING_DAY: ngettext_lazy("%d个工作日", "%d个工作日"),
    LimitUnit.WORKING_HOUR: ngettext_lazy("%d个工作小时", "%d个工作小时"),
    LimitUnit.CALENDAR_DAY: ngettext_lazy("%d个自然日", "%d个自然日"),
}


class FirmRequest(HttpRequest):
    """A request of somebody signed in, as the views behind ``for_firms`` get it."""

    user: User  # type: ignore[assignment]


def for_firms(view: View) -> View:
    """Let in accounts that act for a firm; pages hold personal data and are not to be cached."""

    @wraps(view)
    def checked(request: FirmRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not acts_for_some_enterprise(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(never_cache(checked))


def _firms(request: FirmRequest) -> list[Enterprise]:
    return [held.enterprise for held in memberships_now(request.user)]


def _may_file_now(firm: Enterprise) -> bool:
    return firm.state == EnterpriseState.VERIFIED and firm.private


def _limit_text(key: str) -> str:
    limit = time_limit(key)
    return _LIMIT_WORDS[LimitUnit(limit.unit)] % limit.amount


def _tell(appeals: list[Appeal]) -> list[dict[str, Any]]:
    """Return rows as the pages show them."""
    return [
        {
            "appeal": appeal,
            "url": appeal.get_absolute_url(),
            "words": queries.state_words(appeal),
            "responsible": queries.responsible(appeal),
            "rate_url": reverse("portal:appeal_step", args=[appeal.number, "rate"]),
        }
        for appeal in appeals
    ]


@for_firms
@require_safe
def home(request: FirmRequest) -> HttpResponse:
    """Show what wants the firm's rating, what is under way, and the way to file."""
    waiting_firms = [firm for firm in _firms(request) if not _may_file_now(firm)]
    context = {
        "waiting_firms": waiting_firms,
        "verify_limit": _limit_text("enterprise.verify"),
        "to_rate": _tell(queries.appeals_to_rate(request.user)),
        "under_way": _tell(queries.appeals_under_way(request.user)),
        "cases": queries.cases_to_consent(request.user),
    }
    return render_page(request, "portal/home.html", context)


@for_firms
@require_http_methods(["GET", "POST"])
def appeal_file(request: FirmRequest) -> HttpResponse:
    """File an appeal; a firm that is not verified yet is told what it waits for."""
    posted = request.method == "POST"
    firms = [firm for firm in _firms(request) if _may_file_now(firm)]
    if not firms:
        waiting = {"firms": _firms(request), "verify_limit": _limit_text("enterprise.verify")}
        return render_page(request, "portal/not_yet.html", waiting, status=409 if posted else 200)
    given = (request.POST, request.FILES) if posted else ()
    form = PortalAppealForm(firms, request.user, *given)
    status = 422 if form.errors else 200
    if posted and form.is_valid():
        try:
            appeal, _new = form.file(actor=request.user)
            return after_post(request, reverse("portal:appeal_filed", args=[appeal.number]))
        except KeyReused:
            status = KeyReused.status
            form.draw_new_key()
            form.add_error(
                None,
                _("这一页刚才已经提交过一次。如果这次要反映的是另一件事，请再点一次“提交”。"),
            )
        except RuleBroken as problem:
            status = problem.status
            _add_problem(form, problem)
    context = {"form": form, "firm": form.only_firm, "files_lost": bool(request.FILES)}
    return render_page(request, "portal/appeal_file.html", context, status=status)


def _add_problem(form: Any, problem: RuleBroken) -> None:
    form.add_error(problem.field if problem.field in form.fields else None, problem.message)


def _mine_or_404(request: FirmRequest, number: str) -> Appeal:
    return get_object_or_404(queries.my_appeals(request.user), number=number)


@for_firms
@require_safe
def appeal_filed(request: FirmRequest, number: str) -> HttpResponse:
    """Say what was received, who will call and by when."""
    appeal = _mine_or_404(request, number)
    kept = sealed_parts(request.user, appeal)
    context = {
        "appeal": appeal,
        "words": queries.state_words(appeal),
        "promise": queries.promise(appeal),
        "responsible": queries.responsible(appeal),
        "covered": [text.label for text in kept.texts],
        "findings": [
            f"{file}：{'，'.join(file.findings)}" for file in kept.withheld if file.findings
        ],
        "answer_limit": _limit_text(f"appeal.close.{appeal.kind}"),
        "follow_url": request.build_absolute_uri(progress_link(appeal)),
    }
    return render_page(request, "portal/appeal_filed.html", context)


@for_firms
@require_safe
def appeal_list(request: FirmRequest) -> HttpResponse:
    """List the firm's appeals, newest first."""
    page = queries.appeal_rows(request.user, request.GET)
    context = {"page": page, "rows": _tell(page.rows)}
    return render_page(request, "portal/appeal_list.html", context, parts=["rows"])


def portal_detail(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    """Show a firm its appeal; the caller has loaded it through the row filter."""
    told = queries.story(appeal)
    context = {
        "appeal": appeal,
        "words": queries.state_words(appeal),
        "stages": queries.stages(appeal),
        "promise": queries.promise(appeal),
        "responsible": queries.responsible(appeal),
        "steps": queries.firm_steps(appeal, request.user),
        "joined": queries.joined_to(request.user, appeal),
        "answers": told.answers,
        "asked_for": told.asked_for if appeal.state == AppealState.SUPPLEMENT else "",
        "lines": told.lines[::-1],
        "promises": promises_of(appeal),
        "facts": [
            (_("企业"), appeal.enterprise.name),
            (_("类别"), appeal.get_kind_display()),
            (_("提交时间"), moment(appeal.submitted_at)),
            (_("联系人"), f"{appeal.contact_name} {appeal.contact_phone}"),
            *([(_("保密"), _("承办单位不知道您是谁"))] if appeal.sealed else []),
        ],
        "originals": sealed_parts(request.user, appeal).texts,
    }
    return render_page(request, "portal/appeal_detail.html", context)


@for_firms
@require_http_methods(["GET", "POST"])
def appeal_step(request: FirmRequest, number: str, key: str) -> HttpResponse:
    """Take one of the firm's steps: add, press, take back, rate."""
    appeal = _mine_or_404(request, number)
    if key not in queries.FIRM_STEPS:
        raise Http404
    posted = request.method == "POST"
    form = step_form(key, appeal, *((request.POST, request.FILES) if posted else ()))
    status = 422 if form.errors else 200
    if posted and form.is_valid():
        try:
            form.save(actor=request.user)
            return after_post(request, appeal.get_absolute_url())
        except RuleBroken as problem:
            appeal.refresh_from_db()
            _add_problem(form, problem)
            status = problem.status
    told = queries.story(appeal)
    is_open = key in {step.key for step in queries.firm_steps(appeal, request.user)}
    context = {
        "appeal": appeal,
        "form": form,
        "step": queries.FIRM_STEPS[key],
        "kind": "danger" if key == "withdraw" else "primary",
        "is_open": is_open or bool(form.errors),
        "words": queries.state_words(appeal),
        "here": reverse("portal:appeal_step", args=[number, key]),
        "files_lost": bool(request.FILES),
        "answer": told.answers[0] if key == "rate" and told.answers else None,
        "asked_for": told.asked_for if appeal.state == AppealState.SUPPLEMENT else "",
    }
    status = status if context["is_open"] else 409
    return render_page(
        request, "portal/appeal_step.html", context, parts=["step-panel"], status=status
    )
