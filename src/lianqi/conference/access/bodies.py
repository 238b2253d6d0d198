"""Who works in which body's office, who convenes, who speaks for a unit."""

from typing import Any

import rules

from lianqi.conference.enums import CAPACITIES, Capacity
from lianqi.conference.models import MeetingRule
from lianqi.kernel.access import permit
from lianqi.organisation.access import (
    heads,
    holds,
    in_conference_office,
    is_convener,
    is_discipline,
    is_official,
    is_sysadmin,
    office_of,
)
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import User

UNIT_VOICES = frozenset({Post.PRINCIPAL, Post.LEADER, Post.LIAISON})
_OFFICES = {code: office_of(code) for code in BodyCode}
_HEADS = {code: heads(code) for code in BodyCode}
_DIRECTORS = {code: holds(Post.OFFICE_DIRECTOR, code) for code in BodyCode}

# The conference steers all task forces; the discipline committee supervises.
oversees = in_conference_office | is_convener | is_discipline
oversees.name = "联席会议办公室、召集人、纪检监督员"
_TASK_FORCES = tuple(code for code in BodyCode if code != BodyCode.JC)


def acting_units(user: User) -> set[int]:
    """Return the units for which this person answers now: principal, leader, liaison."""
    return {
        held.unit_id
        for held in getattr(user, "posts_now", ())
        if held.unit_id and held.body_id is None and held.post in UNIT_VOICES
    }


def bodies_steered(user: User) -> set[str]:
    """Return the task forces in whose office this person works, or which he heads."""
    return {code for code in _TASK_FORCES if _OFFICES[code](user) or _HEADS[code](user)}


def works_in_office(user: User, body: str) -> bool:
    """Whether the person works in this body's office."""
    return bool(_OFFICES[BodyCode(body)](user))


def holds_capacity(user: User, body: str, capacity: str) -> bool:
    """Whether the person is convener, office director, or head of this body."""
    if capacity == Capacity.CONVENER:
        return body == BodyCode.JC and bool(is_convener(user))
    found = _DIRECTORS if capacity == Capacity.DIRECTOR else _HEADS
    return bool(found[BodyCode(body)](user))


def capacity_to_approve(user: User, body: str, kind: str) -> str:
    """Return as what the person may approve topics of this form of meeting, "" if not at all."""
    rule = MeetingRule.objects.in_force(body, kind)
    able = CAPACITIES[rule.approved_by] if rule else ()
    return next((one for one in able if holds_capacity(user, body, one)), "")


speaks_for_a_unit = rules.predicate(
    lambda user: bool(acting_units(user)), name="单位主要负责人、分管领导、联络员"
)


@rules.predicate(name="该议事机构办公室")
def in_its_office(user: User, thing: Any) -> bool:
    """Whether the person works in the office of the body that the record belongs to."""
    return thing is not None and works_in_office(user, thing.body)


@rules.predicate(name="专班办公室、组长")
def steers_some_body(user: User) -> bool:
    """Whether the person works in some task force's office, or heads one."""
    return bool(bodies_steered(user))


in_some_office = in_conference_office | rules.predicate(
    lambda user: any(_OFFICES[code](user) for code in _TASK_FORCES), name="专班办公室"
)

permit("conference.view_room", "打开联席会议页面", oversees | steers_some_body | speaks_for_a_unit)
permit(
    "conference.view_rules",
    "查看会议规则和成员单位",
    oversees | steers_some_body | speaks_for_a_unit | is_sysadmin,
)
permit("conference.set_rules", "修改会议规则", in_conference_office | is_sysadmin)
permit("conference.keep_members", "登记成员单位", in_conference_office)
permit("conference.see_internal", "查看会议办理记录", is_official)
permit("conference.record_delegation", "登记召集委托", in_conference_office | is_convener)
permit("conference.docket", "议定事项和调研发现立项、不立项", in_conference_office)
