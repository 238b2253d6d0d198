"""调研: the office's plan, the convener's consent, visits, the report, what is made of its findings."""

from typing import Any

from lianqi.conference.enums import StudyState as S
from lianqi.conference.workflow.holders import (
    consenting,
    ledger_keeper,
    office,
    office_name,
    open_findings,
    open_visits,
    report_day,
)
from lianqi.kernel.errors import Refusal
from lianqi.kernel.workflow import Owes, State, Step, Workflow


def reason_is_given(study: Any, given: Any) -> str | None:
    """What is left out of the ledger is left out for a reason (附件1 第七条（二）)."""
    return None if given.get("reason", "").strip() else Refusal("请写明不立项的理由。", "reason")


def why_is_given(study: Any, given: Any) -> str | None:
    """Who does not consent says why."""
    return None if given.get("note", "").strip() else Refusal("请写明理由。", "note")


def a_visit_is_open(study: Any) -> str | None:
    """There is a planned visit to write about."""
    return None if open_visits(study) else "没有待记录的实地调研，请先安排。"


def somebody_was_there(study: Any) -> str | None:
    """A report rests on at least one visit, and none is left open (附件1 第六条（二）)."""
    if open_visits(study):
        return "还有实地调研没有记录，记录或撤下后再报告。"
    if not study.visits.exists():
        return "还没有实地调研（附件1第六条（二）：赴有关部门开展实地调研）。"
    return None


def a_finding_is_open(study: Any) -> str | None:
    """There is a finding to be docketed or left out."""
    return None if open_findings(study) else "调研发现都已立项或说明了理由。"


def findings_are_settled(study: Any) -> str | None:
    """Each finding stands in the ledger or was left out with a reason."""
    left = open_findings(study)
    return f"还有{len(left)}项调研发现没有立项，也没有说明不立项的理由。" if left else None


# fmt: off
STUDY = Workflow(
    "study",
    "调研",
    states=[
        State(S.PROPOSED, "方案待同意", owes=[
            Owes("consent", "同意调研方案", consenting, "study.consent", waiting=office_name),
        ]),
        State(S.UNDERWAY, "调研中", owes=[
            Owes("record_visit", "实地调研记录", office, parts=open_visits),
            Owes("report", "报告落实情况", office, on=report_day),
        ]),
        State(S.REPORTED, "已报告待落实", owes=[
            Owes("docket", "调研发现立项", ledger_keeper, "study.settle_finding", parts=open_findings),
            Owes("close", "办结调研", office, "study.settle_finding"),
        ]),
        State(S.CLOSED, "已办结", final=True),
        State(S.DECLINED, "未同意", final=True),
    ],
    steps=[
        Step("plan", "提出调研方案", [], S.PROPOSED, "conference.plan_study", basis="A1-6-2-1 A1-6-1"),
        Step("consent", "同意", [S.PROPOSED], S.UNDERWAY, "conference.consent_study", tone="primary",
             basis="A1-6-2-2"),
        Step("refuse", "不同意", [S.PROPOSED], S.DECLINED, "conference.consent_study", needs=[why_is_given],
             settles=["consent"], tone="danger", basis="A1-6-2-2"),
        Step("plan_visit", "安排实地调研", [S.UNDERWAY], None, "conference.plan_study", basis="A1-6-2-3"),
        Step("drop_visit", "撤下实地调研", [S.UNDERWAY], None, "conference.plan_study", when=[a_visit_is_open]),
        Step("record_visit", "记录实地调研", [S.UNDERWAY], None, "conference.plan_study", when=[a_visit_is_open],
             tone="primary", basis="A1-6-2-3"),
        Step("note_finding", "登记发现的问题", [S.UNDERWAY, S.REPORTED], None, "conference.plan_study",
             basis="A1-6-2-4"),
        Step("report", "报告落实情况", [S.UNDERWAY], S.REPORTED, "conference.plan_study", when=[somebody_was_there],
             tone="primary", basis="A1-6-2-4"),
        Step("docket", "立项督办", [S.REPORTED], None, "conference.docket", when=[a_finding_is_open],
             tone="primary", basis="A1-7-2-1"),
        Step("excuse", "不立项", [S.REPORTED], None, "conference.docket", when=[a_finding_is_open],
             needs=[reason_is_given], settles=["docket"]),
        Step("close", "办结", [S.REPORTED], S.CLOSED, "conference.plan_study", when=[findings_are_settled],
             tone="primary", basis="A1-6-2-4"),
    ],
)
# fmt: on
