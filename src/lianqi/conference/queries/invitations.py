"""Whom a meeting is for, as its agenda and the body's rule say."""

from lianqi.conference.enums import Attends, Role
from lianqi.conference.models import Meeting, MeetingRule, MemberUnit
from lianqi.organisation.models import Unit


def units_to_invite(meeting: Meeting) -> list[tuple[Unit, str]]:
    """Return who is to be asked: all members, or the units concerned; and each topic's observers."""
    rule = MeetingRule.objects.in_force(meeting.body, meeting.kind)
    found: dict[int, tuple[Unit, str]] = {}
    items = meeting.agenda.prefetch_related("topic__concerned__unit", "observers")  # type: ignore[attr-defined]
    if rule is not None and rule.attends == Attends.ALL_MEMBERS:
        for member in MemberUnit.objects.in_force(meeting.body).select_related("unit"):
            found[member.unit_id] = (member.unit, Role.MEMBER)
    for item in items:
        for concerned in item.topic.concerned.all():
            found.setdefault(concerned.unit_id, (concerned.unit, Role.MEMBER))
    for item in items:
        for unit in item.observers.all():
            found.setdefault(unit.pk, (unit, Role.OBSERVER))
    return list(found.values())
