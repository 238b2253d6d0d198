"""公文办理: the office drafts, the director or the convener signs, the office numbers and issues."""

from typing import Any

from lianqi.briefings.enums import CONVENER_SIGNS
from lianqi.briefings.enums import DraftState as S
from lianqi.kernel.access import Desk
from lianqi.kernel.errors import Refusal
from lianqi.kernel.workflow import Owes, State, Step, Workflow
from lianqi.organisation.access import convener_desk, office_desk


def _signing_desk(draft: Any) -> Desk:
    """The director sits at the office's desk."""
    return convener_desk() if draft.kind in CONVENER_SIGNS else office_desk(draft.body.code)


def _office(draft: Any) -> Desk:
    return office_desk(draft.body.code)


def _drafter(draft: Any) -> str:
    return str(draft.drafted_by)


def _why_is_given(draft: Any, given: Any) -> str | None:
    return None if given.get("reason", "").strip() else Refusal("请写明撤回的理由。", "reason")


# fmt: off
DRAFT = Workflow(
    "draft",
    "公文稿",
    states=[
        State(S.DRAFTED, "待签发", owes=[
            Owes("sign", "签发", _signing_desk, "briefing.sign", waiting=_drafter),
        ]),
        State(S.SIGNED, "待印发", owes=[
            Owes("issue", "编号印发", _office, "briefing.issue", waiting=_drafter),
        ]),
        State(S.ISSUED, "已印发", final=True),
        State(S.WITHDRAWN, "已撤回", final=True),
    ],
    steps=[
        Step("draft", "拟稿", [], S.DRAFTED, "briefings.draft"),
        Step("sign", "签发", [S.DRAFTED], S.SIGNED, "briefings.sign", tone="primary"),
        Step("issue", "编号印发", [S.SIGNED], S.ISSUED, "briefings.issue", tone="primary"),
        Step("revise", "改稿", [S.DRAFTED], None, "briefings.draft"),
        Step("withdraw", "撤回", [S.DRAFTED, S.SIGNED], S.WITHDRAWN, "briefings.withdraw",
             needs=[_why_is_given], lapses=["sign", "issue"], tone="danger"),
    ],
)
