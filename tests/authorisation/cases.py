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
from tests.authorisation.conference_cases import conference_asked
from tests.authorisation.ledger import ledger_cases
from tests.authorisation.world import CASE, PARKED, PASSWORD, PHONE, World
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
        **_rates(world),
        **_beside(world),
        **_briefings(world),
        **_portal(world),
        **_public(world),
        **_enterprises(world),
        **_organisation(world),
        **conference_asked(world, Case),
        **_sign_in(),
        **_api(world),
        **_ledger(world),
    }


def _ledger(world: World) -> dict[str, list[Case]]:
    return {route: [Case(**told) for told in found] for route, found in ledger_cases(world).items()}


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
    lists = {"诉求": "appeals", "无此列表": "nothing"}
    issued = {"主办的": world.document.pk, "限定的": world.restricted.pk, "无此号": NOBODY}
    view = {"专班办公室的": world.view.pk, "无此号": NOBODY}
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
        "jobs/<str:name>/release/": _one("name", {"停用的": PARKED, "无此任务": "nothing"}),
        "lists/<slug:list_key>/views/": _one(
            "list_key", lists, valid={"name": "另一个", "query": "q=线路"}
        ),
        "lists/<slug:list_key>/columns/": _one(
            "list_key", lists, valid={"columns": "number", "query": ""}
        ),
        "views/<int:pk>/rename/": _one("pk", view, valid={"name": "改过的"}),
        "views/<int:pk>/drop/": _one("pk", view),
        "views/<int:pk>/first/": _one("pk", view, valid={"first": "1"}),
        "files/<int:pk>/": _one("pk", {**_files(world), "无此号": NOBODY}),
        "issued/<int:pk>/": _one("pk", issued),
        "issued/<int:pk>/check/": _one("pk", issued),
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
    [evidence] = Attachment.objects.about(world.exclusion)
    [original] = Attachment.objects.about(world.sealed)
    files = {
        f"{who}{'内部件' if file.audience == 'internal' else '证据'}": file.pk
        for who, appeal in (("甲", world.appeal_a), ("乙", world.appeal_b))
        for file in Attachment.objects.about(appeal).order_by("pk")
    }
    return {**files, "甲剔除佐证": evidence.pk, "保密原件": original.pk}


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
        "appeals/like/": [Case(valid={"title": "夜间停电", "content": "最近两周停电三次。"})],
        "appeals/<str:number>/like/": _one("number", _numbers(world)),
        "appeals/bulk/": [
            Case("问", valid={"key": "accept", "numbers": world.new.number}),
            Case(
                "办",
                valid={
                    "key": "accept",
                    "numbers": world.new.number,
                    "confirmed": "1",
                    "note": "",
                },
            ),
            Case("别的步骤", valid={"key": "close", "numbers": world.new.number}),
        ],
        "appeals/intake/": [Case(valid=_intake(world))],
    }


def _intake(world: World) -> dict[str, object]:
    return {
        "caller": world.firm_a.name,
        "enterprise": world.firm_a.pk,
        "channel": "phone",
        "kind": "help",
        "content": "门前道路积水，车辆进不来。",
        "contact_name": "王某",
        "contact_phone": PHONE,
    }


def _briefings(world: World) -> dict[str, list[Case]]:
    papers: dict[str, object] = {
        "待签": world.drafted.pk,
        "待印": world.signed.pk,
        "已印": world.issued.pk,
        "无此号": NOBODY,
    }
    paper = {"title": "关于报送进展的通知", "text": "请报送。", "to_units": world.units.lead.pk}
    step = {"note": "同意。", "reason": "情况有变。"}
    return {
        "documents/drafts/new/": [Case(valid={"kind": "notice", **paper})],
        "documents/drafts/<int:pk>/": _one("pk", papers),
        "documents/drafts/<int:pk>/preview.docx": _one("pk", papers),
        "documents/drafts/<int:pk>/revise/": _one("pk", papers, valid=paper),
        "documents/drafts/<int:pk>/steps/<str:key>/": [
            Case(f"{mark} {key}", {"pk": papers[mark], "key": key}, valid=step)
            for mark, key in (
                ("待签", "sign"),
                ("待签", "issue"),
                ("待签", "withdraw"),
                ("待签", "nothing"),
                ("待印", "issue"),
                ("待印", "withdraw"),
                ("已印", "withdraw"),
            )
        ],
    }


