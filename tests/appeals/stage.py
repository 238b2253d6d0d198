"""All roles around one appeal, and the way by which an appeal reaches each of its states."""

from datetime import datetime
from functools import cached_property
from typing import Any

from lianqi.appeals import actions
from lianqi.appeals.enums import AppealState as S
from lianqi.appeals.models import (
    Appeal,
    Callback,
    CoHandler,
    Communication,
    ExtensionRequest,
    Promise,
    Rating,
    ReturnOrder,
)
from lianqi.kernel.clock import SHANGHAI, local
from lianqi.kernel.models import Duty, JournalEntry, OutboxMessage
from lianqi.kernel.uploads import APPEAL_EVIDENCE, CleanFile, inspect_upload
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import User
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person

# A Monday in a month without holidays.
MORNING = datetime(2026, 3, 9, 9, 0, tzinfo=SHANGHAI)
ANSWER = {"outcome": "solved", "reply": "变压器已更换，供电恢复正常。"}
WRITTEN = (Appeal, Duty, JournalEntry, OutboxMessage, Communication, Rating, Callback, CoHandler)
WRITTEN += (ReturnOrder, ExtensionRequest, Promise)


class Stage:
    """The units, the people by role, and the appeal they work on."""

    def __init__(self, **facts: Any) -> None:
        """Seat everybody and file the appeal."""
        self.lead, self.helping, self.other = (UnitFactory(), UnitFactory(), UnitFactory())
        self.who: dict[str, User] = {
            "office": office_clerk(),
            # Sits in the office, but comes from the lead unit.
            "insider": person(Post.OFFICE_STAFF, unit=self.lead, body=BodyCode.TF3),
            "liaison": person(Post.LIAISON, unit=self.lead),
            "leader": person(Post.LEADER, unit=self.lead),
            "principal": person(Post.PRINCIPAL, unit=self.lead),
            "co_liaison": person(Post.LIAISON, unit=self.helping),
            "co_leader": person(Post.LEADER, unit=self.helping),
            "stranger": person(Post.LIAISON, unit=self.other),
            "helper": person(Post.HELPER, unit=self.lead),
            "discipline": person(Post.DISCIPLINE, unit=self.other),
            "convener": person(Post.CONVENER, body=BodyCode.JC),
            "conference": person(Post.OFFICE_STAFF, body=BodyCode.JC),
            "head": person(Post.HEAD, body=BodyCode.TF3),
            "firm": entrepreneur(),
            "rival": entrepreneur(),
            "sysadmin": person(Post.SYSADMIN),
            "secadmin": person(Post.SECADMIN),
            "auditor": person(Post.AUDITOR),
        }
        self.appeal = file_appeal(self.who["firm"], **facts)

    @classmethod
    def at(cls, state: str, **facts: Any) -> "Stage":
        """Return a stage whose appeal has come to a state by its usual way."""
        stage = cls(**facts)
        stage.go(*WAYS[state])
        return stage

    def go(self, *steps: str) -> Appeal:
        """Take steps one after another, each by the role that usually takes it."""
        for step in steps:
            self.take(step)
        return self.appeal

    def take(self, step: str, role: str = "", **given: Any) -> Appeal:
        """Take one step as a role, with what is usually given or something else."""
        usual_role, act, usually = STEPS[step]
        return act(self.appeal, actor=self.who[role or usual_role], **{**usually(self), **given})

    @cached_property
    def twin(self) -> Appeal:
        """Return another firm's appeal about the same matter, filed when first asked for."""
        return file_appeal(self.who["rival"])

    def reload(self) -> Appeal:
        """Return the appeal as the database holds it."""
        return Appeal.objects.get(pk=self.appeal.pk)


def note_file(text: str, name: str = "说明.txt") -> CleanFile:
    """Return a plain text as it comes out of the inspection."""
    return inspect_upload(name, text.encode(), accept=APPEAL_EVIDENCE)


