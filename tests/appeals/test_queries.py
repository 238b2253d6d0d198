"""Lists, records and figures of the appeals room."""

from datetime import UTC, datetime

import pytest
import time_machine

from lianqi.appeals import actions
from lianqi.appeals.queries import (
    appeal_page,
    appeal_record,
    appeal_timeline,
    every_row,
    view_counts,
)
from lianqi.appeals.queries.audit import audit_trail
from lianqi.appeals.queries.board import board
from lianqi.appeals.queries.firms import firm_with, firms_like
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.clause_texts import clauses_behind
from lianqi.kernel.models import JournalEntry
from lianqi.organisation.models import User
from tests.factories import EnterpriseFactory, entrepreneur, file_appeal, office_clerk

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in the office


def numbers(page):
    return [row.appeal.number for row in page.rows]


def fresh(user):
    """Return the user without what was remembered about posts and desks."""
    return User.objects.get(pk=user.pk)


def close(appeal, scene):
    actions.request_closing(appeal, actor=scene.liaison, outcome="solved", reply="已解决。")
    actions.sign_closing(appeal, actor=scene.leader)
    actions.approve_closing(appeal, actor=scene.office)
    actions.rate_appeal(appeal, actor=scene.firm, level=5)
    actions.close_appeal(appeal, actor=scene.office)


# --- the list


def test_the_list_is_the_same_forwards_backwards_and_in_one_piece(scene):
    firm = entrepreneur()
    for _ in range(6):
        file_appeal(firm)
    close(scene.appeal, scene)  # a row without a date, in the list's second stretch
    whole = numbers(appeal_page(scene.office))

    forward, cursor = [], ""
    cursors = [""]
    for _ in range(4):
        page = appeal_page(scene.office, per_page=2, cursor=cursor)
        forward.append(numbers(page))
        cursor = page.next_cursor
        cursors.append(cursor)
    backward = [numbers(page)]
    while page.previous_cursor:
        page = appeal_page(scene.office, per_page=2, cursor=page.previous_cursor)
        backward.append(numbers(page))

    assert (len(whole), whole[-1]) == (7, scene.appeal.number)
    assert [number for page in forward for number in page] == whole
    assert backward == forward[::-1]
    assert cursors[-1] == ""


def test_the_first_page_has_no_page_before_it(scene):
    page = appeal_page(scene.office)

    assert (page.previous_cursor, page.next_cursor) == ("", "")


@pytest.mark.parametrize("cursor", ["x", "W10", "bnVsbA", "W3RydWUsOSxbMV1d", "é"])
def test_a_cursor_that_cannot_be_read_shows_the_first_page(scene, cursor):
    assert numbers(appeal_page(scene.office, cursor=cursor)) == [scene.appeal.number]


def test_newest_first_is_the_other_order(scene):
    later = file_appeal(scene.rival)

    assert numbers(appeal_page(scene.office, sort="new")) == [later.number, scene.appeal.number]


def test_all_rows_come_in_the_order_of_the_pages(scene):
    for _ in range(3):
        file_appeal(scene.rival)

    rows = list(every_row(scene.office))

    assert [row.appeal.number for row in rows] == numbers(appeal_page(scene.office))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "handling"}, 1),
        ({"state": "open"}, 2),
        ({"state": "done"}, 0),
        ({"state": "nonsense"}, 0),
        ({"kind": "help"}, 2),
        ({"kind": "complaint"}, 0),
        ({"urgent": True}, 0),
        ({"q": "停电"}, 2),
        ({"q": "供电保障"}, 2),
        ({"q": "100%"}, 0),
        ({"mine": "desk"}, 1),
        ({"mine": "filed"}, 0),
        ({"overdue": True}, 0),
        ({"rating": "any"}, 0),
        ({"since": "2026-11-23"}, 2),
        ({"since": "2026-11-24"}, 0),
        ({"since": "2026-02-31"}, 0),
        ({"since": "gestern"}, 0),
        ({"reached": "signed"}, 1),
        ({"reached": "signed", "on": "2026-11-23"}, 1),
        ({"reached": "signed", "on": "2026-11-22"}, 0),
        ({"reached": "password"}, 0),
    ],
)
def test_each_filter_finds_its_rows(scene_on_monday, asked, found):
    with time_machine.travel(MONDAY, tick=False):
        assert len(appeal_page(fresh(scene_on_monday.office), **asked).rows) == found


@pytest.fixture
def scene_on_monday(db, request):
    """Return the scene with a second, waiting appeal, all of it on one Monday morning."""
    with time_machine.travel(MONDAY, tick=False):
        scene = request.getfixturevalue("scene")
        file_appeal(scene.rival)
        yield scene


