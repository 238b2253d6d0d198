"""One small district in which every role and every kind of record stands once.

Whatever is secret from somebody carries a canary: a word that occurs nowhere else, so that its
appearance on a page proves who may read what.
"""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import time_machine
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from lianqi.appeals import actions
from lianqi.appeals.actions import cases, unsealing
from lianqi.appeals.links import consent_link, progress_link, rating_link
from lianqi.appeals.queries.columns import APPEAL_LIST
from lianqi.briefings.actions import draft_paper, issue_paper, sign_paper
from lianqi.briefings.actions.papers import Facts
from lianqi.briefings.queries.papers import paper_content
from lianqi.enterprises.actions import add_contact
from lianqi.enterprises.actions.batches import FirmRow, RowProblem, preview_batch
from lianqi.enterprises.enums import EnterpriseState
from lianqi.kernel.access import SYSTEM
from lianqi.kernel.actions import save_view
from lianqi.kernel.clock import now, today
from lianqi.kernel.crypto import sm3
from lianqi.kernel.documents import issue_document
from lianqi.kernel.models import CalendarDay, JobState, Notice, OutboxMessage
from lianqi.kernel.models.document import DocumentAccess
from lianqi.kernel.models.outbox import Channel, OutboxState
from lianqi.kernel.outbox import enqueue
from lianqi.kernel.phones import Phone
from lianqi.kernel.uploads import CleanFile
from lianqi.organisation.actions import (
    acknowledge_roster_change,
    end_sessions,
    file_roster_change,
    hand_over_desk,
    issue_token,
)
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import User
from tests.authorisation.conference_world import hold_conference
from tests.authorisation.ledger import LedgerWorld
from tests.enterprises.samples import code
from tests.factories import (
    EnterpriseFactory,
    UnitFactory,
    UserFactory,
    entrepreneur,
    office_clerk,
    person,
)
from tests.factories import file_appeal as filed

PASSWORD, SAVE_VIEW = "Lianqi-2026", f"/lists/{APPEAL_LIST.key}/views/"
# Five weeks before the world's morning: long enough for a period to be over.
LONG_BEFORE = timedelta(35)
PARKED = "appeals.lapse_consents"
CASE = {"question": "厂区夜间停电，应当找谁？", "answer": "可以先打供电服务热线，再到专班登记。"}
# The only number our tests may use; that it appears nowhere in full is checked on every page.
PHONE = "13800138000"

ROLES = (
    "visitor",
    "firm_a",
    "firm_b",
    "firm_new",
    "liaison_lead",
    "leader_lead",
    "principal_lead",
    "liaison_co",
    "leader_co",
    "liaison_other",
    "clerk",
    "director",
    "head",
    "deputy",
    "convener",
    "conference_clerk",
    "conference_director",
    "helper",
    "discipline",
    "sysadmin",
    "secadmin",
    "auditor",
    "postless",
    "ended",
    "suspended",
    "signed_out",
)


