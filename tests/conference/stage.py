"""All roles around one topic, one meeting, one study, and the way by which each reaches its states."""

from datetime import datetime, timedelta
from typing import Any

import time_machine

from lianqi.conference import actions
from lianqi.conference.models import AgendaItem, FieldStudy, Meeting, Topic
from lianqi.kernel.clock import SHANGHAI, now
from lianqi.kernel.models import Duty
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import User
from tests.factories import UnitFactory, entrepreneur, office_clerk, person

# A Monday in a month without holidays; the meeting is on the Wednesday of the week after.
MORNING = datetime(2026, 3, 9, 9, 0, tzinfo=SHANGHAI)
MEETING_AT = datetime(2026, 3, 18, 15, 0, tzinfo=SHANGHAI)
SATURDAY = datetime(2026, 3, 21, 9, 0, tzinfo=SHANGHAI)
CONTENT = "夜间停电影响多家企业生产，需要会议确定线路改造的牵头单位和时限。"


class Stage:
    """The units, the people by role, and what they work on."""

    def __init__(self) -> None:
        """Seat everybody."""
        self.lead, self.helping, self.other = UnitFactory(), UnitFactory(), UnitFactory()
        self.who: dict[str, User] = {
            "office": person(Post.OFFICE_STAFF, body=BodyCode.JC),
            "director": person(Post.OFFICE_DIRECTOR, body=BodyCode.JC),
            "convener": person(Post.CONVENER, body=BodyCode.JC),
            "liaison": person(Post.LIAISON, unit=self.lead),
            "leader": person(Post.LEADER, unit=self.lead),
            "principal": person(Post.PRINCIPAL, unit=self.lead),
            "co_liaison": person(Post.LIAISON, unit=self.helping),
            "stranger": person(Post.LIAISON, unit=self.other),
            "helper": person(Post.HELPER, unit=self.lead),
            "discipline": person(Post.DISCIPLINE, unit=self.other),
            "tf_office": office_clerk(),
            "tf_director": person(Post.OFFICE_DIRECTOR, body=BodyCode.TF3),
            "head": person(Post.HEAD, body=BodyCode.TF3),
            "firm": entrepreneur(),
            "sysadmin": person(Post.SYSADMIN),
            "secadmin": person(Post.SECADMIN),
            "auditor": person(Post.AUDITOR),
        }
        self.topic: Topic
        self.meeting: Meeting
        self.study: FieldStudy

    # --- topics

    @classmethod
    def with_topic(cls, state: str = "proposed", kind: str = "thematic", **facts: Any) -> "Stage":
        """Return a stage whose topic has come to a state by its usual way."""
        stage = cls()
        stage.topic = stage.propose(meeting_kind=kind, **facts)
        for step in TOPIC_WAYS[state]:
            stage.take(step)
        return stage

    def propose(self, role: str = "liaison", **facts: Any) -> Topic:
        """Return a topic as the lead unit's liaison has just proposed it."""
        unit = {"proposing_unit": self.lead} if role == "liaison" else {}
        told = {"title": "企业夜间停电问题", "content": CONTENT, **unit, **facts}
        return actions.propose_topic(actor=self.who[role], **told)

    def take(self, step: str, role: str = "", **given: Any) -> Any:
        """Take one step as a role, with what is usually given or something else."""
        usual_role, act, usually = STEPS[step]
        subject, told = usually(self)
        return act(subject, actor=self.who[role or usual_role], **{**told, **given})

    # --- meetings

    @classmethod
    def with_meeting(cls, state: str = "planned", kind: str = "thematic") -> "Stage":
        """Return a stage whose meeting, with one approved topic, has come to a state."""
        stage = cls.with_topic("approved", kind)
        stage.meeting = stage.plan(kind=kind)
        for step in MEETING_WAYS[state]:
            stage.take(step)
        return stage

    def plan(self, role: str = "office", **facts: Any) -> Meeting:
        """Return a meeting as the office has just begun to prepare it."""
        told = {
            "body": BodyCode.JC,
            "kind": "thematic",
            "title": "企业用电问题专题会议",
            "starts_at": MEETING_AT,
            "place": "管委会三楼会议室",
            "convened_as": "convener",
            **facts,
        }
        return actions.plan_meeting(actor=self.who[role], **told)

    @property
    def item(self) -> AgendaItem:
        """The meeting's first topic."""
        return self.meeting.agenda.get(topic=self.topic)  # type: ignore[attr-defined]

    # --- studies

    @classmethod
    def with_study(cls, state: str = "proposed") -> "Stage":
        """Return a stage whose field study has come to a state."""
        stage = cls()
        stage.study = stage.plan_study()
        for step in STUDY_WAYS[state]:
            stage.take(step)
        return stage

    def plan_study(self, role: str = "office", **facts: Any) -> FieldStudy:
        """Return a study as the office has just planned it."""
        told = {
            "title": "用电议定事项落实情况调研",
            "scope": "专题会议议定事项的落实情况。",
            "plan": "分两组到主办单位和企业实地查看。",
            "units": [self.lead],
            "report_on": (now() + timedelta(days=20)).date(),
            **facts,
        }
        return actions.plan_study(actor=self.who[role], **told)


