"""督办: the whole way of an item in one table. Who may what, what is owed by whom, by when."""

from lianqi.kernel.workflow import Owes, State, Step, Workflow
from lianqi.ledger.enums import ItemState as S
from lianqi.ledger.workflow.guards import (
    basis_is_given,
    both_books_agree,
    evidence_is_given,
    extension_waits_for_decision,
    extension_waits_for_signature,
    has_its_day_ahead,
    is_overdue,
    its_year_has_come,
    later_day_is_given,
    lead_unit_is_named,
    milestone_is_open,
    milestones_are_reached,
    nothing_is_pending,
    owner_has_left,
    owner_is_named,
    reason_is_given,
    rung_is_left,
    slip_is_open,
    something_is_told,
)
from lianqi.ledger.workflow.holders import (
    after_amendment,
    agreement,
    answerer_of_slips,
    due_day,
    keep_dates,
    lead_leader_with_extension,
    lead_liaison,
    ledger_office,
    ledger_office_name,
    office_in_its_year,
    office_once_agreed,
    office_with_extension,
    open_milestones,
    owner,
    owner_of_backfilled,
    owner_with_day,
    period_owed,
    slip_parts,
)

# --- what is owed while a unit has the item in hand

WAITS = ledger_office_name
FINISH = Owes("apply_closing", "办结", owner_with_day, on=due_day, waiting=WAITS)
FINISH_LATE_ENTRY = Owes(
    "apply_closing", "办结（补录）", owner_of_backfilled, on=due_day, waiting=WAITS, never_red=True
)
MILESTONES = Owes("reach_milestone", "完成节点", owner, parts=open_milestones, waiting=WAITS)
REPORT = Owes(
    "report_progress", "报送进展", owner, parts=period_owed, waiting=WAITS, never_red=True
)
SLIP = Owes("answer_slip", "回复督办单", answerer_of_slips, parts=slip_parts, waiting=WAITS)
SIGN_EXTENSION = Owes(
    "sign_extension", "签批延期", lead_leader_with_extension, "ledger.sign_extension", waiting=WAITS
)
DECIDE_EXTENSION = Owes(
    "decide_extension", "批复延期", office_with_extension, "ledger.decide_extension"
)

_LIVE = [S.DRAFTED, S.DOCKETED, S.ASSIGNED, S.UNDERWAY, S.CLOSING, S.COMPLETED]

