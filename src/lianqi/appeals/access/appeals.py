"""Who sees which appeals, and who may take which step; filter and predicates side by side."""

from collections.abc import Iterable

import rules
from django.db.models import Exists, OuterRef, Q, QuerySet

from lianqi.appeals.enums import AppealState, UnsealingState
from lianqi.appeals.models import (
    Appeal,
    CoHandler,
    HandlingUnit,
    Promise,
    Unsealing,
)
from lianqi.enterprises.access import acts_for_some_enterprise, enterprise_ids, in_appeals_office
from lianqi.kernel.access import permit, visible_through
from lianqi.kernel.models import JournalEntry
from lianqi.organisation.access import (
    heads,
    holds,
    holds_in,
    in_conference_office,
    is_convener,
    is_discipline,
    is_office_director,
)
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import User

_HANDLING_POSTS = frozenset({Post.PRINCIPAL, Post.LEADER, Post.LIAISON})

leads_task_force = heads(BodyCode.TF3)
# The conference steers and the discipline committee supervises: they see all and handle nothing.
oversees_appeals = (
    in_appeals_office
    | leads_task_force
    | in_conference_office
    | is_convener
    | is_office_director
    | is_discipline
)
oversees_appeals.name = "专班办公室、组长、召集人、联席会议办公室、纪检监督员"
is_helper = holds(Post.HELPER)


def handling_units(user: User) -> set[int]:
    """Return the units for which this person handles matters now."""
    return {
        held.unit_id
        for held in user.posts_now
        if held.unit_id and held.body_id is None and held.post in _HANDLING_POSTS
    }


def visible_appeals(user: User) -> QuerySet[Appeal]:
    """Return the appeals this person may see; everything else does not exist for them."""
    if not (user.is_authenticated and user.is_active):
        return Appeal.objects.none()
    if oversees_appeals(user):
        return Appeal.objects.all()
    mine = Q(enterprise_id__in=enterprise_ids(user))
    if is_helper(user):
        mine |= Q(filed_by=user.pk)
    units = handling_units(user)
    if units:
        mine |= _handled_by(units)
    return Appeal.objects.filter(mine)


visible_through("appeals.appeal", visible_appeals)


def visible_promises(user: User) -> QuerySet[Promise]:
    """Return the promises of the appeals this person may see."""
    return Promise.objects.filter(appeal__in=visible_appeals(user))


visible_through("appeals.promise", visible_promises)


@rules.predicate(name="诉求企业")
def is_submitter(user: User, appeal: Appeal | None) -> bool:
    """Whether the account acts for the firm that filed the appeal."""
    return appeal is not None and appeal.enterprise_id in enterprise_ids(user)


@rules.predicate(name="代填的帮扶干部")
def filed_it_as_helper(user: User, appeal: Appeal | None) -> bool:
    """Whether the person filed the appeal on a visit and is still a helper cadre."""
    return appeal is not None and appeal.filed_by_id == user.pk and is_helper(user)


@rules.predicate(name="主办单位人员")
def in_lead_unit(user: User, appeal: Appeal | None) -> bool:
    """Whether the person handles matters for the lead unit."""
    return appeal is not None and appeal.lead_unit_id in handling_units(user)


@rules.predicate(name="协办单位人员")
def in_co_unit(user: User, appeal: Appeal | None) -> bool:
    """Whether the person handles matters for a helping unit."""
    if appeal is None:
        return False
    units = handling_units(user)
    return bool(units) and bool(units & appeal.co_unit_ids)


@rules.predicate(name="主办单位联络员")
def is_lead_liaison(user: User, appeal: Appeal | None) -> bool:
    """Whether the person is the lead unit's liaison."""
    return appeal is not None and holds_in(user, Post.LIAISON, appeal.lead_unit_id)


@rules.predicate(name="主办单位分管领导")
def is_lead_leader(user: User, appeal: Appeal | None) -> bool:
    """Whether the person is the lead unit's leader in charge."""
    return appeal is not None and holds_in(user, Post.LEADER, appeal.lead_unit_id)


