"""What is asked of each address: which records, and which posts that are filled in well.

An address without open parts needs no entry here; one with open parts must have at least one, so
that a new page is tried with real records and not with numbers that nobody has.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lianqi.appeals.forms import STEP_FORMS
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.clock import today
from lianqi.kernel.models import Attachment
from tests.authorisation.addresses import addresses, filled, parameters
from tests.authorisation.world import PASSWORD, PHONE, World
from tests.enterprises.samples import code as uscc

NOBODY = 2**31 - 1
YEAR = "2027-01-01,放假,元旦\n2027-05-01,放假,劳动节\n2027-10-01,放假,国庆节"


@dataclass(frozen=True)
class Case:
    """One way of asking an address: the open parts, the query, and a well-filled post."""

    name: str = ""
    parts: dict[str, object] = field(default_factory=dict)
    query: str = ""
    valid: dict[str, object] | None = None


def cases(world: World) -> Iterator[tuple[str, Case, str]]:
    """Yield route, case and full path of all that is asked, in the order of the URL table.

    Raises:
        LookupError: a route with open parts has no case.
    """
    known = _cases(world)
    for route in addresses():
        if parameters(route) and route not in known:
            raise LookupError(
                f"{route} 有可变部分，请在 tests/authorisation/cases.py 写明用哪些记录"
            )
        for case in known.get(route, [Case()]):
            query = f"?{case.query}" if case.query else ""
            yield route, case, filled(route, case.parts) + query


def forgotten(world: World) -> list[str]:
    """Return routes that have cases but no longer exist."""
    return sorted(set(_cases(world)) - set(addresses()))


def _cases(world: World) -> dict[str, list[Case]]:
    return {
        **_kernel(world),
        **_appeals(world),
        **_portal(world),
        **_enterprises(world),
        **_organisation(world),
        **_sign_in(),
        **_api(world),
    }


def _one(part: str, named: dict[str, object], **valid: Any) -> list[Case]:
    """Return a case for each named value of the only open part."""
    return [Case(name, {part: value}, **valid) for name, value in named.items()]


def _kernel(world: World) -> dict[str, list[Case]]:
    notice = {"主办联络员的": world.notice.pk, "无此号": NOBODY}
    fields = {
        "甲诉求": f"appeals.appeal:{world.appeal_a.pk}:contact_phone",
        "乙诉求": f"appeals.appeal:{world.appeal_b.pk}:contact_phone",
        "甲联系人": f"enterprises.contact:{world.contact_a.pk}:phone",
        "联络员": f"organisation.user:{world.who['liaison_lead'].pk}:phone",
        "不是电话": f"appeals.appeal:{world.appeal_a.pk}:title",
        "无此号": f"appeals.appeal:{NOBODY}:contact_phone",
        "": "",
    }
    hours = ("08:30", "12:00", "14:00", "18:00")
    names = ("morning_start", "morning_end", "afternoon_start", "afternoon_end")
    return {
        "notices/<int:pk>/": _one("pk", notice),
        "notices/<int:pk>/read/": _one("pk", notice),
        "settings/limits/<str:key>/": [
            Case("受理", {"key": "appeal.accept"}, valid=_limit()),
            Case("无此项", {"key": "nothing"}),
        ],
        "settings/hours/": [
            Case(valid={**dict(zip(names, hours, strict=True)), **_dated("effective_from")})
        ],
        "settings/calendar/<int:year>/": _one("year", {"2026": 2026, "无此年": 99999}),
        "settings/calendar/enter/": [
            Case(valid={"date": "2026-12-04", "kind": "off", "name": "青年节", "source": "甲"})
        ],
        "settings/calendar/year/": [Case(valid={"text": YEAR, "source": "通知", "confirm": "1"})],
        "settings/calendar/days/<int:pk>/remove/": _one(
            "pk", {"一天": world.day.pk, "无此号": NOBODY}, valid={"reason": "录错了"}
        ),
        "journal/verify/": [Case(valid={"subject": f"appeals.appeal:{world.appeal_a.pk}"})],
        "jobs/messages/<int:pk>/retry/": _one("pk", {"死信": world.message.pk, "无此号": NOBODY}),
        "files/<int:pk>/": _one("pk", {**_files(world), "无此号": NOBODY}),
        "reveal/": [
            Case(name, query=f"for={value}", valid={"purpose": "核实诉求情况"})
            for name, value in fields.items()
        ],
        "large-print/": [Case(valid={"large_print": "1", "next": "/desk/"})],
    }


def _limit() -> dict[str, object]:
    return {"amount": 9, "unit": "working_hour", "basis": "会议纪要", **_dated("effective_from")}


def _dated(name: str) -> dict[str, object]:
    return {name: today() + timedelta(1), "source": "通知"}


def _files(world: World) -> dict[str, object]:
    return {
        f"{who}{'内部件' if file.audience == 'internal' else '证据'}": file.pk
        for who, appeal in (("甲", world.appeal_a), ("乙", world.appeal_b))
        for file in Attachment.objects.about(appeal).order_by("pk")
    }


# What a well-filled form of the steps holds; the others take an empty post.
STEPS: dict[str, dict[str, object]] = {
    "accept": {"note": ""},
    "dispatch": {"lead_unit": "lead"},
    "record_contact": {"note": "已联系"},
    "report_stage": {"content": "约定查看现场"},
    "submit_opinion": {"content": "可以协调"},
    "request_closing": {"outcome": "solved", "reply": "变压器已经更换。"},
    "decide_extension": {"approve": "true", "note": "同意"},
    "urge": {"note": "请抓紧"},
    "withdraw": {"reason": "问题已解决"},
    "nudge": {},
    "supplement": {"content": "补充说明"},
    "sign_closing": {"note": ""},
    "rate": {"level": "5"},
}


def _appeals(world: World) -> dict[str, list[Case]]:
    step = "appeals/<str:number>/steps/<str:key>/"
    on_a = [_step(f"甲 {key}", world.appeal_a, key) for key in _one_step_a_permission()]
    others = [
        _step("新件 accept", world.new, "accept"),
        _step("乙 report_stage", world.appeal_b, "report_stage"),
        _step("草稿 sign_closing", world.draft, "sign_closing"),
        _step("无此步", world.appeal_a, "nothing"),
        Case("无此号", {"number": "SQ2020-00001", "key": "accept"}),
    ]
    new = {"enterprise": world.firm_a.name, "channel": "phone", **appeal_form()}
    return {
        "appeals/new/": [Case(valid=new)],
        "appeals/<str:number>/": _one("number", _numbers(world)),
        step: [*on_a, *others],
    }


def _one_step_a_permission() -> list[str]:
    """Return the first step of each permission; the whole table is tests/appeals' business."""
    first: dict[str, str] = {}
    for key in (*STEPS, *STEP_FORMS):
        first.setdefault(APPEAL.steps[key].may, key)
    return sorted(first.values())


