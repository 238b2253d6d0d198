"""Who sees what stands beside an appeal: unsealings, public cases, facts and exclusions."""

import rules
from django.db.models import Q, QuerySet

from lianqi.appeals.access.appeals import (
    handles_appeals,
    handling_units,
    home_units,
    in_lead_unit,
    is_lead_leader,
    is_lead_liaison,
    leads_task_force,
    oversees_appeals,
)
from lianqi.appeals.enums import CaseState
from lianqi.appeals.models import (
    CaseFact,
    Exclusion,
    PublicCase,
    Unsealing,
)
from lianqi.enterprises.access import enterprise_ids, in_appeals_office
from lianqi.kernel.access import permit, visible_through
from lianqi.organisation.access import (
    is_discipline,
)
from lianqi.organisation.models import User

# --- telling one unit who filed a sealed appeal


def visible_unsealings(user: User) -> QuerySet[Unsealing]:
    """Return the applications this person may see: the office and the discipline committee all, a unit its own."""
    if not (user.is_authenticated and user.is_active):
        return Unsealing.objects.none()
    if in_appeals_office(user) or is_discipline(user):
        return Unsealing.objects.all()
    return Unsealing.objects.filter(unit_id__in=handling_units(user))


visible_through("appeals.unsealing", visible_unsealings)


@rules.predicate(name="申请开启的单位")
def handles_for_unit(user: User, unsealing: Unsealing | None) -> bool:
    """Whether the person handles matters for the unit that asks, and the unit handles the appeal."""
    if unsealing is None:
        return False
    asks = unsealing.unit_id in handling_units(user)
    return asks and unsealing.unit_id in unsealing.appeal.handling_unit_ids


@rules.predicate(name="提请人、提出人和该单位以外")
def stands_apart(user: User, unsealing: Unsealing | None) -> bool:
    """Whether the person neither asked nor applied, and does not belong to the unit."""
    return unsealing is not None and not (
        user.pk in (unsealing.asked_by_id, unsealing.applied_by_id)
        or unsealing.unit_id in home_units(user)
    )


@rules.predicate(name="可见该申请")
def sees_unsealing(user: User, unsealing: Unsealing | None) -> bool:
    """Whether the application lies inside the row filter."""
    return unsealing is not None and bool(
        in_appeals_office(user) or is_discipline(user) or unsealing.unit_id in handling_units(user)
    )


@rules.predicate(name="该单位以外")
def outside_unit(user: User, unsealing: Unsealing | None) -> bool:
    """Whether the person does not belong to the unit that would be told."""
    return unsealing is not None and unsealing.unit_id not in home_units(user)


permit("appeals.view_unsealing", "查看开启身份申请", sees_unsealing)
permit("appeals.list_unsealings", "打开开启身份申请列表", in_appeals_office | is_discipline)
permit("appeals.ask_unsealing", "向办公室提出开启身份", handles_for_unit)
permit("appeals.apply_unsealing", "提请开启身份", in_appeals_office & outside_unit)
permit(
    "appeals.decide_unsealing",
    "审批开启身份（提请人、该单位以外的纪检监督员）",
    is_discipline & stands_apart,
)


# --- public cases


def visible_cases(user: User) -> QuerySet[PublicCase]:
    """Return the cases this person may see: overseers all, a unit its own, a firm what it was asked about."""
    if not (user.is_authenticated and user.is_active):
        return PublicCase.objects.none()
    if oversees_appeals(user):
        return PublicCase.objects.all()
    mine = Q(appeal__enterprise_id__in=enterprise_ids(user)) & ~Q(state=CaseState.DRAFT)
    return PublicCase.objects.filter(mine | Q(unit_id__in=handling_units(user)))


visible_through("appeals.publiccase", visible_cases)


def published_cases() -> QuerySet[PublicCase]:
    """Return what everybody may read."""
    return PublicCase.objects.filter(state=CaseState.PUBLISHED)