# fmt: off
ITEM = Workflow(
    "ledger_item",
    "台账事项",
    keeps=keep_dates,
    states=[
        State(S.DRAFTED, "拟立项", owes=[Owes("docket", "立项", ledger_office, "ledger.docket")]),
        State(S.DOCKETED, "已立项待交办", owes=[Owes("assign", "交办", office_in_its_year, "ledger.assign")]),
        State(S.ASSIGNED, "已交办待签收", owes=[Owes("sign", "签收", lead_liaison, "ledger.sign", waiting=WAITS)]),
        State(S.UNDERWAY, "办理中", owes=[
            FINISH, FINISH_LATE_ENTRY, MILESTONES, REPORT, SLIP, SIGN_EXTENSION, DECIDE_EXTENSION,
        ]),
        State(S.CLOSING, "申请办结待审核", owes=[Owes("grade_closing", "审核办结", ledger_office, "ledger.review")]),
        State(S.COMPLETED, "已办结待销号", owes=[
            Owes("strike_off", "对账销号", office_once_agreed, "ledger.strike_off", starts=agreement),
        ]),
        State(S.STRUCK, "已销号"),
        State(S.CANCELLED, "已撤项", final=True),
    ],
    steps=[
        Step("draft", "拟立项", [], S.DRAFTED, "ledger.draft", by_clock=True, undated=True, basis="A1-7-2-1"),
        Step("redraft", "修改", [S.DRAFTED], None, "ledger.docket", undated=True),
        Step("docket", "立项", [S.DRAFTED], S.DOCKETED, "ledger.docket", needs=[lead_unit_is_named], tone="primary",
             undated=True, basis="A1-7-2-2"),
        Step("assign", "交办", [S.DOCKETED], S.ASSIGNED, "ledger.docket", when=[its_year_has_come], tone="primary",
             undated=True, basis="A1-7-2-1"),
        Step("sign", "签收", [S.ASSIGNED], S.UNDERWAY, "ledger.sign", needs=[owner_is_named], tone="primary",
             undated=True, basis="A3-5-4-1"),
        Step("return_item", "退回交办", [S.ASSIGNED], S.DOCKETED, "ledger.sign", needs=[basis_is_given],
             settles=["sign"], undated=True),
        Step("report_progress", "报送进展", [S.UNDERWAY], None, "ledger.report", needs=[something_is_told],
             undated=True, basis="A1-7-2-3"),
        Step("reach_milestone", "完成节点", [S.UNDERWAY], None, "ledger.handle", when=[milestone_is_open],
             undated=True),
        Step("hand_to", "更换责任人", [S.UNDERWAY], None, "ledger.sign", needs=[owner_is_named], undated=True),
        Step("request_extension", "申请延期", [S.UNDERWAY], None, "ledger.handle",
             when=[has_its_day_ahead, nothing_is_pending], needs=[later_day_is_given, reason_is_given], undated=True),
        Step("sign_extension", "签批延期", [S.UNDERWAY], None, "ledger.sign_extension",
             when=[extension_waits_for_signature], undated=True),
        Step("decide_extension", "批复延期", [S.UNDERWAY], None, "ledger.decide",
             when=[extension_waits_for_decision], undated=True),
        Step("explain_delay", "说明逾期原因", [S.UNDERWAY], None, "ledger.handle", when=[is_overdue],
             needs=[reason_is_given], undated=True),
        Step("answer_slip", "回复督办单", [S.UNDERWAY], None, "ledger.handle", when=[slip_is_open],
             needs=[something_is_told], undated=True),
        Step("apply_closing", "申请办结", [S.UNDERWAY], S.CLOSING, "ledger.handle",
             needs=[milestones_are_reached, evidence_is_given], settles=["report_progress"], tone="primary",
             undated=True, basis="A1-7-2-4"),
        Step("reject_closing", "退回补办", [S.CLOSING], S.UNDERWAY, "ledger.decide", needs=[reason_is_given],
             settles=["grade_closing"], undated=True),
        Step("grade_closing", "审核通过并评定", [S.CLOSING], S.COMPLETED, "ledger.decide", tone="primary",
             undated=True, basis="A1-7-2-4"),
        Step("strike_off", "销号", [S.COMPLETED], S.STRUCK, "ledger.decide", when=[both_books_agree], tone="primary",
             basis="A1-7-2-4"),
        Step("reopen", "重启", [S.COMPLETED, S.STRUCK], S.UNDERWAY, "ledger.decide", needs=[reason_is_given],
             tone="danger", undated=True, basis="A1-7-2-4"),
        Step("issue_slip", "签发督办单", [S.UNDERWAY], None, "ledger.issue_slip", when=[rung_is_left], by_clock=True,
             undated=True),
        Step("turn_period", "进入新报送期", [S.UNDERWAY], None, "ledger.decide", lapses=["report_progress"],
             by_clock=True, undated=True, basis="A1-7-2-3"),
        Step("release_owner", "责任人离任", [S.UNDERWAY], None, "ledger.decide", when=[owner_has_left], by_clock=True,
             undated=True, basis="A1-R-3"),
        Step("agree_books", "对账一致", [S.COMPLETED], None, "ledger.decide", by_clock=True, undated=True,
             basis="A1-7-2-4"),
        # Taken over from a newer version of the plan; another lead unit gets an order of its own.
        Step("amend", "按新版更正", [S.DOCKETED, S.ASSIGNED, S.UNDERWAY], after_amendment, "ledger.docket",
             undated=True, basis="A1-7-2-2"),
        Step("cancel", "撤项", _LIVE, S.CANCELLED, "ledger.cancel", needs=[reason_is_given], tone="danger"),
    ],
)
