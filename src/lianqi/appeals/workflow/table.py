"""诉求办理: the whole flow of an appeal in one table. Who may what, what is owed by whom, by when."""

from lianqi.appeals.enums import AppealState as S
from lianqi.appeals.workflow.covering import called, signed_for
from lianqi.appeals.workflow.guards import (
    a_file_is_withheld,
    answer_is_given,
    callback_done_or_window_over,
    days_within_ceiling,
    extension_is_pending,
    first_redo,
    into_is_open,
    is_sampled,
    is_sealed,
    may_still_return,
    may_still_seal,
    not_extended_yet,
    not_nudged_today,
    opinion_still_owed,
    promised_day_fits,
    route_is_given,
    ruling_names_unit,
    said_why,
    something_is_owed,
    units_differ,
    was_accepted_before_supplement,
)
from lianqi.appeals.workflow.holders import (
    after_callback,
    after_rating,
    after_reopening,
    appeals_office,
    appeals_office_name,
    back_from_supplement,
    clock_start,
    closing_limit,
    enterprise,
    firm,
    keep_for_lists,
    lead_leader,
    lead_liaison,
    lead_unit,
    lead_unit_before_contact,
    lead_unit_name,
    office_after_callback,
    office_before_callback,
    office_with_extension,
    office_with_sample,
    office_with_withheld_files,
    rating_window_end,
    silent_co_units,
    submission_if_urgent,
    task_force_head,
    to_unit_or_dispatch,
    urgent,
)
from lianqi.appeals.workflow.promises import (
    broken_promises,
    is_deniable_promise,
    is_movable_promise,
    is_open_promise,
    new_day_fits,
    promise_is_open,
    promise_keeper,
    promise_may_be_denied,
    promise_may_move,
    promises_fit,
    promises_to_check,
    promises_to_check_again,
)
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.workflow import Owes, State, Step, Workflow

# --- what is owed while a unit has the appeal

ANSWER = Owes("request_closing", "办结", lead_unit, closing_limit, starts=clock_start, waiting=firm)
OPINION = Owes(
    "submit_opinion",
    "协办意见",
    silent_co_units,
    closing_limit,
    starts=clock_start,
    lead_days=1,
    runs_with=("request_closing",),
    waiting=lead_unit_name,
)
CONTACT = Owes(
    "record_contact", "首次联系", lead_unit_before_contact, urgent("appeal.contact"), waiting=firm
)
EXTENSION = Owes(
    "decide_extension",
    "批复延期",
    office_with_extension,
    "appeal.decide_extension",
    waiting=lead_unit_name,
)
# Each promise owes its own check on its own day, and a broken one a new day with the reason.
PROMISES = (
    Owes("recheck_promise", "兑现复核", appeals_office, parts=promises_to_check, waiting=firm),
    Owes(
        "recheck_promise",
        "兑现复核",
        appeals_office,
        "appeal.promise_denied",
        parts=promises_to_check_again,
        waiting=firm,
    ),
    Owes(
        "move_promise",
        "重定承诺日期",
        promise_keeper,
        "appeal.promise_broken",
        parts=broken_promises,
        waiting=firm,
    ),
)
SAMPLE = Owes("callback", "回访", office_with_sample, "appeal.callback", waiting=firm)
RELEASE = Owes(
    "release_file", "放行附件", office_with_withheld_files, "appeal.release_file", waiting=firm
)
WITH_UNIT = (ANSWER, OPINION, RELEASE)
STANDING = (
    "request_closing",
    "submit_opinion",
    "record_contact",
    "decide_extension",
    "accept",
    "dispatch",
)

OFFICE_OPEN = [S.SUBMITTED, S.SUPPLEMENT]
UNIT_OPEN = [S.DISPATCHED, S.DISPUTED, S.HANDLING]
OWED_TO_THE_END = [
    S.SUBMITTED, S.ACCEPTED, *UNIT_OPEN, S.SIGNING, S.REVIEW,
    S.ANSWERED, S.RATED, S.DISSATISFIED, S.ESCALATED, S.CLOSED,
]  # fmt: skip
PROMISED = [
    S.HANDLING, S.SUPPLEMENT, S.SIGNING, S.REVIEW,
    S.ANSWERED, S.RATED, S.DISSATISFIED, S.ESCALATED, S.CLOSED,
]  # fmt: skip
FIRM_OPEN = [S.SUBMITTED, S.SUPPLEMENT, S.ACCEPTED, *UNIT_OPEN]