class World:
    """The people by role, the records by name, and each role's browser and program."""

    def __init__(self) -> None:
        """Seat the people, let them work, and sign everybody in."""
        self.units = SimpleNamespace(
            lead=UnitFactory(code="lead", name="主办局"),
            co=UnitFactory(code="co", name="协办局"),
            other=UnitFactory(code="other", name="无关局"),
        )
        self.who = self._people()
        self._firms()
        with time_machine.travel(now() - LONG_BEFORE, tick=True):
            self._past()
        self._appeals()
        self._sealed()
        self._beside()
        self._papers()
        hold_conference(self)
        self._documents()
        self.ledger = LedgerWorld(self)
        self._doors()

    # --- people

    def _people(self) -> dict[str, User]:
        lead, co, other = self.units.lead, self.units.co, self.units.other
        self.firm_a = EnterpriseFactory(name="甲企金丝雀有限公司", address="地址金丝雀甲一号")
        self.firm_b = EnterpriseFactory(name="乙企金丝雀有限公司", address="地址金丝雀乙二号")
        self.firm_new = EnterpriseFactory(name="待核企业有限公司", state=EnterpriseState.PENDING)
        return {
            "firm_a": entrepreneur(self.firm_a, username="firm_a", phone=_phone()),
            "firm_b": entrepreneur(self.firm_b, username="firm_b", phone=_phone()),
            "firm_new": entrepreneur(self.firm_new, username="firm_new"),
            "liaison_lead": person(Post.LIAISON, unit=lead, username="lead1", phone=_phone()),
            "leader_lead": person(Post.LEADER, unit=lead, username="lead2"),
            "principal_lead": person(Post.PRINCIPAL, unit=lead, username="lead3"),
            "liaison_co": person(Post.LIAISON, unit=co, username="co1"),
            "leader_co": person(Post.LEADER, unit=co, username="co2"),
            "liaison_other": person(Post.LIAISON, unit=other, username="other1"),
            "clerk": office_clerk(username="clerk"),
            "director": person(Post.OFFICE_DIRECTOR, body=BodyCode.TF3, username="director"),
            "head": person(Post.HEAD, body=BodyCode.TF3, username="head"),
            "deputy": person(Post.DEPUTY_HEAD, body=BodyCode.TF3, username="deputy"),
            "convener": person(Post.CONVENER, body=BodyCode.JC, username="convener"),
            "conference_clerk": person(Post.OFFICE_STAFF, body=BodyCode.JC, username="jc1"),
            "conference_director": person(Post.OFFICE_DIRECTOR, body=BodyCode.JC, username="jc2"),
            "helper": person(Post.HELPER, unit=co, username="helper"),
            "discipline": person(Post.DISCIPLINE, unit=other, username="discipline"),
            "sysadmin": person(Post.SYSADMIN, username="sysadmin"),
            "secadmin": person(Post.SECADMIN, username="secadmin"),
            "auditor": person(Post.AUDITOR, username="auditor"),
            "postless": UserFactory(username="postless"),
            "ended": person(Post.LIAISON, unit=UnitFactory(code="former"), username="ended"),
            "suspended": office_clerk(username="suspended"),
            "signed_out": office_clerk(username="signed_out"),
        }

    # --- firms and appeals

    def _firms(self) -> None:
        clerk = self.who["clerk"]
        self.contact_a = add_contact(
            self.firm_a, actor=clerk, name="联系人甲金丝雀", title="厂长", phone=_phone(), main=True
        )
        self.contact_b = add_contact(
            self.firm_b, actor=clerk, name="联系人乙金丝雀", title="厂长", phone=_phone(), main=True
        )
        for firm in (self.firm_a, self.firm_b):
            add_contact(firm, actor=clerk, name="备用", title="", phone=_phone(), main=False)
        self.membership_a = self.firm_a.memberships.get()
        self.membership_b = self.firm_b.memberships.get()

    def _past(self) -> None:
        """What an earlier month has left: an order that was returned, and kept figures of it."""
        self.returned = filed(self.who["firm_b"], title="退回件")
        actions.accept_appeal(self.returned, actor=self.who["clerk"])
        actions.dispatch_appeal(self.returned, actor=self.who["clerk"], lead_unit=self.units.other)
        actions.return_order(self.returned, actor=self.who["liaison_other"], basis="退单依据金丝雀")
        actions.rule_return(
            self.returned, actor=self.who["clerk"], upheld=False, note="裁定理由金丝雀"
        )
        self.past_day = today()

    def _appeals(self) -> None:
        who = self.who
        self.appeal_a = self._handled("甲", who["firm_a"], self.units.lead, who["liaison_lead"])
        actions.submit_opinion(
            self.appeal_a,
            actor=who["liaison_co"],
            content="协办意见金丝雀甲",
            files=[_file("协办金丝雀甲")],
        )
        actions.request_extension(
            self.appeal_a, actor=who["liaison_lead"], days=1, reason="延期理由金丝雀甲"
        )
        self.appeal_b = self._handled("乙", who["firm_b"], self.units.other, who["liaison_other"])
        self.new = filed(who["firm_a"], title="新诉求金丝雀甲", content="新诉求内容金丝雀甲")
        self.visited = actions.submit_appeal(
            self.firm_a,
            actor=who["helper"],
            channel="visit",
            kind="consult",
            title="走访金丝雀甲诉求",
            content="走访内容金丝雀甲",
            contact_name="走访联系人甲",
            contact_phone=PHONE,
        )
        self.answered = self._answered(reply="答复全文金丝雀甲")
        self.draft = filed(who["firm_a"], title="草稿件金丝雀甲")
        self._signed(self.draft, self.units.lead, who["liaison_lead"])
        actions.request_closing(
            self.draft, actor=who["liaison_lead"], outcome="solved", reply="答复草稿金丝雀甲"
        )

    def _handled(self, mark: str, firm: User, unit: Any, liaison: User) -> Any:
        """Return an appeal that its unit is handling, with open and with internal texts."""
        appeal = filed(
            firm,
            title=f"标题金丝雀{mark}",
            content=f"正文金丝雀{mark}，夜间停电。",
            contact_name=f"诉求联系人{mark}",
            files=[_file(f"证据金丝雀{mark}")],
        )
        self._signed(appeal, unit, liaison, note=f"交办意见金丝雀{mark}")
        actions.record_contact(appeal, actor=liaison, note=f"通话记录金丝雀{mark}")
        promise = {"text": f"承诺金丝雀{mark}", "on": today() + timedelta(7)}
        actions.report_stage(
            appeal, actor=liaison, content=f"阶段答复金丝雀{mark}", promises=[promise]
        )
        return appeal

    def _signed(self, appeal: Any, unit: Any, liaison: User, note: str = "") -> None:
        co = [self.units.co] if unit == self.units.lead else []
        clerk = self.who["clerk"]
        actions.accept_appeal(appeal, actor=clerk)
        actions.dispatch_appeal(appeal, actor=clerk, lead_unit=unit, co_units=co, note=note)
        actions.sign_order(appeal, actor=liaison)

    def _answered(self, title: str = "已答复件金丝雀甲", reply: str = "见公开办法。") -> Any:
        appeal = filed(self.who["firm_a"], title=title)
        actions.accept_appeal(appeal, actor=self.who["clerk"])
        return actions.answer_directly(
            appeal, actor=self.who["clerk"], outcome="solved", reply=reply
        )

    def _sealed(self) -> None:
        """A firm that keeps its name, and two applications to learn it: asked, and applied for."""
        who = self.who
        self.sealed = filed(
            who["firm_b"],
            title="保密标题金丝雀",
            content="联系保密人金丝雀，夜间停电。",
            contact_name="保密人金丝雀",
            files=[_file("保密金丝雀")],
            sealed=True,
        )
        self.sealed_other = filed(who["firm_b"], title="另一件保密", sealed=True)
        for appeal in (self.sealed, self.sealed_other):
            self._signed(appeal, self.units.lead, who["liaison_lead"])
        self.unsealing = unsealing.apply_for_unsealing(
            self.sealed, actor=who["clerk"], unit=self.units.lead, reason="开启理由金丝雀lead"
        )
        self.unsealing_asked = unsealing.ask_unsealing(
            self.sealed, actor=who["liaison_co"], unit=self.units.co, reason="开启理由金丝雀co"
        )

    # --- what stands beside appeals

    def _beside(self) -> None:
        who = self.who
        self.case_draft = self._case("草稿案例金丝雀", self._answered_by_unit())
        self.case_asked = self._case("征询案例金丝雀", self._answered("案例来源一"))
        self.case_consented = self._case("待发案例金丝雀", self._answered("案例来源二"))
        self.case_public = self._case("公开案例金丝雀", self._answered("案例来源三"))
        for case in (self.case_asked, self.case_consented, self.case_public):
            cases.ask_consent(case, actor=who["clerk"])
        for case in (self.case_consented, self.case_public):
            cases.consent_to_case(case, actor=who["firm_a"])
        cases.publish_case(self.case_public, actor=who["head"])
        self.exclusion = self._exclusion("甲", self.appeal_a, who["liaison_lead"])
        self.exclusion_made = self._exclusion("乙", self.appeal_b, who["clerk"])
        actions.approve_exclusion(self.exclusion_made, actor=who["head"])
        self.frozen = self._frozen("未公开")
        self.frozen_public = self._frozen("已公开")
        actions.publish_rates(self.frozen_public, actor=who["head"])
        self.pack = actions.make_facts_pack(
            self.appeal_a, actor=who["discipline"], purpose="核查用途金丝雀"
        )

    def _case(self, title: str, appeal: Any) -> Any:
        return cases.draft_case(appeal, actor=self.who["clerk"], title=title, **CASE)

    def _answered_by_unit(self) -> Any:
        """Return an answered appeal of the lead unit."""
        who, appeal = self.who, filed(self.who["firm_a"], title="案例来源")
        self._signed(appeal, self.units.lead, who["liaison_lead"])
        actions.record_contact(appeal, actor=who["liaison_lead"], note="已联系")
        actions.request_closing(
            appeal, actor=who["liaison_lead"], outcome="solved", reply="线路已经检修。"
        )
        actions.sign_closing(appeal, actor=who["leader_lead"])
        return actions.approve_closing(appeal, actor=who["clerk"])

    def _exclusion(self, mark: str, appeal: Any, actor: User) -> Any:
        return actions.apply_exclusion(
            appeal,
            actor=actor,
            rate="response",
            reason="beyond_power",
            text=f"剔除说明金丝雀{mark}",
            files=[_file(f"剔除佐证金丝雀{mark}")],
        )

    def _frozen(self, mark: str) -> Any:
        return actions.freeze_rates(
            actor=self.who["clerk"],
            first_day=self.past_day,
            last_day=self.past_day,
            note=f"固化说明金丝雀{mark}",
        )

    # --- papers of the offices

    def _papers(self) -> None:
        who = self.who
        moved = UnitFactory(code="moved", name="换人局")
        mover = person(Post.LIAISON, unit=moved, username="mover")
        self.change = self._filing(self.units.lead, who["liaison_lead"], today() + timedelta(7))
        self.change_done = self._filing(moved, mover, today())
        acknowledge_roster_change(self.change_done, actor=who["conference_clerk"])
        self.batch = self._batch()
        self.day = CalendarDay.objects.order_by("date").last()
        enqueue(Channel.EMAIL, "nobody@example.org", title="死信", text="死信")
        OutboxMessage.objects.filter(title="死信").update(state=OutboxState.DEAD)
        self.message = OutboxMessage.objects.get(title="死信")
        self.notice = Notice.objects.create(
            user=who["liaison_lead"], title="通知金丝雀主办", url="/desk/", at=now(), origin="矩阵"
        )

        JobState.objects.create(name=PARKED, due_at=now(), failures=5, parked_at=now())
        self.view = save_view(APPEAL_LIST, actor=who["clerk"], name="视图金丝雀甲", query="q=停电")
        self.handover = self._lent(who["liaison_co"], who["leader_co"], 1, "co")
        # On this desk lies something: the draft of an answer, waiting for the leader's signature.
        self.handover_full = self._lent(who["leader_lead"], who["principal_lead"], 10, "lead")

    def _lent(self, holder: User, stand_in: User, day: int, mark: str) -> Any:
        return hand_over_desk(
            holder.appointments.get(),
            actor=holder,
            stand_in=stand_in,
            valid_from=today() + timedelta(day),
            valid_to=today() + timedelta(day + 2),
            reason=f"代理原因金丝雀{mark}",
        )

    def _batch(self) -> Any:
        row = FirmRow(2, code(901), {"name": "导入金丝雀企业"}, "", "导入联系人", _phone())
        problem = RowProblem(3, {"name": "错行金丝雀"}, [_WRONG])
        return preview_batch([row], [problem], actor=self.who["clerk"], name="企业.xlsx")

    def _filing(self, unit: Any, actor: User, day: date) -> Any:
        return file_roster_change(
            unit,
            actor=actor,
            post=Post.LIAISON,
            successor_name=f"接任人金丝雀{unit.code}",
            successor_title="综合科科长",
            successor_phone=PHONE,
            effective_on=day,
            reason=f"调整原因金丝雀{unit.code}",
        )

    def _documents(self) -> None:
        """Papers on their way and out, and one that its issuer alone may read."""
        clerk, convener = self.who["conference_clerk"], self.who["convener"]
        lead = self.units.lead
        facts = {
            mark: Facts(
                title=f"公文金丝雀{mark}的通知", text=f"正文金丝雀{mark}。", to_units=[lead]
            )
            for mark in ("待签", "待印", "已印", "限定")
        }
        self.drafted, self.signed, self.issued = (
            draft_paper("notice", facts[mark], actor=clerk) for mark in ("待签", "待印", "已印")
        )
        sign_paper(self.signed, actor=convener)
        sign_paper(self.issued, actor=convener)
        self.document = issue_paper(self.issued, actor=clerk)
        restricted = {
            **paper_content(self.issued),
            "title": facts["限定"].title,
            "text": facts["限定"].text,
        }
        with transaction.atomic():
            self.restricted = issue_document(
                "notice",
                self.issued,
                restricted,
                actor=clerk,
                issuer_word="高新区民联办",
                access=DocumentAccess.RESTRICTED,
            )

    # --- doors

    def _doors(self) -> None:
        """Sign everybody in and hand out tokens; then take three of them away again."""
        # Answers to GETs by role and path, as far as somebody has asked.
        self.got: dict[tuple[str, str], Any] = {}
        self.cookies: dict[str, dict[str, str]] = {"visitor": {}}
        self.tokens: dict[str, str] = {"visitor": ""}
        for role, user in self.who.items():
            client = Client()
            # The real way, so that the session is on the list of the person's sessions.
            client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
            client.post(SAVE_VIEW, {"name": own_view(role), "query": "q=停电"})
            self.cookies[role] = {settings.SESSION_COOKIE_NAME: client.session.session_key}
            self.tokens[role] = issue_token(user, actor=SYSTEM, label="矩阵")
        who = self.who
        yesterday = today() - timedelta(1)
        who["ended"].appointments.update(valid_to=yesterday)
        User.objects.filter(pk=who["suspended"].pk).update(is_active=False)
        end_sessions(who["signed_out"], actor=who["secadmin"], reason="离岗")
        who["signed_out"].tokens.update(revoked_at=now())
        self.rating_token = rating_link(self.answered).split("/")[-2]
        self.follow_token = progress_link(self.appeal_a).split("/")[-2]
        self.consent_token = consent_link(self.case_asked).split("/")[-2]


_WRONG = {"column": "name", "heading": "企业名称", "value": "错", "message": "太短"}


def own_view(role: str) -> str:
    """Return what a role calls the view that it has saved on the page."""
    return f"存视图金丝雀{ROLES.index(role)}号"


def _phone() -> Any:
    return Phone.of(PHONE)


def _file(name: str) -> CleanFile:
    content = f"附件内容{name}".encode()
    return CleanFile(f"{name}.txt", content, "text/plain", len(content), sm3(content))
