"""Who sees which items, plans and statements, and who may take which step; side by side."""

from collections.abc import Iterable

import rules
from django.db.models import Exists, OuterRef, Q, QuerySet

from lianqi.kernel.access import Desk, name_desks, permit, seat_people, visible_through
from lianqi.ledger.enums import ItemState
from lianqi.ledger.models import Item, ItemUnit, Statement, Upload, WorkPlan
from lianqi.organisation.access import (
    holds_in,
    in_conference_office,
    is_convener,
    is_discipline,
    is_office_director,
    load_posts,
    unit_desk,
)
from lianqi.organisation.enums import Post
from lianqi.organisation.models import User

_UNIT_WORK = frozenset({Post.PRINCIPAL, Post.LEADER, Post.LIAISON})

oversees_ledger = in_conference_office | is_convener | is_office_director | is_discipline
oversees_ledger.name = "联席会议办公室、召集人、纪检监督员"


def working_units(user: User) -> set[int]:
    """Return the units whose matters this person handles now."""
    return {
        held.unit_id
        for held in getattr(user, "posts_now", ())
        if held.unit_id and held.body_id is None and held.post in _UNIT_WORK
    }


# --- the desk of the person an item is put on (落实到具体人)


def owner_desk(item: Item) -> Desk:
    """Return the desk of the item's own person; the liaison's, once he works there no more."""
    owner = item.owner
    if owner is None or not works_for(owner, item.lead_unit_id):
        return unit_desk(item.lead_unit, Post.LIAISON)
    return Desk(f"owner:{owner.pk}", f"{item.lead_unit.name}{owner.full_name}", item.lead_unit.code)


def works_for(user: User, unit_id: int) -> bool:
    """Whether the person handles matters for the unit now."""
    return user.is_active and unit_id in working_units(user)


def _own_desk(user: User) -> Iterable[str]:
    return [f"owner:{user.pk}"] if isinstance(user, User) else []


def _at_own_desk(desk_key: str) -> Iterable[User]:
    kind, _, pk = desk_key.partition(":")
    return User.objects.filter(pk=int(pk), is_active=True) if kind == "owner" else []


def _name_of_desk(desk_key: str) -> str:
    return next((user.full_name for user in _at_own_desk(desk_key)), "")


seat_people(_own_desk, _at_own_desk)
name_desks(_name_of_desk)


# --- items


def visible_items(user: User) -> QuerySet[Item]:
    """Return the items this person may see: overseers all, a unit what it leads or shares."""
    if not (user.is_authenticated and user.is_active):
        return Item.objects.none()
    if oversees_ledger(user):
        return Item.objects.all()
    units = working_units(user)
    if not units:
        return Item.objects.none()
    shared = ItemUnit.objects.filter(item=OuterRef("pk"), unit_id__in=units)
    return Item.objects.filter(Exists(shared)).exclude(state=ItemState.DRAFTED)


visible_through("ledger.item", visible_items)


@rules.predicate(name="牵头单位人员")
def in_lead_unit(user: User, item: Item | None) -> bool:
    """Whether the person handles matters for the lead unit."""
    return item is not None and item.lead_unit_id in working_units(user)


@rules.predicate(name="责任单位人员")
def in_sharing_unit(user: User, item: Item | None) -> bool:
    """Whether the person handles matters for one of the item's units, and it is no draft."""
    if item is None or item.state == ItemState.DRAFTED:
        return False
    units = working_units(user)
    return bool(units) and item.shares.filter(unit_id__in=units).exists()


@rules.predicate(name="牵头单位联络员、分管领导")
def speaks_for_lead(user: User, item: Item | None) -> bool:
    """Whether the person is the lead unit's liaison or leader."""
    return item is not None and (
        holds_in(user, Post.LIAISON, item.lead_unit_id)
        or holds_in(user, Post.LEADER, item.lead_unit_id)
    )


