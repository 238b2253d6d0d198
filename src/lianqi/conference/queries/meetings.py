"""Meetings as lists and as a record page show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lianqi.conference.access import (
    acting_units,
    bodies_steered,
    oversees,
    visible_meetings,
    works_in_office,
)
from lianqi.conference.enums import MeetingState, Role
from lianqi.conference.models import (
    AgendaItem,
    ChecklistItem,
    Delegation,
    Invitation,
    Meeting,
    Resolution,
)
from lianqi.conference.queries.flow import Flow, flow_of, leading_duties
from lianqi.conference.queries.invitations import units_to_invite
from lianqi.conference.queries.topics import open_topics
from lianqi.conference.workflow import MEETING
from lianqi.kernel.queries.records import OwedLine
from lianqi.kernel.templatetags.ui import moment
from lianqi.organisation.models import User

ABOUT_MEETINGS = Meeting._meta.label_lower
# Lines that quote topics; hidden from whoever may not read one of them.
TELLING = frozenset(
    f"meeting.{key}"
    for key in (
        "set_agenda",
        "drop_topic",
        "record_result",
        "resolve",
        "strike",
        "revise_minutes",
        "docket",
        "excuse",
    )
)
MINUTES_OUT = (MeetingState.ISSUED, MeetingState.ARCHIVED)


def meeting_rows(
    user: User,
    *,
    q: str = "",
    body: str = "",
    kind: str = "",
    state: str = "",
    year: int | None = None,
) -> QuerySet[Meeting]:
    """Return the meetings this person may see and asked for."""
    rows = visible_meetings(user)
    plain = {"body": body, "kind": kind, "state": state, "day__year": year}
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if q:
        rows = rows.filter(Q(title__icontains=q) | Q(number__iexact=q))
    return rows


@dataclass(frozen=True)
class MeetingRow:
    """A line of the list: the meeting and the most urgent thing owed on it."""

    meeting: Meeting
    duty: OwedLine | None


def with_duties(rows: Iterable[Meeting]) -> list[MeetingRow]:
    """Return the rows of a page with what is owed on each, in one query."""
    meetings = list(rows)
    duties = leading_duties(ABOUT_MEETINGS, [meeting.pk for meeting in meetings])
    return [MeetingRow(meeting, duties.get(meeting.pk)) for meeting in meetings]


# --- the record


@dataclass(frozen=True)
class AgendaRow:
    """A topic on the agenda; what is not open to the reader keeps its title to itself."""

    item: AgendaItem
    open: bool
    resolutions: list[Resolution]


@dataclass(frozen=True)
class MeetingRecord:
    """One meeting as one person may see it."""

    meeting: Meeting
    flow: Flow
    steers: bool
    facts: list[tuple[str, Any]]
    agenda: list[AgendaRow]
    invitations: list[Invitation]
    # Before the notice: who would be asked.
    to_invite: list[tuple[str, str]]
    checklist: list[ChecklistItem]
    delegations: list[Delegation]
    minutes: str
    minutes_note: str

    @property
    def attendance(self) -> tuple[int, int]:
        """How many of the units that are to attend have come; observers are not counted."""
        members = [one for one in self.invitations if one.role == Role.MEMBER]
        return sum(one.signed_in_at is not None for one in members), len(members)

    @property
    def absent(self) -> list[Invitation]:
        """The units that did not come and had not asked for leave."""
        return [
            one
            for one in self.invitations
            if one.role == Role.MEMBER and one.signed_in_at is None and one.reply != "leave"
        ]


def meeting_record(user: User, meeting: Meeting, keys: Iterable[str]) -> MeetingRecord:
    """Return what this person may see of a meeting that the row filter has let through."""
    steers = bool(oversees(user)) or meeting.body in bodies_steered(user)
    rows = list(
        meeting.agenda.select_related("topic").prefetch_related(  # type: ignore[attr-defined]
            "observers", "resolutions__lead_unit", "resolutions__units", "topic__concerned__unit"
        )
    )
    known = {row.topic_id for row in rows} if steers else open_topics(user, [r.topic for r in rows])
    all_open = all(row.topic_id in known for row in rows)
    flow = flow_of(
        user,
        meeting,
        MEETING,
        "conference:meeting_step",
        set(keys),
        everything=steers,
        hidden=() if all_open else TELLING,
    )
    invitations = meeting.invitations.select_related("unit", "replied_by")  # type: ignore[attr-defined]
    if not steers:
        invitations = invitations.filter(unit_id__in=acting_units(user))
    planned = steers and meeting.notified_at is None
    return MeetingRecord(
        meeting=meeting,
        flow=flow,
        steers=steers,
        facts=_facts(meeting),
        agenda=[
            AgendaRow(row, row.topic_id in known, list(row.resolutions.all()))  # type: ignore[attr-defined]
            for row in rows
        ],
        invitations=list(invitations),
        to_invite=[(str(unit), str(Role(role).label)) for unit, role in units_to_invite(meeting)]
        if planned
        else [],
        checklist=list(meeting.checklist.select_related("done_by")) if steers else [],  # type: ignore[attr-defined]
        delegations=list(meeting.delegations.select_related("delegate", "recorded_by")),  # type: ignore[attr-defined]
        minutes=_minutes(meeting, steers=steers, all_open=all_open),
        minutes_note=_minutes_note(meeting, steers=steers, all_open=all_open),
    )


def _minutes(meeting: Meeting, *, steers: bool, all_open: bool) -> str:
    if steers:
        return meeting.minutes
    return meeting.minutes if all_open and meeting.state in MINUTES_OUT else ""


def _minutes_note(meeting: Meeting, *, steers: bool, all_open: bool) -> str:
    if not steers and not all_open and meeting.state in MINUTES_OUT:
        return _("纪要涉及您没有打开的限阅议题，与您单位有关的议定事项见上。")
    return ""


def may_show_code(user: User, meeting: Meeting) -> bool:
    """Whether this person shows the sign-in code at the door."""
    waiting = (MeetingState.NOTIFIED, MeetingState.IN_SESSION)
    return meeting.state in waiting and works_in_office(user, meeting.body)


def _facts(meeting: Meeting) -> list[tuple[str, Any]]:
    rest = _("（休息日，已确认）") if meeting.on_rest_day else ""
    facts = [
        (_("议事机构"), meeting.get_body_display()),
        (_("会议形式"), meeting.get_kind_display()),
        (_("开会时间"), f"{moment(meeting.starts_at)}{rest}"),
        (_("地点"), meeting.place),
        (_("召集"), meeting.get_convened_as_display()),
        (_("召集委托"), meeting.delegation or ""),
        (_("主持人"), meeting.chair_name),
        (_("纪要"), meeting.minutes_number),
        (_("签发人"), meeting.signed_by or ""),
        (_("签发委托"), meeting.signed_under or ""),
        (_("印发时间"), moment(meeting.issued_at)),
    ]
    return [(label, value) for label, value in facts if value]