def _step(name: str, appeal: Any, key: str) -> Case:
    return Case(name, {"number": appeal.number, "key": key}, valid=STEPS.get(key))


def _numbers(world: World) -> dict[str, object]:
    return {
        "甲": world.appeal_a.number,
        "乙": world.appeal_b.number,
        "走访件": world.visited.number,
        "草稿": world.draft.number,
        "无此号": "SQ2020-00001",
    }


def appeal_form() -> dict[str, object]:
    return {
        "kind": "help",
        "title": "厂区夜间停电",
        "content": "最近两周停电三次。",
        "contact_name": "王某",
        "contact_phone": PHONE,
    }


def _portal(world: World) -> dict[str, list[Case]]:
    step = "portal/appeals/<str:number>/steps/<slug:key>/"
    tokens = {"有效": world.rating_token, "换了用途": world.follow_token, "伪造": "W10.x"}
    numbers = _numbers(world)
    follow = {"有效": world.follow_token, "换了用途": world.rating_token, "伪造": "W10.x"}
    return {
        "portal/new/": [Case(valid=appeal_form())],
        "portal/filed/<str:number>/": _one("number", {k: numbers[k] for k in ("甲", "乙")}),
        step: [
            *[_step(f"甲 {key}", world.appeal_a, key) for key in ("nudge", "withdraw", "accept")],
            _step("乙 withdraw", world.appeal_b, "withdraw"),
            _step("已答复 rate", world.answered, "rate"),
        ],
        "portal/r/<str:token>/": _one("token", tokens, valid={"level": "5"}),
        "portal/f/<str:token>/": _one("token", follow),
    }