@rules.predicate(name="案例所涉企业")
def is_subject_of_case(user: User, case: PublicCase | None) -> bool:
    """Whether the account acts for the firm whose appeal is told."""
    return case is not None and case.appeal.enterprise_id in enterprise_ids(user)


@rules.predicate(name="可见该案例")
def sees_case(user: User, case: PublicCase | None) -> bool:
    """Whether the case lies inside the row filter."""
    return case is not None and bool(
        oversees_appeals(user)
        or (is_subject_of_case(user, case) and case.state != CaseState.DRAFT)
        or case.unit_id in handling_units(user)
    )


@rules.predicate(name="起草人以外")
def did_not_draft(user: User, case: PublicCase | None) -> bool:
    """Whether somebody else drafted the case."""
    return case is not None and case.drafted_by_id != user.pk


permit("appeals.view_case", "查看公开案例", sees_case)
permit("appeals.list_cases", "打开公开案例列表", oversees_appeals | handles_appeals)
permit("appeals.draft_case", "起草、修改、核对公开案例，征求企业同意", in_appeals_office)
permit(
    "appeals.publish_case",
    "发布公开案例（起草人以外）",
    (in_appeals_office | leads_task_force) & did_not_draft,
)
permit("appeals.withdraw_case", "撤下公开案例", in_appeals_office | leads_task_force)
permit(
    "appeals.consent_case", "同意或不同意公开、撤回同意（本企业，或凭签名链接）", is_subject_of_case
)

# --- rates, exclusions, supervision


def visible_facts(user: User) -> QuerySet[CaseFact]:
    """Return the facts whose rows this person may open: overseers all, a unit what it leads."""
    if not (user.is_authenticated and user.is_active):
        return CaseFact.objects.none()
    if oversees_appeals(user):
        return CaseFact.objects.all()
    return CaseFact.objects.filter(unit_id__in=handling_units(user))


def visible_exclusions(user: User) -> QuerySet[Exclusion]:
    """Return the ledger's entries this person may see: overseers all, a unit its own."""
    if not (user.is_authenticated and user.is_active):
        return Exclusion.objects.none()
    if oversees_appeals(user):
        return Exclusion.objects.all()
    return Exclusion.objects.filter(unit_id__in=handling_units(user))


visible_through("appeals.exclusion", visible_exclusions)


@rules.predicate(name="非申请人本人")
def did_not_apply(user: User, exclusion: Exclusion | None) -> bool:
    """Whether somebody else filed the application: nobody decides what he asked for."""
    return exclusion is not None and exclusion.filed_by_id != user.pk


@rules.predicate(name="申请人本人")
def applied_himself(user: User, exclusion: Exclusion | None) -> bool:
    """Whether the person filed the application."""
    return exclusion is not None and exclusion.filed_by_id == user.pk


speaks_for_lead_unit = is_lead_liaison | is_lead_leader
speaks_for_lead_unit.name = "主办单位联络员、分管领导"

permit(
    "appeals.view_rates",
    "查看诉求三率（单位看本单位和全区合计）",
    oversees_appeals | handles_appeals,
)
permit("appeals.freeze_rates", "固化三率", in_appeals_office)
permit("appeals.publish_rates", "公开已固化的三率", leads_task_force)
permit("appeals.view_exclusion", "查看剔除申请", oversees_appeals | in_lead_unit)
permit("appeals.apply_exclusion", "申请剔除", in_appeals_office | speaks_for_lead_unit)
permit("appeals.retract_exclusion", "撤回剔除申请", applied_himself)
permit(
    "appeals.decide_exclusion",
    "审批剔除（申请人以外的专班组长、副组长）",
    leads_task_force & did_not_apply,
)
permit("appeals.revoke_exclusion", "撤销剔除", leads_task_force)
permit("appeals.view_samples", "查看回访抽样和办结提示", oversees_appeals)
permit("appeals.supervise", "查看监督页", is_discipline | in_appeals_office | leads_task_force)
permit(
    "appeals.make_facts_pack",
    "生成事实材料（说明用途、留痕）",
    is_discipline | in_appeals_office | leads_task_force,
)
