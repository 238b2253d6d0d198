"""人员调整备案: a unit files, the office acknowledges, the date makes it effective (A1-R-3)."""

from typing import Any

from lianqi.engines.worktime.explanation import date_text
from lianqi.kernel.access import Desk
from lianqi.kernel.clock import today
from lianqi.kernel.workflow import Owes, State, Step, Workflow
from lianqi.organisation.access import office_desk, unit_desk
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.enums import RosterChangeState as S


def conference_office(change: Any) -> Desk:
    """Return the desk that acknowledges filings."""
    return office_desk(BodyCode.JC)


def filing_unit(change: Any) -> Desk:
    """Return the desk of the unit's liaison."""
    return unit_desk(change.unit, Post.LIAISON)


def day_has_come(change: Any) -> str | None:
    """Refuse to make a change effective before its day."""
    if change.effective_on > today():
        return f"生效日期是{date_text(change.effective_on)}，到期自动生效。"
    return None


ROSTER_CHANGE = Workflow(
    "roster_change",
    "人员调整备案",
    states=[
        State(
            S.FILED,
            "待备案",
            owes=[
                Owes(
                    "acknowledge",
                    "确认备案",
                    holder=conference_office,
                    within="roster.acknowledge",
                    waiting=lambda change: change.unit.name,
                )
            ],
        ),
        State(S.ACKNOWLEDGED, "已备案待生效"),
        State(S.EFFECTIVE, "已生效", final=True),
        State(S.RETURNED, "已退回", final=True),
    ],
    steps=[
        Step(
            "file",
            "提交备案",
            [],
            S.FILED,
            may="organisation.file_roster_change",
            basis="A1-R-3",
        ),
        Step(
            "acknowledge",
            "确认备案",
            [S.FILED],
            S.ACKNOWLEDGED,
            may="organisation.acknowledge_roster_change",
            tone="primary",
            basis="A1-R-3",
        ),
        Step(
            "return_filing",
            "退回",
            [S.FILED],
            S.RETURNED,
            may="organisation.acknowledge_roster_change",
            tone="danger",
            settles=["acknowledge"],
        ),
        Step(
            "take_effect",
            "生效并移交",
            [S.ACKNOWLEDGED],
            S.EFFECTIVE,
            may="organisation.acknowledge_roster_change",
            when=[day_has_come],
            by_clock=True,
            basis="A1-R-3",
        ),
    ],
)
