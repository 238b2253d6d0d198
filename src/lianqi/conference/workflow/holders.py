"""Who owes a step on a topic, a meeting or a study, since when, by which day."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from lianqi.conference.enums import Capacity, DelegationScope, Stance, WhoMay
from lianqi.conference.models import Delegation, MeetingRule
from lianqi.kernel.access import Desk
from lianqi.kernel.clock import today
from lianqi.kernel.duties import Part
from lianqi.kernel.limits import time_limit
from lianqi.kernel.workdays import calendar
from lianqi.organisation.access import (
    convener_desk,
    director_desk,
    head_desk,
    office_desk,
    unit_desk,
)
from lianqi.organisation.enums import BodyCode, Post


def office(subject: Any) -> Desk:
    """The office of the body that the record belongs to."""
    return office_desk(subject.body)


def office_name(subject: Any) -> str:
    """The office, where it is the one that waits."""
    return office(subject).label


def capacity_desk(body: str, capacity: str) -> Desk:
    """Return the desk of convener, director or head of a body."""
    if capacity == Capacity.CONVENER:
        return convener_desk()
    return director_desk(body) if capacity == Capacity.DIRECTOR else head_desk(body)


def ledger_keeper(subject: Any) -> Desk:
    """The conference's office: it keeps the ledger for all bodies (附件1 第七条（二）)."""
    return office_desk(BodyCode.JC)


# --- topics


def approver(topic: Any) -> Desk | None:
    """Who approves topics of this form of meeting; of convener and director it is the director's work."""
    rule = MeetingRule.objects.in_force(topic.body, topic.meeting_kind)
    if rule is None:
        return None
    usual = {WhoMay.CONVENER: Capacity.CONVENER, WhoMay.HEAD: Capacity.HEAD}
    return capacity_desk(topic.body, usual.get(WhoMay(rule.approved_by), Capacity.DIRECTOR))


def proposer_name(topic: Any) -> str:
    """The unit or person that waits for an answer."""
    return topic.proposing_unit.name if topic.proposing_unit else str(topic.proposed_by)


def silent_units(topic: Any) -> list[Desk]:
    """The consulted units that have not answered in this round."""
    waiting = topic.opinions.filter(round=topic.round, given_at=None).select_related("unit")
    return [unit_desk(opinion.unit, Post.LIAISON) for opinion in waiting]


def open_opinions(topic: Any) -> list[Part]:
    """The changes and objections of this round that the office has not answered."""
    given = topic.opinions.filter(
        round=topic.round, stance__in=[Stance.CHANGE, Stance.OBJECT], adopted=None
    )
    return [
        Part(str(opinion.pk), str(opinion), starts=opinion.given_at)
        for opinion in given.select_related("unit")
    ]


def meeting_day(topic: Any) -> date | None:
    """The day of the meeting that the topic goes to."""
    return topic.meeting.day if topic.meeting else None


# --- meetings


def notice_day(meeting: Any) -> date:
    """By when units must know: some working days before the meeting, but not before today."""
    lead = time_limit("meeting.notice").amount
    return max(calendar().add_working_days(meeting.day, -lead), today())


def day_of(meeting: Any) -> date:
    """The meeting's own day."""
    return meeting.day


def silent_invited(meeting: Any) -> list[Desk]:
    """The invited units that have not sent their slip back."""
    waiting = meeting.invitations.filter(reply="").select_related("unit")
    return [unit_desk(invited.unit, Post.LIAISON) for invited in waiting]


def office_with_checklist(meeting: Any) -> Desk | None:
    """The office, while something is not ready."""
    open_items = meeting.checklist.filter(done_at=None).exists()
    return office(meeting) if open_items else None


def signing_delegation(meeting: Any) -> Delegation | None:
    """Return the delegation under which these minutes may be signed for the chair today."""
    return meeting.delegations.filter(scope=DelegationScope.SIGN, valid_until__gte=today()).first()


def chair(meeting: Any) -> Desk:
    """Whoever signs the minutes: the chair, or the one delegated to sign."""
    delegation = signing_delegation(meeting)
    if delegation is not None:
        return Desk(delegation.desk, delegation.desk_label)
    return capacity_desk(meeting.body, meeting.convened_as)


def end_of_meeting(meeting: Any) -> datetime | None:
    """The minutes' clock began when the meeting ended, whoever had them since."""
    return meeting.held_at


def open_resolutions(meeting: Any) -> Iterable[Part]:
    """The resolutions that are neither in the ledger nor left out with a reason."""
    from_agenda = [
        item.resolutions.all() for item in meeting.agenda.prefetch_related("resolutions")
    ]
    return _unsettled(resolution for rows in from_agenda for resolution in rows)


def _unsettled(matters: Iterable[Any]) -> list[Part]:
    return [Part(str(one.pk), str(one)) for one in matters if not one.is_settled]


# --- studies


def consenting(study: Any) -> Desk:
    """The convener; for a task force's own study, its head."""
    return convener_desk() if study.body == BodyCode.JC else head_desk(study.body)


def open_visits(study: Any) -> list[Part]:
    """The planned visits that nobody has written about."""
    planned = study.visits.filter(done_on=None)
    return [Part(str(visit.pk), visit.place, on=visit.planned_on) for visit in planned]


def report_day(study: Any) -> date:
    """The day on which the report is due."""
    return study.report_on


def open_findings(study: Any) -> list[Part]:
    """The findings that are neither in the ledger nor left out with a reason."""
    return _unsettled(study.findings.all())
