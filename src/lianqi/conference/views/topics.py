"""Topics: the list, a proposal, one topic, its steps, its papers."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.appeals.access import visible_appeals
from lianqi.conference.access import visible_topics
from lianqi.conference.actions import read_paper
from lianqi.conference.exports import topic_workbook
from lianqi.conference.forms import TOPIC_FORMS, ProposeTopicForm, TopicFilter
from lianqi.conference.models import Topic, TopicPaper
from lianqi.conference.queries.documents import documents_read
from lianqi.conference.queries.topics import topic_record, topic_rows, with_duties
from lianqi.conference.views.steps import fill_in, forms_for, opened_step
from lianqi.conference.workflow import TOPIC
from lianqi.kernel.access import may
from lianqi.kernel.clock import today
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import keyset_page
from lianqi.kernel.rate_limits import spend
from lianqi.kernel.sheets import XLSX
from lianqi.kernel.views.stepping import take_step
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_safe
def topic_list(request: SignedInRequest) -> HttpResponse:
    """List the topics this person may see, newest first."""
    if not may(request.user, "conference.view_room"):
        raise PermissionDenied
    form = TopicFilter(request.GET)
    rows = topic_rows(request.user, **form.asked())
    page = keyset_page(rows, request.GET, order=("-pk",), unit="件")
    context = {
        "page": page,
        "rows": with_duties(page.rows),
        "filter_form": form,
        "may_propose": may(request.user, "conference.propose_topic"),
        "export_url": f"{reverse('conference:topic_export')}?{request.GET.urlencode()}",
    }
    return render_page(request, "conference/topic_list.html", context, parts=["rows"])


@login_required
@require_safe
def topic_export(request: SignedInRequest) -> FileResponse:
    """Give the same list as a workbook, all pages of it."""
    if not may(request.user, "conference.view_room"):
        raise PermissionDenied
    spend("export", f"topics:{request.user.pk}")
    rows = topic_rows(request.user, **TopicFilter(request.GET).asked())
    return FileResponse(
        topic_workbook(rows.order_by("-pk")),
        as_attachment=True,
        filename=f"议题清单{today():%Y%m%d}.xlsx",
        content_type=XLSX,
    )


@login_required
@require_http_methods(["GET", "POST"])
def topic_new(request: SignedInRequest) -> HttpResponse:
    """Propose a topic."""
    return _propose(request, [], {})


@login_required
@require_http_methods(["GET", "POST"])
def topic_from_appeal(request: SignedInRequest, number: str) -> HttpResponse:
    """Propose a topic from an appeal: it will be told what was decided."""
    appeal = get_object_or_404(visible_appeals(request.user), number=number)
    told = {
        "title": appeal.title,
        "content": _("企业诉求%(number)s：%(title)s。需要会议协调解决的事项：")
        % {"number": appeal.number, "title": appeal.title},
    }
    return _propose(request, [appeal], told)


def _propose(request: SignedInRequest, appeals: list[Any], told: dict[str, Any]) -> HttpResponse:
    if not may(request.user, "conference.propose_topic"):
        raise PermissionDenied
    posted = request.method == "POST"
    initial = {**told, "idempotency_key": uuid.uuid4()}
    form = ProposeTopicForm(request.user, request.POST if posted else None, initial=initial)
    return fill_in(
        request,
        form,
        lambda: form.save(actor=request.user, appeals=appeals),
        title=_("提出议题"),
        label=_("提交办公室初审"),
        back=reverse("conference:topic_list"),
        basis="A1-4-3-1 A1-7-1-3",
        note="、".join(str(appeal) for appeal in appeals),
    )


@login_required
@require_safe
def topic_detail(request: SignedInRequest, number: str) -> HttpResponse:
    """Show one topic; ``?step=`` opens it with the form of that step."""
    topic = _visible(request, number)
    record = topic_record(request.user, topic, TOPIC_FORMS)
    context = {
        "topic": topic,
        "record": record,
        "trail": [
            {"label": _("联席会议"), "url": reverse("conference:overview")},
            {"label": _("议题"), "url": reverse("conference:topic_list")},
            {"label": topic.number, "url": ""},
        ],
        "documents": documents_read(request.user, topic),
        **opened_step(request, TOPIC, topic, TOPIC_FORMS),
    }
    return render_page(request, "conference/topic_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def topic_step(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """Show the form of a step on a topic and take it."""
    return take_step(
        request,
        TOPIC,
        _visible(request, number),
        key,
        forms_for(request, TOPIC_FORMS),
        reload=lambda: _visible(request, number),
    )


@login_required
@require_POST
def paper_read(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """Hand out a paper, with a line for the reader; a post, for it writes."""
    topic = _visible(request, number)
    paper = get_object_or_404(TopicPaper, topic=topic, pk=pk)
    copy = read_paper(paper, actor=request.user)
    response = HttpResponse(copy.content, content_type=copy.content_type)
    response["Content-Disposition"] = content_disposition_header(True, copy.name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _visible(request: SignedInRequest, number: str) -> Topic:
    rows = visible_topics(request.user).select_related(
        "proposing_unit", "proposed_by", "approved_by", "meeting"
    )
    return get_object_or_404(rows, number=number)