def test_the_unit_filter_takes_the_lead_units_code(scene):
    file_appeal(scene.rival)

    assert numbers(appeal_page(scene.office, unit=scene.lead.code)) == [scene.appeal.number]
    assert numbers(appeal_page(scene.office, unit=scene.helper.code)) == []


def test_the_firms_name_and_the_number_are_searched(scene):
    file_appeal(scene.rival)
    name = scene.appeal.enterprise.name

    assert numbers(appeal_page(scene.office, q=name)) == [scene.appeal.number]
    assert numbers(appeal_page(scene.office, q=scene.appeal.number.lower())) == [
        scene.appeal.number
    ]


def test_a_row_shows_the_most_urgent_duty_and_the_promised_date(scene_on_monday):
    with time_machine.travel(MONDAY, tick=False):
        [row] = appeal_page(scene_on_monday.office, state="handling").rows

    # The call is due on Tuesday, the answer a week from now.
    assert (row.duty.duty.key, row.duty.light) == ("record_contact", "green")
    assert row.next_step == f"首次联系 · {scene_on_monday.lead.name}联络员"
    assert row.remaining_text == "剩 1 个工作日"
    assert (f"{row.due_at:%m-%d}", f"{row.promised_at:%m-%d}") == ("11-24", "11-30")
    assert row.unit_name == scene_on_monday.lead.name


def test_overdue_means_that_some_duty_is_red(scene_on_monday):
    late = MONDAY.replace(day=25)
    with time_machine.travel(late, tick=False):
        office = fresh(scene_on_monday.office)
        [row, waiting] = appeal_page(office, overdue=True).rows
        owed = appeal_page(office, light="red", owed_by=scene_on_monday.lead.code)

    assert {row.duty.duty.key, waiting.duty.duty.key} == {"record_contact", "accept"}
    assert numbers(owed) == [scene_on_monday.appeal.number]


def test_a_stopped_clock_says_so(scene):
    actions.request_supplement(scene.appeal, actor=scene.office, note="请补充用电户号。")

    [row] = appeal_page(scene.office).rows

    # What runs is the office's own: to decide when the firm does not answer.
    assert (row.duty.duty.key, row.duty.light) == ("waive_supplement", "green")
    assert appeal_page(scene.office, overdue=True).rows == []


def test_counts_of_the_views_are_the_lengths_of_their_lists(scene):
    file_appeal(scene.rival)
    office = scene.office

    counts = view_counts(office)

    assert counts == {
        "desk": len(appeal_page(office, mine="desk").rows),
        "open": len(appeal_page(office, state="open").rows),
        "overdue": len(appeal_page(office, overdue=True).rows),
        "unrated": len(appeal_page(office, state="answered").rows),
    }
    assert (counts["desk"], counts["open"]) == (1, 2)


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_asks_the_same_queries_for_any_number_of_rows(
    scene, django_assert_num_queries, rows
):
    for _ in range(rows - 1):
        file_appeal(scene.rival)
    office = fresh(scene.office)

    # posts, dated rows, undated rows, duties, calendar
    with django_assert_num_queries(5):
        page = appeal_page(office)
        shown = [(row.unit_name, row.next_step, row.appeal.enterprise.name) for row in page.rows]

    assert len(shown) == rows


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("office", 2),
        ("head", 2),
        ("discipline", 2),
        ("liaison", 1),
        ("leader", 1),
        ("aide", 1),
        ("stranger", 0),
        ("firm", 1),
        ("sysadmin", 0),
        ("secadmin", 0),
        ("auditor", 0),
    ],
)
def test_everybody_lists_what_the_row_filter_lets_through(scene, who, sees):
    file_appeal(scene.rival)

    assert len(appeal_page(getattr(scene, who)).rows) == sees


# --- one record


def test_internal_lines_are_for_those_who_handle_or_oversee(scene):
    actions.submit_opinion(scene.appeal, actor=scene.aide, content="我局可协调配电容量。")

    seen = {
        who: [entry.verb for entry in appeal_timeline(getattr(scene, who), scene.appeal)]
        for who in ("office", "liaison", "aide", "firm")
    }

    outside = ["appeal.sign", "appeal.dispatch", "appeal.accept", "appeal.submit"]
    inside = ["appeal.submit_opinion", *outside]
    assert seen == {"office": inside, "liaison": inside, "aide": inside, "firm": outside}


