"""Topics as lists and as a record page show them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lianqi.appeals.access import visible_appeals
from lianqi.appeals.models import Appeal
from lianqi.conference.access import (
    acting_units,
    has_read_terms,
    oversees,
    visible_topics,
    works_in_office,
)
from lianqi.conference.models import Acknowledgement, Opinion, PaperReading, Topic, TopicPaper
from lianqi.conference.queries.bodies import OPEN_TOPICS
from lianqi.conference.queries.flow import Flow, flow_of, leading_duties
from lianqi.conference.workflow import TOPIC
from lianqi.kernel.access import desks_of, may
from lianqi.kernel.models import Attachment, Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.queries.records import OwedLine
from lianqi.kernel.templatetags.ui import filesize_zh, moment
from lianqi.organisation.models import User

ABOUT_TOPICS = Topic._meta.label_lower
ABOUT_PAPERS = TopicPaper._meta.label_lower


def topic_rows(
    user: User, *, q: str = "", body: str = "", kind: str = "", state: str = "", mine: bool = False
) -> QuerySet[Topic]:
    """Return the topics this person may see and asked for; those in hand if no state is named."""
    rows = visible_topics(user).select_related("proposing_unit", "meeting")
    plain = {"body": body, "meeting_kind": kind}
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if q:
        rows = rows.filter(Q(title__icontains=q) | Q(number__iexact=q))
    if mine:
        owed = Duty.objects.filter(
            subject_type=ABOUT_TOPICS, holder__in=desks_of(user), state=DutyState.OPEN
        )
        rows = rows.filter(pk__in=owed.values("subject_id"))
    if state == "all":
        return rows
    return rows.filter(state=state) if state else rows.filter(state__in=OPEN_TOPICS)


@dataclass(frozen=True)
class TopicRow:
    """A line of the list: the topic and the most urgent thing owed on it."""

    topic: Topic
    duty: OwedLine | None


def with_duties(rows: Iterable[Topic], desks: Collection[str] | None = None) -> list[TopicRow]:
    """Return the rows of a page with what is owed on each (at these desks), in one query."""
    topics = list(rows)
    duties = leading_duties(ABOUT_TOPICS, [topic.pk for topic in topics], desks)
    return [TopicRow(topic, duties.get(topic.pk)) for topic in topics]


def open_topics(user: User, topics: Iterable[Topic]) -> set[int]:
    """Return which of these topics are open to this reader: visible, and kept if restricted."""
    known = {topic.pk: topic for topic in topics}
    seen = set(visible_topics(user).filter(pk__in=known).values_list("pk", flat=True))
    kept = set(
        Acknowledgement.objects.filter(user=user, topic__in=known).values_list(
            "topic_id", flat=True
        )
    )
    mine = acting_units(user)
    return {
        pk
        for pk in seen
        if not known[pk].is_restricted
        or pk in kept
        or known[pk].proposed_by_id == user.pk
        or known[pk].proposing_unit_id in mine
        or works_in_office(user, known[pk].body)
    }


# --- the record


@dataclass(frozen=True)
class PaperRow:
    """A paper as the page offers it."""

    pk: int
    title: str
    size_text: str
    restricted: bool
    readable: bool
    readings: list[PaperReading]


@dataclass(frozen=True)
class TopicRecord:
    """One topic as one person may see it."""

    topic: Topic
    flow: Flow
    # Whether the reader still has to confirm that he keeps what he reads.
    closed: bool
    facts: list[tuple[str, Any]]
    opinions: list[Opinion]
    papers: list[PaperRow]
    appeals: list[tuple[Appeal, bool]]


def topic_record(user: User, topic: Topic, keys: Iterable[str]) -> TopicRecord:
    """Return what this person may see of a topic that the row filter has let through."""
    everything = bool(oversees(user)) or works_in_office(user, topic.body)
    terms = has_read_terms(user, topic)
    closed = topic.is_restricted and not terms
    flow = flow_of(user, topic, TOPIC, "conference:topic_step", set(keys), everything=everything)
    if closed:
        flow = Flow([step for step in flow.steps if step.key == "acknowledge"], flow.duties)
    return TopicRecord(
        topic=topic,
        flow=flow,
        closed=closed,
        facts=_facts(topic),
        opinions=[] if closed else list(_opinions(user, topic, everything)),
        papers=[] if closed else _papers(user, topic, terms),
        appeals=[] if closed else _appeals(user, topic),
    )


def _opinions(user: User, topic: Topic, everything: bool) -> QuerySet[Opinion]:
    rows = topic.opinions.select_related("unit", "given_by")  # type: ignore[attr-defined]
    if (
        everything
        or topic.approved_by_id == user.pk
        or may(user, "conference.approve_topic", topic)
    ):
        return rows
    mine = acting_units(user)
    # A unit sees its own opinion; the proposing unit and the lead see what the others said.
    leads = topic.concerned.filter(lead=True, unit_id__in=mine).exists()  # type: ignore[attr-defined]
    if leads or topic.proposing_unit_id in mine:
        return rows
    return rows.filter(unit_id__in=mine)


def _papers(user: User, topic: Topic, terms: bool) -> list[PaperRow]:
    papers = list(topic.papers.all())  # type: ignore[attr-defined]
    files = {
        file.subject_id: file
        for file in Attachment.objects.filter(
            subject_type=ABOUT_PAPERS, subject_id__in=[paper.pk for paper in papers]
        )
    }
    readings: dict[int, list[PaperReading]] = {}
    if may(user, "conference.see_readings", topic):
        for reading in PaperReading.objects.filter(paper__topic=topic):
            readings.setdefault(reading.paper_id, []).append(reading)
    rows = []
    for paper in papers:
        paper.topic = topic
        rows.append(
            PaperRow(
                paper.pk,
                paper.title,
                filesize_zh(files[paper.pk].size),
                paper.is_restricted,
                terms or not paper.is_restricted,
                readings.get(paper.pk, []),
            )
        )
    return rows


def _appeals(user: User, topic: Topic) -> list[tuple[Appeal, bool]]:
    links = topic.behind.select_related("appeal")  # type: ignore[attr-defined]
    found = [link.appeal for link in links]
    seen = set(
        visible_appeals(user).filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True)
    )
    return [(one, one.pk in seen) for one in found]


def _facts(topic: Topic) -> list[tuple[str, Any]]:
    concerned = list(topic.concerned.select_related("unit"))  # type: ignore[attr-defined]
    facts = [
        (_("议事机构"), topic.get_body_display()),
        (_("会议形式"), topic.get_meeting_kind_display()),
        (_("来源"), topic.get_source_display()),
        (_("提出单位"), topic.proposing_unit or ""),
        (_("提出人"), topic.proposed_by),
        (_("提出时间"), moment(topic.proposed_at)),
        (_("审议类型"), topic.get_purpose_display()),
        (_("所属行动"), topic.get_programme_display()),
        (_("阅读范围"), topic.get_access_display()),
        (_("牵头单位"), "、".join(one.unit.name for one in concerned if one.lead)),
        (_("其他涉及单位"), "、".join(one.unit.name for one in concerned if not one.lead)),
        (_("审定人"), topic.approved_by or ""),
        (_("审议结果"), topic.get_result_display()),
    ]
    return [(label, value) for label, value in facts if value]