def _enterprises(world: World) -> dict[str, list[Case]]:
    firms: dict[str, object] = {"甲": world.firm_a.pk, "乙": world.firm_b.pk, "无此号": NOBODY}
    contact = {"name": "李某", "title": "", "phone": PHONE}
    account = {"full_name": "赵某", "username": "zhaomou", "phone": ""}
    code = {"kind": "company", "uscc": uscc(100), "reason": "换证"}
    batch: dict[str, object] = {"一批": world.batch.pk, "无此号": NOBODY}
    own = {"甲": (world.firm_a, world.contact_a), "乙": (world.firm_b, world.contact_b)}
    held = {"甲": (world.firm_a, world.membership_a), "乙": (world.firm_b, world.membership_b)}
    crossed = {"pk": world.firm_a.pk, "contact_pk": world.contact_b.pk}
    crossed_held = {"pk": world.firm_a.pk, "membership_pk": world.membership_b.pk}
    contacts = [*_pairs("contact_pk", own, contact), Case("甲企乙人", crossed, valid=contact)]
    reason = {"reason": "离职"}
    return {
        "enterprises/new/": [
            Case(valid={"kind": "person", "name": "张某", "contact_name": "", "contact_phone": ""})
        ],
        "enterprises/register/": [Case(valid=_registration())],
        "enterprises/register/size/": [Case(valid={"industry_code": "C34", "employees": "20"})],
        "enterprises/mine/": [
            Case(),
            Case("甲", query=f"firm={world.firm_a.pk}"),
            Case("乙", query=f"firm={world.firm_b.pk}"),
        ],
        "enterprises/imports/<int:pk>/": _one("pk", batch),
        "enterprises/imports/<int:pk>/enter/": _one("pk", batch, valid={"skip_errors": "on"}),
        "enterprises/imports/<int:pk>/drop/": _one("pk", batch),
        "enterprises/imports/<int:pk>/errors.xlsx": _one("pk", batch),
        "enterprises/<int:pk>/": _one("pk", firms),
        "enterprises/<int:pk>/steps/<str:key>/": [
            Case("甲 remove", {"pk": world.firm_a.pk, "key": "remove"}, valid={"note": "已经注销"}),
            Case("新 verify", {"pk": world.firm_new.pk, "key": "verify"}, valid={"note": ""}),
            Case("甲 verify", {"pk": world.firm_a.pk, "key": "verify"}, valid={"note": ""}),
            Case("无此步", {"pk": world.firm_a.pk, "key": "nothing"}),
        ],
        "enterprises/<int:pk>/correct/": _one(
            "pk", firms, valid={"name": world.firm_a.name, "address": "新址", "employees": "9"}
        ),
        "enterprises/<int:pk>/code/": _one("pk", firms, valid=code),
        "enterprises/<int:pk>/contacts/": _one("pk", firms, valid=contact),
        "enterprises/<int:pk>/contacts/<int:contact_pk>/": contacts,
        "enterprises/<int:pk>/contacts/<int:contact_pk>/remove/": contacts,
        "enterprises/<int:pk>/accounts/": _one("pk", firms, valid=account),
        "enterprises/<int:pk>/accounts/<int:membership_pk>/renew/": [
            *_pairs("membership_pk", held, None),
            Case("甲企乙号", crossed_held),
        ],
        "enterprises/<int:pk>/accounts/<int:membership_pk>/end/": [
            *_pairs("membership_pk", held, reason),
            Case("甲企乙号", crossed_held, valid=reason),
        ],
    }


def _pairs(part: str, named: dict[str, Any], valid: Any) -> list[Case]:
    return [
        Case(name, {"pk": firm.pk, part: thing.pk}, valid=valid)
        for name, (firm, thing) in named.items()
    ]


def _registration() -> dict[str, object]:
    return {
        "kind": "person",
        "name": "孙某",
        "contact_name": "孙某",
        "contact_phone": PHONE,
        "username": "sunmou",
        "password": "Qiang-Mima-77",
        "password_again": "Qiang-Mima-77",
        "consent": "on",
    }