def _stands_in_as(user: User, post: str, unit_id: int | None) -> bool:
    """Whether the person has a unit's post only as a stand-in now."""
    return holds_in(user, post, unit_id) and not holds_in(user.in_own_right(), post, unit_id)


@rules.predicate(name="代理期间不签批自己起草的答复")
def signs_no_own_draft(user: User, appeal: Appeal | None) -> bool:
    """Whether a stand-in leader would vouch for another's draft; leaders by post are not asked."""
    if appeal is None or not _stands_in_as(user, Post.LEADER, appeal.lead_unit_id):
        return True
    drafts = JournalEntry.objects.about(appeal).filter(verb="appeal.request_closing")
    return drafts.order_by("-seq").values_list("actor_id", flat=True).first() != user.pk


@rules.predicate(name="代理办公室时不审核本单位承办的")
def reviews_at_arms_length(user: User, appeal: Appeal | None) -> bool:
    """Whether a stand-in in the office belongs to none of the units whose work he would check."""
    if appeal is None or in_appeals_office(user.in_own_right()):
        return True
    return outside_handling_units(user, appeal)


@rules.predicate(name="重办")
def is_handled_again(user: User, appeal: Appeal | None) -> bool:
    """Whether the appeal is in a second or later round, at the raised level."""
    return appeal is not None and appeal.round > 1


@rules.predicate(name="提级督办中")
def is_escalated(user: User, appeal: Appeal | None) -> bool:
    """Whether the appeal has gone up to the task force."""
    return appeal is not None and appeal.state == AppealState.ESCALATED


@rules.predicate(name="承办单位以外")
def outside_handling_units(user: User, appeal: Appeal | None) -> bool:
    """Whether the person belongs to none of the units that handled the appeal."""
    return appeal is not None and not (home_units(user) & appeal.handling_unit_ids)


def home_units(user: User) -> set[int]:
    return {held.unit_id for held in user.posts_now if held.unit_id}


# --- who may know whose a sealed appeal is (ADR 16)


def identity_known(user: User) -> Q:
    """Return the condition for appeals whose firm this person may know.

    A sealed one's firm is known to itself, to the appeals office and the helper who filed it (unless
    they come from a unit that handles it), and to a unit to which it was opened. Overseers steer and
    supervise without it.
    """
    known = Q(sealed_at=None) | Q(enterprise_id__in=enterprise_ids(user))
    home = home_units(user)
    handled_at_home = CoHandler.objects.filter(appeal=OuterRef("pk"), unit_id__in=home, active=True)
    outside = ~Q(lead_unit_id__in=home) & ~Q(Exists(handled_at_home))
    if in_appeals_office(user):
        known |= outside
    if is_helper(user):
        known |= Q(filed_by=user.pk) & outside
    units = handling_units(user)
    if units:
        opened = Unsealing.objects.filter(
            appeal=OuterRef("pk"), unit_id__in=units, state=UnsealingState.OPENED
        )
        # Told from the appeal itself, not from what is kept of it for lists.
        helping = CoHandler.objects.filter(appeal=OuterRef("pk"), unit_id__in=units, active=True)
        known |= Q(Exists(opened)) & (Q(lead_unit_id__in=units) | Q(Exists(helping)))
    return known


def may_know_sealed(user: User) -> bool:
    """Whether there can be a sealed appeal whose firm this person may know."""
    return bool(
        in_appeals_office(user) or is_helper(user) or handling_units(user) or enterprise_ids(user)
    )


def _handled_by(units: set[int]) -> Q:
    handled = HandlingUnit.objects.filter(appeal=OuterRef("pk"), unit_id__in=units)
    return Q(Exists(handled))


def sole_unit(user: User) -> int | None:
    """Return the unit whose appeals are all that this person sees, or None if they see others too."""
    units = handling_units(user)
    if len(units) != 1 or not user.is_active or oversees_appeals(user):
        return None
    return None if is_helper(user) or enterprise_ids(user) else next(iter(units))


