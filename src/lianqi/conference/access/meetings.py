"""Who sees which meetings, and who may take which step on them; filter and predicates side by side."""

import rules
from django.db.models import Exists, OuterRef, Q, QuerySet

from lianqi.conference.access.bodies import (
    acting_units,
    bodies_steered,
    holds_capacity,
    in_its_office,
    oversees,
)
from lianqi.conference.enums import DelegationScope
from lianqi.conference.models import Invitation, Meeting
from lianqi.kernel.access import permit, visible_through
from lianqi.kernel.clock import today
from lianqi.organisation.models import User


def visible_meetings(user: User) -> QuerySet[Meeting]:
    """Return the meetings this person may see: overseers all, a task force its own, a unit those
    to which it has been asked."""
    if not (user.is_authenticated and user.is_active):
        return Meeting.objects.none()
    if oversees(user):
        return Meeting.objects.all()
    mine = Q(body__in=bodies_steered(user))
    units = acting_units(user)
    if units:
        asked = Invitation.objects.filter(meeting=OuterRef("pk"), unit_id__in=units)
        mine |= Q(Exists(asked), notified_at__isnull=False)
    return Meeting.objects.filter(mine)


visible_through("conference.meeting", visible_meetings)


@rules.predicate(name="可见该会议")
def sees_meeting(user: User, meeting: Meeting | None) -> bool:
    """Whether the meeting lies inside the row filter."""
    return meeting is not None and visible_meetings(user).filter(pk=meeting.pk).exists()


@rules.predicate(name="受邀单位")
def is_invited(user: User, meeting: Meeting | None) -> bool:
    """Whether a unit for which the person answers has been asked."""
    if meeting is None:
        return False
    return meeting.invitations.filter(unit_id__in=acting_units(user)).exists()  # type: ignore[attr-defined]


@rules.predicate(name="会议主持人")
def chairs_it(user: User, meeting: Meeting | None) -> bool:
    """Whether the person holds the post that convened the meeting."""
    return meeting is not None and holds_capacity(user, meeting.body, meeting.convened_as)


@rules.predicate(name="受主持人委托签发的人")
def signs_for_chair(user: User, meeting: Meeting | None) -> bool:
    """Whether a delegation on record lets the person sign these minutes today."""
    if meeting is None:
        return False
    return meeting.delegations.filter(  # type: ignore[attr-defined]
        scope=DelegationScope.SIGN, delegate=user.pk, valid_until__gte=today()
    ).exists()


permit("conference.view_meeting", "查看会议", sees_meeting)
permit("conference.plan_meeting", "筹备会议", in_its_office)
permit("conference.run_meeting", "议程、通知、签到、记录、纪要起草、印发、分解", in_its_office)
permit("conference.reply_notice", "会议回执、扫码签到", is_invited)
permit("conference.sign_minutes", "签发会议纪要", chairs_it | signs_for_chair)
permit("conference.delegate_signing", "委托他人签发纪要", chairs_it | in_its_office)