def on_the_day(act: Any) -> Any:
    """Return the act as it is done on the meeting's own afternoon."""

    def taken(subject: Any, **given: Any) -> Any:
        with time_machine.travel(MEETING_AT, tick=False):
            return act(subject, **given)

    return taken


# The step's usual actor, its action, and on what with what it is usually taken.
STEPS: dict[str, tuple[str, Any, Any]] = {
    "screen": (
        "office",
        actions.screen_topic,
        lambda s: (
            s.topic,
            {
                "meeting_kind": s.topic.meeting_kind,
                "access": "members",
                "lead_unit": s.lead,
                "units": [s.helping],
            },
        ),
    ),
    "decline": ("office", actions.decline_topic, lambda s: (s.topic, {"note": "不属会议职责。"})),
    "withdraw": ("liaison", actions.withdraw_topic, lambda s: (s.topic, {"note": "已经解决。"})),
    "circulate": ("office", actions.circulate_topic, lambda s: (s.topic, {})),
    "agree": ("liaison", actions.give_opinion, lambda s: (s.topic, {"stance": "agree"})),
    "co_agree": ("co_liaison", actions.give_opinion, lambda s: (s.topic, {"stance": "agree"})),
    "object": (
        "co_liaison",
        actions.give_opinion,
        lambda s: (s.topic, {"stance": "object", "text": "线路不归我局管理。"}),
    ),
    "close_consultation": ("office", actions.close_consultation, lambda s: (s.topic, {})),
    "approve": ("convener", actions.approve_topic, lambda s: (s.topic, {})),
    "send_back": ("convener", actions.send_back_topic, lambda s: (s.topic, {"note": "材料不全。"})),
    "feed_back": ("office", actions.feed_back, lambda s: (s.topic, {"text": "已议定。"})),
    "set_agenda": ("office", actions.put_on_agenda, lambda s: (s.meeting, {"topic": s.topic})),
    "issue_notice": ("office", actions.issue_notice, lambda s: (s.meeting, {})),
    "reply": (
        "liaison",
        actions.reply_to_notice,
        lambda s: (s.meeting, {"reply": "attend", "attendee": "甲某"}),
    ),
    "co_reply": (
        "co_liaison",
        actions.reply_to_notice,
        lambda s: (s.meeting, {"reply": "leave", "leave_reason": "外出开会"}),
    ),
    "cancel": ("office", actions.cancel_meeting, lambda s: (s.meeting, {"note": "改期。"})),
    "sign_in": ("liaison", on_the_day(actions.sign_in), lambda s: (s.meeting, {})),
    "open": (
        "office",
        on_the_day(actions.open_meeting),
        lambda s: (s.meeting, {"chair_name": "召集人某"}),
    ),
    "record_result": (
        "office",
        on_the_day(actions.record_result),
        lambda s: (s.meeting, {"item": s.item, "result": "passed", "note": "原则同意改造方案"}),
    ),
    "resolve": (
        "office",
        on_the_day(actions.resolve),
        lambda s: (
            s.meeting,
            {
                "item": s.item,
                "text": "完成园区北线改造",
                "lead_unit": s.lead,
                "units": [s.helping],
                "deadline_text": "2026年6月底前",
            },
        ),
    ),
    "conclude": ("office", on_the_day(actions.conclude_meeting), lambda s: (s.meeting, {})),
    "draft_minutes": (
        "office",
        on_the_day(actions.draft_minutes),
        lambda s: (s.meeting, {"minutes": "会议议定：完成园区北线改造。"}),
    ),
    "sign_minutes": ("convener", on_the_day(actions.sign_minutes), lambda s: (s.meeting, {})),
    "return_minutes": (
        "convener",
        on_the_day(actions.return_minutes),
        lambda s: (s.meeting, {"note": "时限写清楚。"}),
    ),
    "issue_minutes": ("office", on_the_day(actions.issue_minutes), lambda s: (s.meeting, {})),
    "excuse": (
        "office",
        on_the_day(actions.excuse_resolution),
        lambda s: (s.meeting, {"resolution": s.item.resolutions.first(), "reason": "已经完成。"}),
    ),
    "docket": (
        "office",
        on_the_day(actions.docket_resolution),
        lambda s: (s.meeting, {"resolution": s.item.resolutions.first()}),
    ),
    "archive": ("office", on_the_day(actions.archive_meeting), lambda s: (s.meeting, {})),
    "consent": ("convener", actions.consent_to_study, lambda s: (s.study, {})),
    "refuse": ("convener", actions.refuse_study, lambda s: (s.study, {"note": "先缓一缓。"})),
    "plan_visit": (
        "office",
        actions.plan_visit,
        lambda s: (s.study, {"place": "园区北线", "planned_on": now().date()}),
    ),
    "record_visit": (
        "office",
        actions.record_visit,
        lambda s: (
            s.study,
            {
                "visit": s.study.visits.filter(done_on=None).first(),
                "done_on": now().date(),
                "participants": "甲某、乙某",
                "seen": "线路尚未改造。",
            },
        ),
    ),
    "note_finding": (
        "office",
        actions.note_finding,
        lambda s: (
            s.study,
            {"text": "抓紧备料", "lead_unit": s.lead, "deadline_text": "2026年4月底前"},
        ),
    ),
    "report": ("office", actions.report_study, lambda s: (s.study, {"report": "总体落实。"})),
    "docket_finding": (
        "office",
        actions.docket_finding,
        lambda s: (s.study, {"finding": s.study.findings.get()}),
    ),
    "excuse_finding": (
        "office",
        actions.excuse_finding,
        lambda s: (s.study, {"finding": s.study.findings.get(), "reason": "当场整改。"}),
    ),
    "close": ("office", actions.close_study, lambda s: (s.study, {})),
}