def test_the_record_keeps_internal_work_from_the_firm(scene):
    actions.submit_opinion(scene.appeal, actor=scene.aide, content="我局可协调配电容量。")
    actions.request_extension(scene.appeal, actor=scene.liaison, days=2, reason="等停电计划")

    inside = appeal_record(scene.liaison, scene.appeal)
    outside = appeal_record(scene.firm, scene.appeal)

    assert [said.kind for said in inside.communications] == ["opinion"]
    assert [duty.duty.key for duty in inside.duties] == [
        "record_contact",
        "decide_extension",
        "request_closing",
    ]
    assert [party.post for party in inside.parties] == ["主办", "协办 · 意见已交"]
    assert (len(inside.extensions), inside.internal) == (1, True)
    assert (outside.communications, outside.extensions, outside.internal) == ([], [], False)
    assert [duty.duty.key for duty in outside.duties] == ["record_contact", "request_closing"]
    assert [party.post for party in outside.parties] == ["主办", "协办"]
    assert [party.unit for party in outside.parties] == ["", ""]


def test_the_main_step_comes_first_and_the_grave_one_last(scene):
    appeal = file_appeal(scene.rival)

    steps = appeal_record(scene.office, appeal).steps

    assert [step.key for step in steps] == [
        "accept",
        "request_supplement",
        "merge",
        "seal",
        "urge",
        "decline",
    ]
    assert steps[0].url == f"/appeals/{appeal.number}/steps/accept/"


def test_every_step_quotes_a_clause():
    quoted = [clauses_behind(step.basis) for step in APPEAL.steps.values()]

    assert [len(clauses) for clauses in quoted] == [1] * len(APPEAL.steps)


def test_the_chain_of_an_appeal_is_shown_whole_until_a_line_is_changed(scene):
    whole = audit_trail(scene.discipline, scene.appeal)
    JournalEntry.objects.about(scene.appeal).filter(seq=2).update(text="改过")

    changed = audit_trail(scene.discipline, scene.appeal)

    assert ([line.seq for line in whole.lines], whole.broken_at) == ([1, 2, 3, 4], 0)
    assert changed.broken_at == 2


def test_a_cut_tail_of_the_chain_shows(scene):
    JournalEntry.objects.about(scene.appeal).filter(seq=4).delete()

    assert audit_trail(scene.discipline, scene.appeal).broken_at == 4


# --- firms and the board


def test_a_firm_is_found_by_part_of_its_name_or_the_start_of_its_code(db):
    office = office_clerk()
    firm = EnterpriseFactory(name="新乡高远电气有限公司", uscc="91410700MA9ABCDE01")
    EnterpriseFactory(name="新乡高远国有公司", private=False)

    assert firms_like(office, "高远") == [firm]
    assert firms_like(office, "91410700ma9a") == [firm]
    assert firms_like(office, "９１４１０７００ｍａ９Ａ") == [firm]
    assert firms_like(office, "9141 0700-MA9A\u200b") == [firm]
    assert firm_with(office, " ９１４１０７００ＭＡ９ＡＢＣＤＥ０１") == firm
    assert (firms_like(office, "  "), firms_like(office, "-"), firm_with(office, " ")) == (
        [],
        [],
        None,
    )


def test_the_boards_figures_are_the_lengths_of_the_lists_behind_them(scene):
    second = file_appeal(scene.rival)
    actions.accept_appeal(second, actor=scene.office)
    actions.request_closing(scene.appeal, actor=scene.liaison, outcome="solved", reply="已解决。")
    actions.sign_closing(scene.appeal, actor=scene.leader)
    actions.approve_closing(scene.appeal, actor=scene.office)
    actions.rate_appeal(scene.appeal, actor=scene.firm, level=1)

    found = board(scene.office, days=90)

    assert {f.label: f.value for f in found.states} == {"待派单": 1, "不满意待核实": 1}
    assert [f.value for f in found.funnel] == [2, 2, 1, 1, 1, 0]
    assert {f.of for f in found.funnel} == {2}
    [line] = found.units
    assert (line.name, line.median_days, line.bad.value, line.bad.of) == (scene.lead.name, 0, 1, 1)
    assert [figure.value for figure in line.now] == [1, 0, 0]
    assert (found.red.value, found.red_rows) == (0, [])


def test_the_board_counts_a_helpers_overdue_opinion_to_the_helper(scene):
    with time_machine.travel(scene.appeal.due_at.replace(year=2026, month=12, day=14), tick=False):
        found = board(fresh(scene.office), days=90)

    late = {line.name: line.now[2].value for line in found.units}
    assert late == {scene.lead.name: 1, scene.helper.name: 1}
    assert (found.red.value, len(found.red_rows)) == (1, 1)
