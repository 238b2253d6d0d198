"""Posts as predicates, desks of the posts, and who sees which roster rows."""

from collections.abc import Iterable

import rules
from django.db.models import Exists, OuterRef, Q, QuerySet

from lianqi.kernel.access import (
    Desk,
    Party,
    list_units,
    name_desks,
    name_parties,
    permit,
    seat_people,
    visible_through,
)
from lianqi.organisation.enums import SYSTEM_POSTS, BodyCode, Post
from lianqi.organisation.models import (
    Appointment,
    Body,
    DeskHandover,
    RosterChange,
    Unit,
    User,
)

# --- desks: a post that can owe a duty

_OFFICE = {Post.OFFICE_STAFF, Post.OFFICE_DIRECTOR}
_HEADS = {Post.HEAD, Post.DEPUTY_HEAD}
# Who does a unit's work. A helper cadre or a supervisor sits there for something else.
_UNIT_WORK = {Post.PRINCIPAL, Post.LEADER, Post.LIAISON}


def unit_desk(unit: Unit, post: str) -> Desk:
    """Return the desk of a post in a unit, e.g. 经济发展局联络员."""
    return Desk(f"unit:{unit.pk}:{post}", f"{unit.name}{Post(post).label}", unit.code)


def office_desk(body: str) -> Desk:
    """Return the desk of a body's office."""
    return Desk(f"body:{body}:office", f"{BodyCode(body).label}办公室")


def director_desk(body: str) -> Desk:
    """Return the desk of the director of a body's office, for what only he decides."""
    return Desk(f"body:{body}:director", f"{BodyCode(body).label}办公室主任")


def head_desk(body: str) -> Desk:
    """Return the desk of a task force's head and deputies."""
    return Desk(f"body:{body}:head", f"{BodyCode(body).label}组长")


def convener_desk() -> Desk:
    """Return the convener's desk."""
    return Desk(f"body:{BodyCode.JC}:convener", "联席会议召集人")


def discipline_desk() -> Desk:
    """Return the desk of all who supervise for the discipline committee, whichever unit they sit in."""
    return Desk(f"system:{Post.DISCIPLINE}", str(Post.DISCIPLINE.label))


def desk_key(post: Appointment) -> str:
    """Return the key of the desk at which the holder of a post sits."""
    if post.body:
        if post.post in _OFFICE:
            return f"body:{post.body.code}:office"
        return f"body:{post.body.code}:{'head' if post.post in _HEADS else post.post}"
    if post.unit_id:
        return f"unit:{post.unit_id}:{post.post}"
    return f"system:{post.post}"


def _name(desk_key: str) -> str:
    kind, _, rest = desk_key.partition(":")
    where, _, post = rest.partition(":")
    if kind == "unit":
        unit = Unit.objects.filter(pk=int(where)).first()
        return unit_desk(unit, post).label if unit else ""
    if kind == "system":
        return str(Post(where).label)
    named = {"office": office_desk, "director": director_desk, "head": head_desk}
    if kind == "body" and post in named:
        return named[post](where).label
    return convener_desk().label if desk_key == convener_desk().key else ""


def _desks(user: User) -> Iterable[str]:
    if not isinstance(user, User):
        return []
    keys = [desk_key(post) for post in user.posts_now]
    directs_office = [held.body for held in user.posts_now if held.post == Post.OFFICE_DIRECTOR]
    keys += [director_desk(body.code).key for body in directs_office if body]
    supervises = any(post.post == Post.DISCIPLINE for post in user.posts_now)
    return [*keys, discipline_desk().key] if supervises else keys


def _people(desk_key: str) -> Iterable[User]:
    kind, _, rest = desk_key.partition(":")
    where, _, post = rest.partition(":")
    rows = Appointment.objects.in_force().filter(user__is_active=True)
    if kind == "unit":
        rows = rows.filter(unit_id=int(where), body=None, post=post)
    elif kind == "body":
        named = {"office": _OFFICE, "head": _HEADS, "director": {Post.OFFICE_DIRECTOR}}
        posts = named.get(post, {post})
        rows = rows.filter(body__code=where, post__in=posts)
    elif kind == "system":
        rows = rows.filter(post=where)
    else:
        return []
    return User.objects.filter(pk__in=rows.values("user"))


seat_people(_desks, _people)
name_desks(_name)


def _parties(user: User) -> list[Party]:
    """Return the units and offices for which this person waits."""
    found = {}
    for held in getattr(user, "posts_now", ()):
        if held.unit_id and held.post in _UNIT_WORK:
            found[held.unit.name] = Party(held.unit.name, held.unit.code)
        if held.body_id and held.post in _OFFICE:
            label = office_desk(held.body.code).label
            found[label] = Party(label)
    return list(found.values())