@rules.predicate(name="牵头单位分管领导")
def leads_lead_unit(user: User, item: Item | None) -> bool:
    """Whether the person is the lead unit's leader in charge."""
    return item is not None and holds_in(user, Post.LEADER, item.lead_unit_id)


works_in_unit = rules.predicate(lambda user: bool(working_units(user)), name="各单位人员")

permit("ledger.view", "查看台账事项", oversees_ledger | in_sharing_unit)
permit("ledger.view_list", "打开督办台账", oversees_ledger | works_in_unit)
permit("ledger.view_board", "查看台账看板、各单位得分", oversees_ledger | works_in_unit)
permit("ledger.draft", "拟立项", in_conference_office | is_convener | is_office_director)
permit("ledger.docket", "立项、交办、改派", in_conference_office)
permit("ledger.sign", "签收、退回交办、更换责任人", speaks_for_lead)
permit("ledger.report", "报送进展", in_sharing_unit)
permit("ledger.handle", "完成节点、申请延期、申请办结、说明逾期、回复督办单", in_lead_unit)
permit("ledger.sign_extension", "签批延期申请", leads_lead_unit)
permit("ledger.decide", "批复延期、审核办结、销号、重启", in_conference_office)
permit("ledger.issue_slip", "签发督办单", in_conference_office)
permit("ledger.cancel", "撤项", is_office_director | is_convener)
permit("ledger.read_plan", "导入工作计划、核对立项", in_conference_office)


# --- plans


def visible_plans(user: User) -> QuerySet[WorkPlan]:
    """Return the plans: they are the office's work; the units see the items made of them."""
    return WorkPlan.objects.all() if oversees_ledger(user) else WorkPlan.objects.none()


visible_through("ledger.workplan", visible_plans)
permit("ledger.view_plans", "查看工作计划的核对页", oversees_ledger)


# --- statements


def visible_statements(user: User) -> QuerySet[Statement]:
    """Return the statements this person may see: overseers all, a unit its own."""
    if oversees_ledger(user):
        return Statement.objects.all()
    return Statement.objects.filter(unit_id__in=working_units(user))


visible_through("ledger.statement", visible_statements)


@rules.predicate(name="对账单位人员")
def in_statement_unit(user: User, statement: Statement | None) -> bool:
    """Whether the statement is that of the person's unit."""
    return statement is not None and statement.unit_id in working_units(user)


@rules.predicate(name="对账单位联络员、分管领导")
def speaks_for_statement_unit(user: User, statement: Statement | None) -> bool:
    """Whether the person is liaison or leader of the statement's unit."""
    return statement is not None and (
        holds_in(user, Post.LIAISON, statement.unit_id)
        or holds_in(user, Post.LEADER, statement.unit_id)
    )


permit("ledger.view_statement", "查看对账单", oversees_ledger | in_statement_unit)
permit("ledger.list_statements", "打开对账单列表", oversees_ledger | works_in_unit)
permit("ledger.open_statement", "开出对账单", in_conference_office)
permit("ledger.answer_statement", "核对对账单", speaks_for_statement_unit)
permit("ledger.rule_statement", "裁定对账异议", in_conference_office)


# --- uploaded tables


def visible_uploads(user: User) -> QuerySet[Upload]:
    """Return the tables that this person has uploaded: nobody else looks into a draft of a report."""
    return Upload.objects.filter(uploaded_by=user.pk)


visible_through("ledger.upload", visible_uploads)
permit("ledger.upload_reports", "下载、上传进展表格", works_in_unit)
permit("ledger.import_items", "导入已有台账", in_conference_office)


def possible_owners(unit_id: int) -> list[User]:
    """Return who may be put on an item of the unit: those who handle its matters now."""
    rows = User.objects.filter(
        Q(appointments__unit_id=unit_id, appointments__body=None), is_active=True
    )
    people = list(rows.distinct().order_by("pk"))
    load_posts(people)
    return [user for user in people if works_for(user, unit_id)]
