"""What is asked of the conference's addresses."""

from datetime import timedelta
from typing import Any

from lianqi.kernel.clock import now, today

NOBODY = 2**31 - 1
TOLD = "新议题的正文，需要会议研究确定。"


def conference_asked(world: Any, case: Any) -> dict[str, list[Any]]:
    """Return the cases of each address; ``case`` makes one (name, parts, query, valid)."""
    topics = {
        "已审定": world.topic.number,
        "待初审": world.topic_other.number,
        "限阅": world.topic_restricted.number,
        "无此号": "YT2020-0001",
    }
    meetings = {
        "已通知": world.meeting.number,
        "筹备中": world.meeting_planned.number,
        "无此号": "HY2020-0001",
    }
    studies = {
        "调研中": world.study.number,
        "待同意": world.study_proposed.number,
        "无此号": "DY2020-0001",
    }
    proposal = {
        "title": "新的议题",
        "content": TOLD,
        "body": "JC",
        "meeting_kind": "thematic",
        "purpose": "study",
        "programme": "other",
    }
    screened = {"meeting_kind": "thematic", "access": "members", "lead_unit": "other"}
    when = f"{now() + timedelta(days=9):%Y-%m-%d} 15:00"
    return {
        "conference/": [case(), case("2020年", query="year=2020")],
        "conference/topics/": [case(), case("全部", query="state=all")],
        "conference/topics/new/": [case(valid=proposal)],
        "conference/topics/new/<str:number>/": [
            case("甲", {"number": world.appeal_a.number}, valid=proposal),
            case("无此号", {"number": "SQ2020-00001"}),
        ],
        "conference/topics/<str:number>/": _each(case, topics),
        "conference/topics/<str:number>/steps/<str:key>/": [
            _step(case, "待初审", topics, "screen", screened),
            _step(case, "待初审", topics, "withdraw", {"note": "不用议了。"}),
            _step(case, "已审定", topics, "link_appeal", {"appeal": world.appeal_b.number}),
            _step(case, "限阅", topics, "acknowledge", {}),
            _step(case, "限阅", topics, "give_opinion", {"stance": "agree"}),
            _step(case, "已审定", topics, "approve", {"note": ""}),
            _step(case, "已审定", topics, "nothing"),
        ],
        "conference/topics/<str:number>/papers/<int:pk>/": [
            case("材料", {"number": topics["已审定"], "pk": world.paper.pk}, valid={}),
            case("无此号", {"number": topics["已审定"], "pk": NOBODY}),
        ],
        "conference/meetings/new/": [
            case(
                valid={
                    "body": "JC",
                    "kind": "thematic",
                    "title": "又一次专题会议",
                    "starts_at": when,
                    "place": "二楼会议室",
                    "convened_as": "director",
                    "rest_day_confirmed": "on",
                }
            )
        ],
        "conference/meetings/<str:number>/": _each(case, meetings),
        "conference/meetings/<str:number>/code/": _each(case, meetings),
        "conference/meetings/<str:number>/steps/<str:key>/": [
            _step(
                case,
                "筹备中",
                meetings,
                "adjust",
                {"starts_at": when, "place": "二楼会议室", "rest_day_confirmed": "on"},
            ),
            _step(case, "已通知", meetings, "reply", {"reply": "attend", "attendee": "甲某"}),
            _step(case, "已通知", meetings, "sign_minutes", {"note": ""}),
            _step(case, "已通知", meetings, "nothing"),
        ],
        "conference/s/<str:token>/": [
            case("会前", {"token": world.sign_in_token}),
            case("伪造", {"token": "W10.x"}),
        ],
        "conference/studies/new/": [
            case(
                valid={
                    "body": "JC",
                    "title": "又一次调研",
                    "scope": "落实情况。",
                    "plan": "实地查看。",
                    "units": "lead",
                    "report_on": today() + timedelta(days=20),
                }
            )
        ],
        "conference/studies/<str:number>/": _each(case, studies),
        "conference/studies/<str:number>/steps/<str:key>/": [
            _step(case, "待同意", studies, "consent", {"note": ""}),
            _step(case, "调研中", studies, "plan_visit", _visit()),
            _step(case, "调研中", studies, "nothing"),
        ],
        "conference/rules/<int:pk>/": [
            case("联席会议全体会议", {"pk": world.meeting_rule.pk}, valid=_rule()),
            case("无此号", {"pk": NOBODY}),
        ],
        "conference/rules/members/new/": [
            case(valid={"body": "JC", "unit": "co", "since": today(), "source": "名单"})
        ],
        "conference/rules/members/<int:pk>/end/": [
            case("无关局", {"pk": world.member.pk}, valid={"until": today()}),
            case("无此号", {"pk": NOBODY}),
        ],
        "conference/rules/delegation/": [
            case(
                valid={
                    "delegate": world.who["conference_director"].pk,
                    "reason": "召集人外出",
                    "valid_until": today() + timedelta(days=5),
                }
            )
        ],
    }


def _each(case: Any, named: dict[str, str]) -> list[Any]:
    return [case(name, {"number": number}) for name, number in named.items()]


def _step(case: Any, name: str, named: dict[str, str], key: str, valid: Any = None) -> Any:
    return case(f"{name} {key}", {"number": named[name], "key": key}, valid=valid)


def _visit() -> dict[str, object]:
    return {"place": "园区北线", "planned_on": today() + timedelta(days=3)}


def _rule() -> dict[str, object]:
    return {
        "least": 1,
        "most": 3,
        "warn_month": 9,
        "source": "decided",
        "basis": "会议决定",
        "effective_from": today() + timedelta(days=1),
    }
