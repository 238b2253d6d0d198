"""One small district in which every role and every kind of record stands once.

Whatever is secret from somebody carries a canary: a word that occurs nowhere else, so that its
appearance on a page proves who may read what.
"""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from lianqi.appeals import actions
from lianqi.appeals.links import progress_link, rating_link
from lianqi.enterprises.actions import add_contact
from lianqi.enterprises.actions.batches import FirmRow, RowProblem, preview_batch
from lianqi.enterprises.enums import EnterpriseState
from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import now, today
from lianqi.kernel.crypto import sm3
from lianqi.kernel.models import CalendarDay, Notice, OutboxMessage
from lianqi.kernel.models.outbox import Channel, OutboxState
from lianqi.kernel.outbox import enqueue
from lianqi.kernel.phones import Phone
from lianqi.kernel.uploads import CleanFile
from lianqi.organisation.actions import (
    acknowledge_roster_change,
    end_sessions,
    file_roster_change,
    issue_token,
)
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import User
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

PASSWORD = "Lianqi-2026"
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
        self._appeals()
        self._papers()
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
        self.answered = self._answered()
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
        actions.report_stage(appeal, actor=liaison, content=f"阶段答复金丝雀{mark}")
        return appeal

    def _signed(self, appeal: Any, unit: Any, liaison: User, note: str = "") -> None:
        co = [self.units.co] if unit == self.units.lead else []
        clerk = self.who["clerk"]
        actions.accept_appeal(appeal, actor=clerk)
        actions.dispatch_appeal(appeal, actor=clerk, lead_unit=unit, co_units=co, note=note)
        actions.sign_order(appeal, actor=liaison)

    def _answered(self) -> Any:
        appeal = filed(self.who["firm_a"], title="已答复件金丝雀甲")
        actions.accept_appeal(appeal, actor=self.who["clerk"])
        return actions.answer_directly(
            appeal, actor=self.who["clerk"], outcome="solved", reply="答复全文金丝雀甲"
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

    # --- doors

    def _doors(self) -> None:
        """Sign everybody in and hand out tokens; then take three of them away again."""
        self.cookies: dict[str, dict[str, str]] = {"visitor": {}}
        self.tokens: dict[str, str] = {"visitor": ""}
        for role, user in self.who.items():
            client = Client()
            # The real way, so that the session is on the list of the person's sessions.
            client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
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


_WRONG = {"column": "name", "heading": "企业名称", "value": "错", "message": "太短"}


def _phone() -> Any:
    return Phone.of(PHONE)


def _file(name: str) -> CleanFile:
    content = f"附件内容{name}".encode()
    return CleanFile(f"{name}.txt", content, "text/plain", len(content), sm3(content))