def _units() -> list[Party]:
    return [Party(unit.name, unit.code) for unit in Unit.objects.filter(active=True)]


name_parties(_parties)
list_units(_units)


# --- predicates on posts


def holds(post: str, body: str | None = None) -> rules.Predicate:
    """Return the predicate "holds this post now" (in this body, if one is named)."""

    def test(user: User) -> bool:
        return any(
            held.post == post
            and (body is None or (held.body is not None and held.body.code == body))
            for held in getattr(user, "posts_now", ())
        )

    return rules.predicate(test, name=f"{Post(post).label}{'@' + body if body else ''}")


def load_posts(users: Iterable[User]) -> None:
    """Load the posts in force of many people at once, where a page asks each what they are."""
    waiting: dict[int, list[User]] = {}
    for user in users:
        if getattr(user, "_posts_now", None) is None:
            waiting.setdefault(user.pk, []).append(user)
    if not waiting:
        return
    posts: dict[int, list[Appointment]] = {pk: [] for pk in waiting}
    rows = Appointment.objects.filter(user__in=waiting).in_force()  # type: ignore[attr-defined]
    for held in rows.select_related("unit", "body", "acting_for__user"):
        posts[held.user_id].append(held)
    for pk, same in waiting.items():
        for user in same:
            user._posts_now = posts[pk]  # type: ignore[attr-defined]


def office_of(body: str) -> rules.Predicate:
    """Return the predicate "works in this body's office"."""
    found = holds(Post.OFFICE_STAFF, body) | holds(Post.OFFICE_DIRECTOR, body)
    found.name = f"{BodyCode(body).label}办公室"
    return found


def heads(body: str) -> rules.Predicate:
    """Return the predicate "head or deputy head of this task force"."""
    found = holds(Post.HEAD, body) | holds(Post.DEPUTY_HEAD, body)
    found.name = f"{BodyCode(body).label}组长、副组长"
    return found


def holds_in(user: User, post: str, unit_id: int | None) -> bool:
    """Whether the person holds this post in this unit now."""
    return unit_id is not None and any(
        held.post == post and held.unit_id == unit_id and held.body_id is None
        for held in getattr(user, "posts_now", ())
    )


@rules.predicate(name="任一在任岗位")
def is_official(user: User) -> bool:
    """Whether the person holds any post of the district now."""
    return bool(getattr(user, "posts_now", ()))


is_convener = holds(Post.CONVENER, BodyCode.JC)
is_office_director = holds(Post.OFFICE_DIRECTOR, BodyCode.JC)
in_conference_office = office_of(BodyCode.JC)
is_discipline = holds(Post.DISCIPLINE)
is_sysadmin = holds(Post.SYSADMIN)
is_secadmin = holds(Post.SECADMIN)
is_auditor = holds(Post.AUDITOR)


# --- roster changes


@rules.predicate(name="本单位联络员或分管领导")
def speaks_for_unit(user: User, change: RosterChange | None) -> bool:
    """Whether the person is liaison or leader of the unit that the filing concerns."""
    if change is None or change.unit_id is None:
        return any(held.post in (Post.LIAISON, Post.LEADER) for held in user.posts_now)
    return holds_in(user, Post.LIAISON, change.unit_id) or holds_in(
        user, Post.LEADER, change.unit_id
    )


def visible_roster_changes(user: User) -> QuerySet[RosterChange]:
    """Return the filings this person may see: the office all, a unit its own."""
    rows = RosterChange.objects.all()
    if in_conference_office(user) or is_discipline(user):
        return rows
    return rows.filter(unit_id__in=user.unit_ids) if is_official(user) else rows.none()


visible_through("organisation.rosterchange", visible_roster_changes)


@rules.predicate(name="可见该备案")
def sees_roster_change(user: User, change: RosterChange) -> bool:
    """Whether the filing lies inside the row filter."""
    return bool(
        in_conference_office(user)
        or is_discipline(user)
        or (is_official(user) and change.unit_id in user.unit_ids)
    )


# --- a desk handed over for some days

_DIRECTING = frozenset({Post.LEADER, Post.PRINCIPAL})


def may_be_handed_over(held: Appointment) -> bool:
    """Whether a post may be lent: not to run the system, not supervision, not what is lent itself."""
    return held.acting_for_id is None and held.post not in SYSTEM_POSTS | {Post.DISCIPLINE}


