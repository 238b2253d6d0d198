"""What meetings go by: rules as dated rows, member units, recorded delegations."""

import csv
from datetime import date
from importlib import resources

from django.db import IntegrityError, transaction

from lianqi.conference.enums import Capacity, DelegationScope
from lianqi.conference.models import Delegation, Meeting, MeetingRule, MemberUnit
from lianqi.conference.workflow import MEETING
from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import now, today
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.journal import write_line
from lianqi.organisation.access import desk_key, director_desk, is_convener, office_desk
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import Appointment, Body, Unit, User

# Nothing of the rules counts before their day of issue.
ISSUED_ON = date(2020, 8, 21)


@transaction.atomic
def fill_meeting_rules() -> int:
    """Add the rules of ``meeting_rules.csv`` that are not there yet; return how many."""
    table = resources.files("lianqi.conference").joinpath("meeting_rules.csv").read_text("utf-8")
    known = set(MeetingRule.objects.values_list("body", "kind"))
    fresh = [
        MeetingRule(
            **{
                **row,
                **{name: int(row[name]) if row[name] else None for name in ("least", "most")},
            },
            effective_from=ISSUED_ON,
        )
        for row in csv.DictReader(table.splitlines())
        if (row["body"], row["kind"]) not in known
    ]
    MeetingRule.objects.bulk_create(fresh)
    return len(fresh)


@transaction.atomic
def set_meeting_rule(
    rule: MeetingRule,
    *,
    actor: Actor,
    least: int | None,
    most: int | None,
    warn_month: int,
    source: str,
    basis: str,
    effective_from: date,
) -> MeetingRule:
    """Add a dated row with other counts; what was held under the older row is judged by it.

    Raises:
        NotPermitted: the actor keeps no rules.
        RuleBroken: a day that is over, counts that contradict each other, or a day taken already.
    """
    if not may(actor, "conference.set_rules"):
        raise NotPermitted("会议规则由联席会议办公室或系统管理员修改。")
    if effective_from < today():
        raise RuleBroken("生效日期不能早于今天。", field="effective_from")
    if least is not None and most is not None and most < least:
        raise RuleBroken("至多次数不能小于至少次数。", field="most")
    try:
        with transaction.atomic():
            made = MeetingRule.objects.create(
                body=rule.body,
                kind=rule.kind,
                least=least,
                most=most,
                warn_month=warn_month,
                convened_by=rule.convened_by,
                approved_by=rule.approved_by,
                attends=rule.attends,
                source=source,
                basis=basis,
                effective_from=effective_from,
                set_by=actor,
            )
    except IntegrityError as taken:
        raise RuleBroken("这一天已有一条规则，请另选生效日期。", field="effective_from") from taken
    write_line(
        made,
        actor=actor,
        verb="meeting_rule.set",
        label="修改会议规则",
        text=f"{made}：每年至少{least if least is not None else '不限'}次，"
        f"至多{most if most is not None else '不限'}次，{effective_from}起。{basis}",
    )
    return made


@transaction.atomic
def admit_member(body: str, unit: Unit, *, actor: Actor, since: date, source: str) -> MemberUnit:
    """Register a unit as a member of a body.

    Raises:
        NotPermitted: the actor keeps no members.
        RuleBroken: it is a member already.
    """
    if not may(actor, "conference.keep_members"):
        raise NotPermitted("成员单位由联席会议办公室登记。")
    try:
        with transaction.atomic():
            member = MemberUnit.objects.create(body=body, unit=unit, since=since, source=source)
    except IntegrityError as known:
        raise RuleBroken(f"{unit}已经是成员单位。", field="unit") from known
    _note(member, actor, "admit", "登记成员单位", f"{member}，{since}起。{source}")
    return member