def _rates(world: World) -> dict[str, list[Case]]:
    exclusion = "appeals/rates/exclusions/<str:number>/"
    entries = {
        "甲": world.exclusion.number,
        "乙": world.exclusion_made.number,
        "无此号": "TC2020-0001",
    }
    tables: dict[str, object] = {
        "未公开": world.frozen.number,
        "已公开": world.frozen_public.number,
        "无此号": "SL2020-0001",
    }
    frozen = "appeals/rates/frozen/<str:number>/"
    application = {
        "rate": "resolution",
        "reason": "beyond_power",
        "text": "事权在省级，已向企业说明。",
        "files": ("佐证.txt", "企业同意等待。".encode()),
    }
    return {
        "appeals/rates/": [Case(), Case("主办的", query="unit=lead")],
        "appeals/rates/rows/": [
            Case("派出", query="cell=dispatched"),
            Case("派出的表格", query="cell=dispatched&export=1"),
            Case("无此数", query="cell=nothing"),
        ],
        exclusion: _one("number", entries),
        f"{exclusion}steps/<str:key>/": [
            *[
                Case(f"甲 {key}", {"number": entries["甲"], "key": key}, valid={"note": "已核。"})
                for key in ("approve", "retract", "revoke", "nothing")
            ],
            Case("乙 revoke", {"number": entries["乙"], "key": "revoke"}, valid={"note": "有误。"}),
        ],
        "appeals/<str:number>/exclude/": [
            Case("甲", {"number": world.appeal_a.number}, valid=application),
            Case("乙", {"number": world.appeal_b.number}),
            Case("未派单", {"number": world.new.number}, valid=application),
            Case("无此号", {"number": "SQ2020-00001"}),
        ],
        "appeals/rates/frozen/new/": [
            Case(valid={"first_day": world.past_day, "last_day": world.past_day, "note": "通报"})
        ],
        frozen: _one("number", tables),
        f"{frozen}rows/": [
            Case("派出", {"number": tables["未公开"]}, query="cell=dispatched"),
            Case("派出的表格", {"number": tables["未公开"]}, query="cell=dispatched&export=1"),
            Case("无此数", {"number": tables["未公开"]}, query="cell=nothing"),
            Case("无此号", {"number": tables["无此号"]}, query="cell=dispatched"),
        ],
        f"{frozen}export/": _one("number", tables),
        f"{frozen}publish/": _one("number", tables),
        "appeals/<str:number>/facts/": _one(
            "number",
            {name: _numbers(world)[name] for name in ("甲", "乙", "无此号")},
            valid={"purpose": "核查超时原因", "form": "docx"},
        ),
        "appeals/promises/found/": [
            Case(valid={"source": "reply", "reply": "我们将于12月10日前完成线路改造。"})
        ],
    }


def _beside(world: World) -> dict[str, list[Case]]:
    public = {
        "草稿": world.case_draft,
        "征询": world.case_asked,
        "待发": world.case_consented,
        "公开": world.case_public,
    }
    unsealings = {"提请": world.unsealing, "提出": world.unsealing_asked}
    note = {"note": "必要。"}
    return {
        "appeals/cases/<int:pk>/": [*_records(public), Case("无此号", {"pk": NOBODY})],
        "appeals/cases/<int:pk>/steps/<str:key>/": [
            _beside_step("草稿", world.case_draft, "ask_consent", {}),
            _beside_step("草稿", world.case_draft, "revise", {"title": "夜间停电找谁", **CASE}),
            _beside_step("草稿", world.case_draft, "publish"),
            _beside_step("待发", world.case_consented, "publish", {}),
            _beside_step("公开", world.case_public, "withdraw", {"reason": "内容过时。"}),
            _beside_step("公开", world.case_public, "nothing"),
        ],
        "appeals/<str:number>/case/": [
            Case("已答复", {"number": world.answered.number}, valid={"title": "停电找谁", **CASE}),
            Case("未答复", {"number": world.appeal_a.number}, valid={"title": "停电找谁", **CASE}),
            Case("已有", {"number": world.case_draft.appeal.number}),
            Case("无此号", {"number": "SQ2020-00001"}),
        ],
        "appeals/unsealings/<int:pk>/": [*_records(unsealings), Case("无此号", {"pk": NOBODY})],
        "appeals/unsealings/<int:pk>/steps/<str:key>/": [
            _beside_step("提请", world.unsealing, "approve", note),
            _beside_step("提请", world.unsealing, "apply", note),
            _beside_step("提出", world.unsealing_asked, "apply", note),
            _beside_step("提出", world.unsealing_asked, "decline", note),
            _beside_step("提出", world.unsealing_asked, "nothing"),
        ],
        "appeals/<str:number>/unsealing/": [
            Case("保密", {"number": world.sealed_other.number}, valid=_opening()),
            Case("不保密", {"number": world.appeal_a.number}, valid=_opening()),
            Case("无此号", {"number": "SQ2020-00001"}),
        ],
    }