def _organisation(world: World) -> dict[str, list[Case]]:
    changes = {"主办": world.change.number, "已生效": world.change_done.number}
    change_key = "organisation/roster-changes/<str:number>/<slug:key>/"
    filing = {
        "unit": world.units.lead.pk,
        "post": "leader",
        "successor_name": "周某",
        "successor_title": "综合科科长",
        "successor_phone": PHONE,
        "effective_on": today() + timedelta(7),
        "reason": "工作变动",
    }
    liaison = world.who["liaison_lead"]
    held = liaison.appointments.get()
    post = {
        "user": world.who["helper"].pk,
        "post": "helper",
        "unit": world.units.other.pk,
        "valid_from": today(),
        "source": "分工通知",
    }
    acts = ("reset_password", "reset_second_factor", "end_sessions", "suspend", "restore")
    people = {"联络员": liaison.pk, "企业": world.who["firm_a"].pk, "无此号": NOBODY}
    return {
        "organisation/units/<str:code>/": _one("code", {"主办": "lead", "无此单位": "nothing"}),
        "organisation/roster-changes/new/": [Case(valid=filing)],
        "organisation/roster-changes/<str:number>/": _one("number", {**changes, "无此号": "BA-1"}),
        "organisation/roster-changes/<str:number>/handover/": _one("number", changes),
        change_key: [
            Case(f"主办 {key}", {"number": world.change.number, "key": key}, valid={"note": "可以"})
            for key in ("acknowledge", "return_filing", "nothing")
        ],
        "organisation/appointments/new/": [Case(valid=post)],
        "organisation/appointments/<int:pk>/end/": _one(
            "pk", {"联络员": held.pk, "无此号": NOBODY}, valid={"last_day": today()}
        ),
        "organisation/accounts/": [
            Case(),
            Case("久未登录", query="view=unused", valid={"reason": "离职", "chosen": liaison.pk}),
        ],
        "organisation/accounts/new/": [Case(valid={"full_name": "吴某", "username": "wumou"})],
        "organisation/accounts/<int:pk>/": _one("pk", people),
        "organisation/accounts/<int:pk>/<slug:key>/": [
            Case(f"联络员 {key}", {"pk": liaison.pk, "key": key}, valid={"reason": "按规定办理"})
            for key in (*acts, "nothing")
        ],
    }


def _sign_in() -> dict[str, list[Case]]:
    password = {"oldpassword": PASSWORD, "password1": "Qiang-Mima-77", "password2": "Qiang-Mima-77"}
    return {
        "accounts/login/": [Case(valid={"login": "clerk", "password": PASSWORD})],
        "accounts/reauthenticate/": [Case(valid={"password": PASSWORD})],
        "accounts/password/change/": [Case(valid=password)],
        "i18n/setlang/": [Case(valid={"language": "en", "next": "/desk/"})],
    }


def _api(world: World) -> dict[str, list[Case]]:
    step = "api/v1/appeals/<number>/steps/<key>"
    told = {"kind": "help", "title": "厂区夜间停电", "content": "最近两周停电三次。"}
    firms = {"甲": world.firm_a.uscc, "乙": world.firm_b.uscc, "无此号": "nothing"}
    return {
        "api/v1/appeals": [
            Case(valid=told),
            Case("代甲", query="", valid={**told, "enterprise": world.firm_a.uscc}),
        ],
        "api/v1/appeals/<number>": _one("number", _numbers(world)),
        step: [
            *[_step(f"甲 {key}", world.appeal_a, key) for key in ("accept", "record_contact")],
            _step("新件 accept", world.new, "accept"),
            _step("乙 report_stage", world.appeal_b, "report_stage"),
            _step("甲 nudge", world.appeal_a, "nudge"),
            _step("无此步", world.appeal_a, "nothing"),
        ],
        "api/v1/duties": [Case(), Case("主办的", query="unit=lead")],
        "api/v1/enterprises": [Case(valid={"name": "新企业", "kind": "person"})],
        "api/v1/enterprises/<uscc>": _one("uscc", firms),
        "api/v1/units/<code>": _one("code", {"主办": "lead", "无此单位": "nothing"}),
    }