def known_appeals(user: User, appeals: Iterable[Appeal]) -> set[int]:
    """Return which of these appeals' firms the person may know; one query if any is sealed."""
    rows = list(appeals)
    sealed = [appeal.pk for appeal in rows if appeal.sealed]
    known = {appeal.pk for appeal in rows if not appeal.sealed}
    # The clock and whoever holds a link are no accounts, and know nothing that they are not told.
    if sealed and user.pk is not None:
        asked = Appeal.objects.filter(identity_known(user), pk__in=sealed)
        known.update(asked.values_list("pk", flat=True))
    return known


@rules.predicate(name="可知诉求主体")
def knows_identity(user: User, appeal: Appeal | None) -> bool:
    """Whether the person may know whose appeal it is."""
    return appeal is not None and appeal.pk in known_appeals(user, [appeal])


sees_appeal = oversees_appeals | is_submitter | filed_it_as_helper | in_lead_unit | in_co_unit
may_file = is_submitter | in_appeals_office | is_helper

permit("appeals.view", "查看诉求", sees_appeal)
handles_appeals = rules.predicate(lambda user: bool(handling_units(user)), name="承办单位人员")

permit("appeals.view_list", "打开诉求列表", oversees_appeals | handles_appeals | is_helper)
permit("appeals.file", "打开填报页", acts_for_some_enterprise | in_appeals_office | is_helper)
permit("appeals.take_calls", "来电来访快速登记", in_appeals_office)
permit("appeals.submit", "提交诉求（本企业；窗口、电话、走访代填）", may_file)
permit("appeals.withdraw", "撤回诉求", is_submitter)
permit("appeals.supplement", "补充材料", is_submitter)
permit("appeals.rate", "评价（本企业，或凭签名链接）", is_submitter)
permit("appeals.nudge", "催一下", is_submitter)
permit("appeals.accept", "受理、不予受理、要求补充、并案", in_appeals_office)
permit("appeals.dispatch", "派单、直接答复、裁定退单", in_appeals_office)
permit("appeals.sign", "签收、退单", is_lead_liaison)
permit(
    "appeals.request_closing",
    "申请办结（重办时分管领导也可）",
    is_lead_liaison | is_lead_leader & is_handled_again,
)
permit("appeals.handle", "首次联系、阶段答复、申请延期", in_lead_unit)
permit("appeals.assist", "提交协办意见", in_co_unit)
permit("appeals.sign_closing", "领导签批办结", is_lead_leader & signs_no_own_draft)
permit("appeals.review", "审核办结、批复延期、催办", in_appeals_office & reviews_at_arms_length)
permit("appeals.callback", "回访（承办单位以外的人）", in_appeals_office & outside_handling_units)
permit("appeals.conclude", "重办、重启、兑现复核", in_appeals_office)
permit(
    "appeals.move_promise",
    "承诺改期（说明原因、告诉企业）",
    in_appeals_office | is_lead_liaison | is_lead_leader,
)
permit("appeals.deny_promise", "反映承诺没有兑现", is_submitter)
permit("appeals.view_precedents", "查看派单判例", oversees_appeals)
permit("appeals.view_promises", "打开承诺台账", oversees_appeals | handles_appeals)
permit(
    "appeals.close",
    "办结归档（提级督办的，专班组长也可）",
    in_appeals_office | leads_task_force & is_escalated,
)
permit("appeals.instruct", "专班组长批示", leads_task_force)
permit("appeals.view_board", "查看专班看板", oversees_appeals)
permit("appeals.see_internal", "查看内部办理记录", oversees_appeals | in_lead_unit | in_co_unit)
permit(
    "appeals.reveal_phone",
    "查看诉求联系人完整手机号（说明用途、留痕）",
    (in_appeals_office | in_lead_unit) & knows_identity,
)
permit("appeals.see_sealed", "查看要求保密的诉求主体、原文和附件原件", knows_identity)
permit("appeals.seal", "要求对承办单位保密（派单前）", is_submitter | in_appeals_office)
permit("appeals.lift_seal", "取消保密（本企业）", is_submitter)
permit("appeals.release_file", "放行保密诉求的附件", in_appeals_office & knows_identity)