# One step a line or two, so that a clerk can read it: the formatter would make ten of each.
# fmt: off
APPEAL = Workflow(
    "appeal",
    "诉求",
    keeps=keep_for_lists,
    signs=signed_for,
    calls=called,
    states=[
        State(S.SUBMITTED, "待受理", owes=[
            Owes("accept", "受理", appeals_office, urgent("appeal.accept"), waiting=firm),
        ]),
        State(S.SUPPLEMENT, "待补充", pauses=STANDING, owes=[
            Owes("supplement", "补充材料", enterprise, "appeal.supplement", waiting=appeals_office_name,
                 advisory=True),
            Owes("waive_supplement", "补充期满处理", appeals_office, "appeal.supplement_over", waiting=firm),
            *PROMISES,
        ]),
        State(S.ACCEPTED, "待派单", owes=[
            Owes("dispatch", "派单", appeals_office, urgent("appeal.dispatch"), starts=submission_if_urgent,
                 runs_with=("accept", "dispatch"), waiting=firm),
            RELEASE,
        ]),
        State(S.DISPATCHED, "待签收", owes=[
            Owes("sign", "签收", lead_liaison, urgent("appeal.sign"), waiting=appeals_office_name),
            *WITH_UNIT,
        ]),
        State(S.DISPUTED, "退单待裁定", owes=[
            Owes("rule_return", "裁定退单", appeals_office, "appeal.rule_return", waiting=lead_unit_name),
            *WITH_UNIT,
        ]),
        State(S.HANDLING, "办理中", owes=[CONTACT, *WITH_UNIT, EXTENSION, *PROMISES]),
        State(S.SIGNING, "待领导签批", owes=[
            Owes("sign_closing", "签批", lead_leader, "appeal.sign_closing", waiting=firm),
            *WITH_UNIT, *PROMISES,
        ]),
        State(S.REVIEW, "待审核", pauses=("request_closing",), owes=[
            Owes("approve_closing", "审核", appeals_office, "appeal.review", waiting=lead_unit_name),
            *PROMISES,
        ]),
        State(S.ANSWERED, "待评价", owes=[
            Owes("rate", "评价", enterprise, "appeal.rate", waiting=appeals_office_name, advisory=True),
            Owes("callback", "回访", office_before_callback, "appeal.callback", waiting=firm),
            Owes("close", "归档", office_after_callback, "appeal.archive", starts=rating_window_end, waiting=firm),
            *PROMISES,
        ]),
        State(S.RATED, "已评价待归档", owes=[
            Owes("close", "归档", appeals_office, "appeal.archive", waiting=firm),
            *PROMISES,
        ]),
        State(S.DISSATISFIED, "不满意待核实", owes=[
            Owes("redo", "核实差评", appeals_office, "appeal.verify", waiting=firm),
            *PROMISES,
        ]),
        State(S.ESCALATED, "提级督办", owes=[
            Owes("instruct", "专班研究", task_force_head, "appeal.escalated", waiting=firm),
            *PROMISES,
        ]),
        State(S.CLOSED, "已办结归档", owes=[*PROMISES, SAMPLE], final=True),
        State(S.DECLINED, "不予受理", final=True),
        State(S.MERGED, "已并案", final=True),
        State(S.WITHDRAWN, "已撤回", final=True),
    ],
    steps=[
        # the firm
        Step("submit", "提交", [], S.SUBMITTED, "appeals.submit", audience=Audience.ENTERPRISE, undated=True,
             basis="A3-1-2"),
        # the office takes it on
        Step("accept", "受理", OFFICE_OPEN, S.ACCEPTED, "appeals.accept", when=[was_accepted_before_supplement],
             settles=["waive_supplement"], audience=Audience.ENTERPRISE, tone="primary", basis="A3-1-1"),
        Step("decline", "不予受理", OFFICE_OPEN, S.DECLINED, "appeals.accept", when=[was_accepted_before_supplement],
             needs=[route_is_given], settles=["accept", "waive_supplement"], audience=Audience.ENTERPRISE,
             tone="danger", basis="A1-R-2"),
        Step("request_supplement", "要求补充", [S.SUBMITTED, S.ACCEPTED, S.HANDLING], S.SUPPLEMENT, "appeals.accept",
             audience=Audience.ENTERPRISE, basis="A3-1-1"),
        Step("waive_supplement", "按现有材料继续", [S.SUPPLEMENT], back_from_supplement, "appeals.accept",
             audience=Audience.ENTERPRISE, basis="A3-1-1"),
        Step("merge", "并案", [S.SUBMITTED, S.ACCEPTED], S.MERGED, "appeals.accept", needs=[into_is_open],
             settles=["accept", "dispatch"], audience=Audience.ENTERPRISE, basis="A3-3-1-2"),
        # the office sends it out
        Step("dispatch", "派单", [S.ACCEPTED], S.DISPATCHED, "appeals.dispatch", needs=[units_differ],
             audience=Audience.ENTERPRISE, tone="primary", basis="A3-3-2"),
        Step("answer_directly", "直接答复", [S.ACCEPTED], S.ANSWERED, "appeals.dispatch",
             needs=[answer_is_given, promised_day_fits, promises_fit], settles=["dispatch"],
             audience=Audience.ENTERPRISE, basis="A3-1-3"),
        # the unit signs or returns
        Step("sign", "签收", [S.DISPATCHED], S.HANDLING, "appeals.sign", audience=Audience.ENTERPRISE, tone="primary",
             basis="A3-5-4-1"),
        Step("return_order", "退单", [S.DISPATCHED], S.DISPUTED, "appeals.sign", when=[may_still_return],
             settles=["sign"], tone="danger", basis="A3-3-2"),
        Step("rule_return", "裁定退单", [S.DISPUTED], S.DISPATCHED, "appeals.dispatch", needs=[ruling_names_unit],
             tone="primary", basis="A3-3-2"),
        # the unit works
        Step("record_contact", "首次联系", [S.HANDLING], None, "appeals.handle", audience=Audience.ENTERPRISE,
             basis="A3-1-3"),
        Step("report_stage", "阶段答复", [S.HANDLING], None, "appeals.handle", needs=[promises_fit],
             audience=Audience.ENTERPRISE, basis="A3-1-1"),
        Step("submit_opinion", "提交协办意见", [*UNIT_OPEN, S.SIGNING], None, "appeals.assist",
             when=[opinion_still_owed], basis="A3-3-2"),
        Step("request_extension", "申请延期", [S.HANDLING], None, "appeals.handle", when=[not_extended_yet],
             needs=[days_within_ceiling], basis="A3-5-4-1"),
        Step("decide_extension", "批复延期", [S.HANDLING], None, "appeals.review",
             when=[extension_is_pending],
             audience=Audience.ENTERPRISE, tone="primary", basis="A3-5-4-1"),
        Step("request_closing", "申请办结", [S.HANDLING], S.SIGNING, "appeals.request_closing",
             needs=[answer_is_given, promised_day_fits, promises_fit], lapses=["record_contact", "decide_extension"],
             tone="primary", basis="A3-1-3"),
        Step("sign_closing", "领导签批", [S.SIGNING], S.REVIEW, "appeals.sign_closing", lapses=["submit_opinion"],
             tone="primary", basis="A3-5-4-1"),
        Step("return_draft", "退回修改", [S.SIGNING], S.HANDLING, "appeals.sign_closing", settles=["sign_closing"],
             tone="danger", basis="A3-5-4-1"),
        # the office checks
        Step("approve_closing", "审核通过", [S.REVIEW], S.ANSWERED, "appeals.review", settles=["request_closing"],
             audience=Audience.ENTERPRISE, tone="primary", basis="A3-1-1"),
        Step("reject_closing", "审核退回", [S.REVIEW], S.HANDLING, "appeals.review", settles=["approve_closing"],
             tone="danger", basis="A3-5-4-2"),
        # the firm judges
        Step("rate", "评价", [S.ANSWERED], after_rating, "appeals.rate", audience=Audience.ENTERPRISE, tone="primary",
             undated=True, basis="A3-1-1"),
        Step("callback", "回访", [S.ANSWERED, S.RATED, S.DISSATISFIED, S.CLOSED], after_callback, "appeals.callback",
             when=[is_sampled], basis="A3-1-1"),
        # the office concludes
        Step("redo", "重办", [S.DISSATISFIED], to_unit_or_dispatch, "appeals.conclude", when=[first_redo],
             audience=Audience.ENTERPRISE, tone="primary", basis="A3-5-4-2"),
        Step("instruct", "专班批示重办", [S.ESCALATED], to_unit_or_dispatch, "appeals.instruct",
             audience=Audience.ENTERPRISE, tone="primary", basis="A2-4-2-2"),
        Step("close", "办结归档", [S.ANSWERED, S.RATED, S.DISSATISFIED, S.ESCALATED], S.CLOSED, "appeals.close",
             when=[callback_done_or_window_over], needs=[said_why], settles=["redo", "instruct"],
             lapses=["callback"],
             audience=Audience.ENTERPRISE, tone="primary", basis="A3-1-1"),
        # promises, whenever they were given
        Step("recheck_promise", "兑现复核", PROMISED, None, "appeals.conclude", when=[promise_is_open],
             needs=[is_open_promise], audience=Audience.ENTERPRISE, basis="A3-5-4-2"),
        Step("move_promise", "承诺改期", PROMISED, None, "appeals.move_promise", when=[promise_may_move],
             needs=[is_movable_promise, new_day_fits], audience=Audience.ENTERPRISE, basis="A3-5-4-2"),
        Step("deny_promise", "反映没有兑现", PROMISED, None, "appeals.deny_promise",
             when=[promise_may_be_denied], needs=[is_deniable_promise], audience=Audience.ENTERPRISE, basis="A3-5-4-2"),
        Step("reopen", "重启", [S.CLOSED, S.MERGED], after_reopening, "appeals.conclude", by_clock=True,
             audience=Audience.ENTERPRISE, basis="A3-5-4-2"),
        # the firm, at any open time
        Step("supplement", "补充材料", FIRM_OPEN, back_from_supplement, "appeals.supplement",
             audience=Audience.ENTERPRISE, settles=["waive_supplement"], undated=True, basis="A3-1-1"),
        Step("nudge", "催一下", [S.SUBMITTED, *FIRM_OPEN[2:], S.SIGNING, S.REVIEW], None, "appeals.nudge",
             when=[not_nudged_today], audience=Audience.ENTERPRISE, undated=True, basis="A3-5-4-2"),
        Step("withdraw", "撤回", FIRM_OPEN, S.WITHDRAWN, "appeals.withdraw", audience=Audience.ENTERPRISE,
             undated=True, tone="danger", basis="A3-1-1"),
        # the firm keeps its name
        Step("seal", "要求保密", [S.SUBMITTED, S.SUPPLEMENT, S.ACCEPTED], None, "appeals.seal",
             when=[may_still_seal], audience=Audience.ENTERPRISE, basis="A3-1-2"),
        Step("lift_seal", "取消保密", [*FIRM_OPEN, S.SIGNING, S.REVIEW, S.ANSWERED], None, "appeals.lift_seal",
             when=[is_sealed], audience=Audience.ENTERPRISE, basis="A3-1-2"),
        Step("release_file", "放行附件", [*FIRM_OPEN, S.SIGNING, S.REVIEW], None, "appeals.release_file",
             when=[a_file_is_withheld], tone="primary", basis="A3-1-2"),
        # supervision
        Step("urge", "催办", OWED_TO_THE_END, None, "appeals.review", when=[something_is_owed], by_clock=True,
             basis="A3-5-4-2"),
    ],
)