# The step's usual actor, its action, and what is usually given.
STEPS: dict[str, tuple[str, Any, Any]] = {
    "accept": ("office", actions.accept_appeal, lambda s: {}),
    "decline": (
        "office",
        actions.decline_appeal,
        lambda s: {"reason_code": "litigation", "route": "请按诉讼程序主张权利。"},
    ),
    "request_supplement": (
        "office",
        actions.request_supplement,
        lambda s: {"note": "请补充合同。"},
    ),
    "waive_supplement": ("office", actions.waive_supplement, lambda s: {}),
    "merge": ("office", actions.merge_appeal, lambda s: {"into": s.twin}),
    "dispatch": (
        "office",
        actions.dispatch_appeal,
        lambda s: {"lead_unit": s.lead, "co_units": [s.helping]},
    ),
    "answer_directly": ("office", actions.answer_directly, lambda s: ANSWER),
    "sign": ("liaison", actions.sign_order, lambda s: {}),
    "return_order": ("liaison", actions.return_order, lambda s: {"basis": "职责清单第四项。"}),
    "rule_return": (
        "office",
        actions.rule_return,
        lambda s: {"upheld": True, "note": "职责清单清楚。", "lead_unit": s.other},
    ),
    "record_contact": ("liaison", actions.record_contact, lambda s: {"note": "已电话联系。"}),
    "report_stage": ("liaison", actions.report_stage, lambda s: {"content": "已约定现场查看。"}),
    "submit_opinion": ("co_liaison", actions.submit_opinion, lambda s: {"content": "可以协调。"}),
    "request_extension": (
        "liaison",
        actions.request_extension,
        lambda s: {"days": 3, "reason": "等待停电计划。"},
    ),
    "decide_extension": ("office", actions.decide_extension, lambda s: {"approve": True}),
    "request_closing": ("liaison", actions.request_closing, lambda s: ANSWER),
    "sign_closing": ("leader", actions.sign_closing, lambda s: {}),
    "approve_closing": ("office", actions.approve_closing, lambda s: {}),
    "return_draft": ("leader", actions.return_draft, lambda s: {"reason": "没有写明结果。"}),
    "reject_closing": ("office", actions.reject_closing, lambda s: {"reason": "没有写明结果。"}),
    "rate": ("firm", actions.rate_appeal, lambda s: {"level": 5}),
    "callback": ("office", actions.call_back, lambda s: {"note": "企业满意。", "level": 4}),
    "redo": ("office", actions.redo_appeal, lambda s: {"note": "核实属实。"}),
    "instruct": ("head", actions.instruct_redo, lambda s: {"note": "限期解决。"}),
    "close": ("office", actions.close_appeal, lambda s: {"note": "已核实。"}),
    "recheck_promise": (
        "office",
        actions.recheck_promise,
        lambda s: {"kept": True, "note": "路灯已装。"},
    ),
    "move_promise": (
        "liaison",
        actions.move_promise,
        lambda s: {"promised_on": LATER, "reason": "等待材料进场。"},
    ),
    "deny_promise": ("firm", actions.deny_promise, lambda s: {"comment": "路灯还没有装。"}),
    "reopen": ("office", actions.reopen_appeal, lambda s: {"reason": "问题又出现。"}),
    "supplement": ("firm", actions.supplement_appeal, lambda s: {"content": "合同见附件。"}),
    "nudge": ("firm", actions.nudge_appeal, lambda s: {}),
    "withdraw": ("firm", actions.withdraw_appeal, lambda s: {"reason": "问题已解决。"}),
    "seal": ("firm", actions.seal_appeal, lambda s: {}),
    "lift_seal": ("firm", actions.lift_seal, lambda s: {}),
    "release_file": (
        "office",
        actions.release_file,
        lambda s: {"which": str(s.appeal.sealed_files.values_list("pk", flat=True).last() or 0)},
    ),
    "urge": ("office", actions.urge_appeal, lambda s: {}),
    # The same steps with something else given.
    "supplement_file": (
        "firm",
        actions.supplement_appeal,
        lambda s: {"content": "照片见附件。", "files": [note_file("停电经过。")]},
    ),
    "rate_badly": ("firm", actions.rate_appeal, lambda s: {"level": 1, "comment": "又停电了"}),
    "request_planned": (
        "liaison",
        actions.request_closing,
        lambda s: {"outcome": "planned", "reply": "列入计划。", "promised_on": PROMISED},
    ),
}
PROMISED = datetime(2026, 6, 1, tzinfo=SHANGHAI).date()
LATER = datetime(2026, 7, 1, tzinfo=SHANGHAI).date()

_HANDLING = ["accept", "dispatch", "sign"]
_AGAIN = ["request_closing", "sign_closing", "approve_closing"]
_ANSWERED = [*_HANDLING, "record_contact", *_AGAIN]
WAYS: dict[str, list[str]] = {
    S.SUBMITTED: [],
    S.SUPPLEMENT: ["request_supplement"],
    S.ACCEPTED: ["accept"],
    S.DISPATCHED: ["accept", "dispatch"],
    S.DISPUTED: ["accept", "dispatch", "return_order"],
    S.HANDLING: _HANDLING,
    S.SIGNING: [*_HANDLING, "request_closing"],
    S.REVIEW: [*_HANDLING, "request_closing", "sign_closing"],
    S.ANSWERED: _ANSWERED,
    S.RATED: [*_ANSWERED, "rate"],
    S.DISSATISFIED: [*_ANSWERED, "rate_badly"],
    S.ESCALATED: [*_ANSWERED, "rate_badly", "redo", *_AGAIN, "rate_badly"],
    S.CLOSED: [*_ANSWERED, "rate", "close"],
    S.DECLINED: ["decline"],
    S.MERGED: ["merge"],
    S.WITHDRAWN: ["withdraw"],
}


def open_duties(appeal: Appeal) -> list[tuple[str, str]]:
    """Return the live duties: step owed, and "open" or "paused"."""
    live = Duty.objects.about(appeal).filter(state__in=["open", "paused"])
    return sorted(live.values_list("key", "state"))


def ended_duties(appeal: Appeal) -> list[tuple[str, str]]:
    """Return what has become of the other duties, in the order in which they arose."""
    ended = Duty.objects.about(appeal).exclude(state__in=["open", "paused"]).order_by("pk")
    return list(ended.values_list("key", "state"))


def last_line(appeal: Appeal) -> tuple[str, User | None, str]:
    """Return verb, actor and words of the newest journal line."""
    line = JournalEntry.objects.about(appeal).order_by("seq").last()
    return (line.verb, line.actor, line.text)


def written() -> list[list[dict[str, Any]]]:
    """Return every row that a step could have written."""
    return [list(model._base_manager.order_by("pk").values()) for model in WRITTEN]


def duty(appeal: Appeal, key: str) -> Duty:
    """Return the one live duty of a step."""
    return Duty.objects.about(appeal).get(key=key, state__in=["open", "paused"])


def clock_of(owed: Duty) -> tuple[str, str, str]:
    """Return when a duty turns amber, is due and turns red, as the wall clock shows it."""
    moments = (owed.amber_at, owed.due_at, owed.red_at)
    return tuple(f"{local(moment):%m-%d %H:%M}" for moment in moments)


def told_desks() -> list[tuple[str, str]]:
    """Return recipient and title of every message in the outbox, oldest first."""
    return list(OutboxMessage.objects.order_by("pk").values_list("recipient", "title"))