def directs(user: User, held: Appointment) -> bool:
    """Whether the person, in their own right, directs the post: unit's leader, body's director."""
    return any(
        (own.unit_id == held.unit_id and own.body_id is None and own.post in _DIRECTING)
        if held.body_id is None
        else (own.body_id == held.body_id and own.post == Post.OFFICE_DIRECTOR)
        for own in getattr(user, "own_posts_now", ())
    )


@rules.predicate(name="本人、本单位领导或办公室主任")
def hands_over(user: User, held: Appointment | None) -> bool:
    """Whether the person may lend this desk: its holder, who directs it, the conference's director."""
    if held is None:
        return bool(getattr(user, "own_posts_now", ()))
    return may_be_handed_over(held) and (
        held.user_id == user.pk or directs(user, held) or is_office_director(user.in_own_right())
    )


@rules.predicate(name="交出、接手、登记的人")
def is_party_to(user: User, handover: DeskHandover | None) -> bool:
    """Whether the person lent the desk, has it, or filed that."""
    return handover is not None and user.pk in (
        handover.filed_by_id,
        handover.appointment.user_id,
        handover.principal.user_id,
    )


@rules.predicate(name="可交出该岗位的人")
def may_take_back(user: User, handover: DeskHandover | None) -> bool:
    """Whether the person could have lent the desk, and so may take it back."""
    return handover is not None and hands_over(user, handover.principal)


def visible_handovers(user: User) -> QuerySet[DeskHandover]:
    """Return the handovers this person may see: office and supervision all, others their own."""
    rows = DeskHandover.objects.all()
    if in_conference_office(user) or is_discipline(user):
        return rows
    if not is_official(user):
        return rows.none()
    near = Q(appointment__unit__in=user.unit_ids) | Q(
        appointment__body__in=[post.body_id for post in user.posts_now if post.body_id]
    )
    own = Q(filed_by=user.pk) | Q(appointment__user=user.pk)
    return rows.filter(near | own | Q(appointment__acting_for__user=user.pk))


visible_through("organisation.deskhandover", visible_handovers)


def visible_units(user: User) -> QuerySet[Unit]:
    """Return the units; every official may see who is who."""
    return Unit.objects.filter(active=True) if is_official(user) else Unit.objects.none()


def visible_users(user: User) -> QuerySet[User]:
    """Return whom this person may see: officials each other, the security administrator all."""
    rows = User.objects.all()
    if is_secadmin(user):
        return rows
    if is_official(user):
        return rows.filter(Exists(Appointment.objects.filter(user=OuterRef("pk"))))
    return rows.filter(pk=user.pk)


visible_through("organisation.user", visible_users)

permit("organisation.view_roster", "查看人员名册（手机号掩码）", is_official)
permit("organisation.import_roster", "导入人员名册", in_conference_office | is_sysadmin)
permit("organisation.view_roster_change", "查看人员调整备案", sees_roster_change)
permit("organisation.file_roster_change", "提交人员调整备案", speaks_for_unit)
permit("organisation.acknowledge_roster_change", "确认人员调整备案", in_conference_office)
permit("organisation.hand_over_desk", "交出工作台（代理）", hands_over)
permit("organisation.take_back_desk", "提前结束代理", is_party_to | may_take_back)
permit(
    "organisation.see_handed_over",
    "查看代理移交的事项",
    is_party_to | may_take_back | in_conference_office,
)
permit("organisation.appoint", "登记任职", in_conference_office | is_secadmin)
permit("organisation.appoint_administrator", "登记系统、安全、审计管理员", is_secadmin)
permit("organisation.open_account", "开户、停用、重置密码", is_secadmin)
permit(
    "organisation.reveal_phone",
    "查看完整手机号（说明用途、留痕）",
    in_conference_office | office_of(BodyCode.TF3),
)
permit(
    "kernel.view_all_duties",
    "查看全部责任事项",
    is_convener
    | is_office_director
    | in_conference_office
    | office_of(BodyCode.TF3)
    | heads(BodyCode.TF3)
    | is_discipline,
)
permit("kernel.view_limits", "查看时限设置", is_official)
permit("kernel.set_limits", "修改时限、日历、办公时间", is_sysadmin | in_conference_office)
permit("kernel.view_journal", "查看审计记录", is_auditor | is_discipline)
permit("kernel.view_readings", "查看本人所发公文的下载记录", is_official)
permit("kernel.audit_readings", "查看全部公文下载记录", is_auditor)
permit("kernel.view_jobs", "查看后台任务", is_sysadmin | is_auditor)
permit("kernel.retry_message", "重新发送失败的消息", is_sysadmin)
permit("kernel.release_job", "重新启用已停用的定时任务", is_sysadmin)


def body(code: str) -> Body:
    """Return a body by its code."""
    return Body.objects.get(code=code)