def _opening() -> dict[str, object]:
    return {"unit": "lead", "reason": "要到现场查看线路，不知道地址无法办理。"}


def _records(named: dict[str, Any]) -> list[Case]:
    return [Case(name, {"pk": record.pk}) for name, record in named.items()]


def _beside_step(name: str, record: Any, key: str, valid: Any = None) -> Case:
    return Case(f"{name} {key}", {"pk": record.pk, "key": key}, valid=valid)


def _public(world: World) -> dict[str, list[Case]]:
    tables = {"未公开": world.frozen.number, "已公开": world.frozen_public.number}
    return {
        "public/cases/<int:pk>/": [
            Case("公开", {"pk": world.case_public.pk}),
            Case("待发", {"pk": world.case_consented.pk}),
            Case("无此号", {"pk": NOBODY}),
        ],
        "public/rates/<str:number>/": _one("number", {**tables, "无此号": "SL2020-0001"}),
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
        "portal/c/<str:token>/": _one(
            "token",
            {"有效": world.consent_token, "换了用途": world.rating_token, "伪造": "W10.x"},
            valid={"agree": "true"},
        ),
        "portal/cases/<int:pk>/": [
            Case("征询", {"pk": world.case_asked.pk}, valid={"agree": "true"}),
            Case("公开", {"pk": world.case_public.pk}, valid={}),
            Case("草稿", {"pk": world.case_draft.pk}, valid={}),
            Case("无此号", {"pk": NOBODY}),
        ],
        "portal/like/": [Case(valid={"title": "夜间停电", "content": "最近两周停电三次。"})],
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
    lent = {"协办的": world.handover.pk, "有事的": world.handover_full.pk, "无此号": NOBODY}
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
        "organisation/handovers/new/": [
            Case(),
            Case("主办联络员的", query=f"desk={held.pk}", valid=_lending(world)),
            Case("无此岗位", query=f"desk={NOBODY}"),
        ],
        "organisation/handovers/<int:pk>/": _one("pk", lent),
        "organisation/handovers/<int:pk>/end/": _one("pk", lent),
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


def _lending(world: World) -> dict[str, object]:
    return {
        "stand_in": world.who["leader_lead"].pk,
        "valid_from": today() + timedelta(1),
        "valid_to": today() + timedelta(2),
        "reason": "外出培训",
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
        "api/v1/appeals/steps/<key>": [
            Case("accept", {"key": "accept"}, valid={"numbers": [world.new.number]}),
            Case("close", {"key": "close"}, valid={"numbers": [world.new.number]}),
        ],
        "api/v1/rates": [
            Case(query="from=2026-11-01&to=2026-11-30"),
            Case("主办的", query="from=2026-11-01&to=2026-11-30&unit=lead"),
            Case("没有日期"),
        ],
        "api/v1/duties": [Case(), Case("主办的", query="unit=lead")],
        "api/v1/enterprises": [Case(valid={"name": "新企业", "kind": "person"})],
        "api/v1/enterprises/<uscc>": _one("uscc", firms),
        "api/v1/units/<code>": _one("code", {"主办": "lead", "无此单位": "nothing"}),
    }
