"""What meetings go by: the rules with their source, member units, delegations to convene."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.conference.forms import (
    AdmitMemberForm,
    DelegateConveningForm,
    EndMembershipForm,
    MeetingRuleForm,
)
from lianqi.conference.models import MeetingRule, MemberUnit
from lianqi.conference.queries.bodies import delegations_in_force, member_rows, rules_in_force
from lianqi.conference.views.steps import fill_in
from lianqi.kernel.access import may
from lianqi.kernel.clause_texts import clauses_behind
from lianqi.kernel.htmx import render_page
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_safe
def rules_page(request: SignedInRequest) -> HttpResponse:
    """Show the rules in force, who the members are, and who may convene for whom."""
    user = request.user
    if not may(user, "conference.view_rules"):
        raise PermissionDenied
    context = {
        "rules": rules_in_force(),
        "members": member_rows(),
        "delegations": delegations_in_force(),
        "may_set": may(user, "conference.set_rules"),
        "may_keep": may(user, "conference.keep_members"),
        "may_delegate": may(user, "conference.record_delegation"),
        "clauses": clauses_behind("A1-4-1-1 A1-4-1-3 A1-4-1-4 A1-4-2-2 A1-4-2-3"),
        "trail": [
            {"label": _("联席会议"), "url": reverse("conference:overview")},
            {"label": _("会议规则和成员单位"), "url": ""},
        ],
    }
    return render_page(request, "conference/rules.html", context)


def _register(
    request: SignedInRequest, permission: str, form: Any, save: Any, title: str, basis: str = ""
) -> HttpResponse:
    if not may(request.user, permission):
        raise PermissionDenied
    return fill_in(
        request,
        form,
        save,
        title=title,
        label=_("保存"),
        back=reverse("conference:rules"),
        basis=basis,
        onward=lambda made: reverse("conference:rules"),
    )


def _posted(request: SignedInRequest) -> Any:
    return request.POST if request.method == "POST" else None


@login_required
@require_http_methods(["GET", "POST"])
def rule_set(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change how many meetings a year a rule asks for, from a day on."""
    if not may(request.user, "conference.set_rules"):
        raise PermissionDenied
    form = MeetingRuleForm(get_object_or_404(MeetingRule, pk=pk), _posted(request))
    return _register(
        request,
        "conference.set_rules",
        form,
        lambda: form.save(actor=request.user),
        _("修改会议规则"),
        "A1-4-1-1",
    )


@login_required
@require_http_methods(["GET", "POST"])
def member_new(request: SignedInRequest) -> HttpResponse:
    """Register a member unit."""
    form = AdmitMemberForm(_posted(request))
    return _register(
        request,
        "conference.keep_members",
        form,
        lambda: form.save(actor=request.user),
        _("登记成员单位"),
        "A1-4-1-4",
    )


@login_required
@require_http_methods(["GET", "POST"])
def member_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a membership end."""
    if not may(request.user, "conference.keep_members"):
        raise PermissionDenied
    member = get_object_or_404(MemberUnit, pk=pk)
    form = EndMembershipForm(_posted(request))
    return _register(
        request,
        "conference.keep_members",
        form,
        lambda: form.save(member, actor=request.user),
        _("退出成员单位"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def delegation_new(request: SignedInRequest) -> HttpResponse:
    """Put a delegation to convene on record."""
    form = DelegateConveningForm(_posted(request))
    return _register(
        request,
        "conference.record_delegation",
        form,
        lambda: form.save(actor=request.user),
        _("登记召集委托"),
        "A1-4-1-3",
    )