_CONSULTED = ["screen", "circulate", "agree", "co_agree", "close_consultation"]
TOPIC_WAYS: dict[str, list[str]] = {
    "proposed": [],
    "stored": ["screen"],
    "consulting": ["screen", "circulate"],
    "consulted": _CONSULTED,
    "approved": [*_CONSULTED, "approve"],
    "declined": ["decline"],
    "withdrawn": ["withdraw"],
}
_NOTIFIED = ["set_agenda", "issue_notice"]
_HELD = [*_NOTIFIED, "reply", "co_reply", "sign_in", "open", "record_result", "resolve", "conclude"]
_ISSUED = [*_HELD, "draft_minutes", "sign_minutes", "issue_minutes"]
MEETING_WAYS: dict[str, list[str]] = {
    "planned": [],
    "notified": _NOTIFIED,
    "in_session": [*_NOTIFIED, "sign_in", "open"],
    "held": _HELD,
    "drafted": [*_HELD, "draft_minutes"],
    "signed": [*_HELD, "draft_minutes", "sign_minutes"],
    "issued": _ISSUED,
    "archived": [*_ISSUED, "excuse", "archive"],
    "cancelled": [*_NOTIFIED, "cancel"],
}
_REPORTED = ["consent", "plan_visit", "record_visit", "note_finding", "report"]
STUDY_WAYS: dict[str, list[str]] = {
    "proposed": [],
    "underway": ["consent"],
    "reported": _REPORTED,
    "closed": [*_REPORTED, "excuse_finding", "close"],
    "declined": ["refuse"],
}


def owed(subject: Any) -> list[tuple[str, str]]:
    """Return what is owed on a record now: step and desk."""
    live = Duty.objects.about(subject).filter(state__in=["open", "paused"])
    return sorted(live.values_list("key", "holder"))


def ended(subject: Any) -> list[tuple[str, str]]:
    """Return what has become of the other duties, in the order in which they arose."""
    rows = Duty.objects.about(subject).exclude(state__in=["open", "paused"]).order_by("pk")
    return list(rows.values_list("key", "state"))