@transaction.atomic
def end_membership(member: MemberUnit, *, actor: Actor, until: date) -> MemberUnit:
    """Let a membership end on a day.

    Raises:
        NotPermitted: the actor keeps no members.
        StepUnfit: it has ended already.
        RuleBroken: the day is before it began.
    """
    if not may(actor, "conference.keep_members"):
        raise NotPermitted("成员单位由联席会议办公室登记。")
    if until < member.since:
        raise RuleBroken("退出日期不能早于加入日期。", field="until")
    if not MemberUnit.objects.filter(pk=member.pk, until=None).update(until=until):
        raise StepUnfit(f"{member}已经退出。")
    member.refresh_from_db()
    _note(member, actor, "end", "退出成员单位", f"{member}，{until}止。")
    return member


def _note(member: MemberUnit, actor: Actor, act: str, label: str, text: str) -> None:
    write_line(member, actor=actor, verb=f"member_unit.{act}", label=label, text=text)


@transaction.atomic
def delegate_convening(
    body: str, *, actor: Actor, delegate: User, reason: str, valid_until: date
) -> Delegation:
    """Put on record that the convener lets the office director convene plenaries until a day.

    Raises:
        NotPermitted: the actor is neither convener nor in the conference's office.
        RuleBroken: the delegate is not the director, or the day is over.
    """
    if not may(actor, "conference.record_delegation"):
        raise NotPermitted("召集委托由召集人作出，或由联席会议办公室登记。")
    directing = Appointment.objects.in_force().filter(  # type: ignore[attr-defined]
        user=delegate, post=Post.OFFICE_DIRECTOR, body__code=body
    )
    if not directing.exists():
        raise RuleBroken(
            "附件1第四条（一）只说委托办公室主任召集，请选办公室主任。", field="delegate"
        )
    desk = director_desk(body)
    return _delegate(
        DelegationScope.CONVENE, body, None, actor, delegate, (desk.key, desk.label), reason,
        valid_until,
    )  # fmt: skip


@transaction.atomic
def delegate_signing(
    meeting: Meeting, *, actor: Actor, delegate: User, reason: str, valid_until: date
) -> Meeting:
    """Put on record that another person of the body signs these minutes for an absent chair.

    Raises:
        RuleBroken: the delegate holds no post in the body, is the chair, or the day is over.
    """
    with MEETING.taking("delegate_signing", meeting, actor=actor) as step:
        found = Appointment.objects.in_force().filter(  # type: ignore[attr-defined]
            user=delegate, body__code=meeting.body
        )
        held = found.select_related("body", "unit").first()
        if held is None:
            raise RuleBroken("受托人要在本机构任职（办公室主任、副组长等）。", field="delegate")
        by_post = {Post.CONVENER: Capacity.CONVENER, Post.OFFICE_DIRECTOR: Capacity.DIRECTOR}
        if by_post.get(Post(held.post)) == meeting.convened_as:
            raise RuleBroken("受托人就是会议主持人，不用委托。", field="delegate")
        desk = director_desk(meeting.body) if held.post == Post.OFFICE_DIRECTOR else None
        where = (desk.key, desk.label) if desk else (desk_key(held), held.describe())
        if held.post == Post.OFFICE_STAFF:
            where = (office_desk(meeting.body).key, office_desk(meeting.body).label)
        _delegate(
            DelegationScope.SIGN, meeting.body, meeting, actor, delegate, where, reason, valid_until
        )
        step.says(f"委托{delegate}签发纪要，至{valid_until}。{reason}")
    return meeting


def _delegate(
    scope: str,
    body: str,
    meeting: Meeting | None,
    actor: Actor,
    delegate: User,
    desk: tuple[str, str],
    reason: str,
    valid_until: date,
) -> Delegation:
    if valid_until < today():
        raise RuleBroken("有效期不能早于今天。", field="valid_until")
    delegation = Delegation.objects.create(
        body=body,
        scope=scope,
        meeting=meeting,
        delegate=delegate,
        desk=desk[0],
        desk_label=desk[1],
        reason=reason,
        recorded_by=actor,
        recorded_at=now(),
        valid_until=valid_until,
    )
    if meeting is None:
        by = "" if is_convener(actor) else "（办公室登记）"
        write_line(
            Body.objects.get(code=body),
            actor=actor,
            verb="delegation.record",
            label="登记召集委托",
            text=f"{BodyCode(body).label}：{delegation}{by}，至{valid_until}。{reason}",
        )
    return delegation
