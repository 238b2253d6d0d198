"""The same plan again: nothing is doubled, what differs is chosen, also after the docket."""

from datetime import date

import pytest
from django.urls import reverse

from lianqi.kernel.errors import NotPermitted, StepUnfit
from lianqi.kernel.models import Duty, JournalEntry
from lianqi.ledger.actions import (
    apply_closing,
    assign_item,
    close_review,
    correct_task,
    discard_plan,
    docket_plan,
    leave_tasks_out,
    read_plan_again,
    settle_differences,
    sign_item,
)
from lianqi.ledger.models import Item, PlanTask, WorkPlan
from tests.ledger.plans import PLAN, Desk, clean, task_of, upload
from tests.ledger.stage import EVIDENCE, at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
LATER = PLAN.replace("2026年12月15日前", "2026年12月28日前")
MORE = f"{PLAN}\n3.建立名录。逐户登记。\n责任单位：财政局\n完成时限：2026年12月底\n"
LESS = PLAN[: PLAN.index("2.开展宣讲")]


@pytest.fixture
def desk():
    with at(TODAY):
        yield Desk()


def again(desk, plan, text):
    """Read another version as the office."""
    plan.refresh_from_db()
    return read_plan_again(plan, actor=desk.office, file=clean(text))


def told(plan):
    """Return what the last line of the plan's story says."""
    return JournalEntry.objects.about(plan).latest("seq").text


def fates(plan):
    return list(plan.tasks.values_list("title", "fate"))


# --- before the docket


def test_the_same_file_again_doubles_nothing(desk):
    plan = desk.plan()
    same = desk.plan()

    assert (same, same.reading, PlanTask.objects.count()) == (plan, 2, 2)
    assert told(plan) == "第2次读取：新增0项，有差异0项，新版没有0项，其余2项不变。"


def test_new_tasks_wait_changed_ones_show_both_versions_and_vanished_ones_are_marked(client, desk):
    plan = desk.plan()
    client.force_login(desk.office)
    version = LATER[: LATER.index("2.开展宣讲")] + MORE[MORE.index("3.建立") :]

    client.post(
        reverse("ledger:plan_step", args=[plan.pk, "read_again"]), {"file": upload(version)}
    )
    rows = client.get(reverse("ledger:plan_detail", args=[plan.pk])).context["rows"]

    changed = next(row for row in rows if row.differences)
    assert sorted(fates(plan)) == sorted(
        [("落实减税政策", "waiting"), ("建立名录", "waiting"), ("开展宣讲", "gone")]
    )
    assert [(str(one.label), one.old, one.new) for one in changed.differences] == [
        ("时限原文", "2026年12月15日前", "2026年12月28日前"),
        ("日期", "2026年12月15日", "2026年12月28日"),
    ]


def test_a_refused_new_version_leaves_the_plan_as_it_was(client, desk):
    plan = desk.plan()
    client.force_login(desk.office)

    answer = client.post(
        reverse("ledger:plan_step", args=[plan.pk, "read_again"]), {"file": upload("没有任务。")}
    )

    assert (answer.status_code, WorkPlan.objects.get().reading, fates(plan)) == (
        422,
        1,
        [("落实减税政策", "waiting"), ("开展宣讲", "waiting")],
    )


def test_a_vanished_task_that_comes_back_waits_again(desk):
    plan = desk.plan()

    again(desk, plan, LESS)
    gone = fates(plan)
    again(desk, plan, PLAN)

    assert gone[1] == ("开展宣讲", "gone")
    assert fates(plan)[1] == ("开展宣讲", "waiting")


def test_the_docket_waits_until_each_difference_is_settled(desk):
    plan = again(desk, desk.plan(), LATER)
    task = task_of(plan, "落实减税政策")

    with pytest.raises(Exception, match="请先选定以哪一版为准"):
        docket_plan(plan, actor=desk.office)
    settle_differences(plan, [task], actor=desk.office, take_new=True)
    docket_plan(plan, actor=desk.office)

    assert Item.objects.get(title="落实减税政策").due_on == date(2026, 12, 28)


def test_what_a_person_has_corrected_is_not_asked_again_until_the_plan_says_a_third_thing(desk):
    plan = desk.plan()
    task = task_of(plan, "落实减税政策")
    correct_task(task, actor=desk.office, values={"dates": ["2026-12-10"]})

    again(desk, plan, PLAN)
    same = task_of(plan, "落实减税政策").difference
    again(desk, plan, LATER)
    third = task_of(plan, "落实减税政策").difference

    assert same == {}
    assert third == {"deadline_text": "2026年12月28日前", "dates": ["2026-12-28"]}


def test_what_was_kept_is_not_asked_again(desk):
    plan = again(desk, desk.plan(), LATER)
    settle_differences(plan, [task_of(plan, "落实减税政策")], actor=desk.office, take_new=False)

    again(desk, plan, LATER)

    task = task_of(plan, "落实减税政策")
    assert (task.dates, task.difference) == (["2026-12-15"], {})


def test_a_task_under_another_heading_is_the_same_task(desk):
    plan = again(desk, desk.plan(), PLAN.replace("一、减税降费", "一、减税与宣讲"))

    assert list(plan.tasks.values_list("title", "path", "fate")) == [
        ("落实减税政策", ["一、减税与宣讲"], "waiting"),
        ("开展宣讲", ["一、减税与宣讲"], "waiting"),
    ]


def test_a_plan_that_was_left_out_is_looked_through_again_with_its_new_version(desk):
    plan = discard_plan(desk.plan(), actor=desk.office, reason="已由市里督办。")

    again(desk, plan, LATER)

    assert (plan.state, Duty.objects.about(plan).filter(state="open").get().key) == (
        "read",
        "docket_plan",
    )


def test_a_task_that_was_left_out_waits_again_once_it_says_something_else(desk):
    plan = desk.plan()
    leave_tasks_out(plan, [task_of(plan, "落实减税政策")], actor=desk.office, reason="不办。")

    again(desk, plan, PLAN)
    same = fates(plan)[0]
    again(desk, plan, LATER)

    assert (same, fates(plan)[0]) == (("落实减税政策", "left_out"), ("落实减税政策", "waiting"))


# --- after the docket


@pytest.fixture
def docketed(desk):
    plan = desk.plan()
    docket_plan(plan, actor=desk.office, assign=True)
    return plan


def test_the_same_file_after_the_docket_changes_nothing_and_asks_nothing(desk, docketed):
    again(desk, docketed, PLAN)

    assert (docketed.state, Item.objects.count(), docketed.tasks.count()) == ("docketed", 2, 2)
    assert Duty.objects.about(docketed).filter(state="open").count() == 0


def test_a_changed_day_is_not_taken_over_silently_but_by_the_office(desk, docketed):
    item = sign_item(Item.objects.get(title="落实减税政策"), actor=desk.liaison, owner=desk.liaison)
    again(desk, docketed, LATER)
    task = task_of(docketed, "落实减税政策")
    item.refresh_from_db()
    before = (item.due_on, docketed.state, task.fate, sorted(task.difference))

    with pytest.raises(NotPermitted):
        settle_differences(docketed, [task], actor=desk.convener, take_new=True)
    settle_differences(docketed, [task], actor=desk.office, take_new=True)
    close_review(docketed, actor=desk.office)

    item.refresh_from_db()
    owed = Duty.objects.about(item).get(state="open", key="apply_closing")
    assert before == (date(2026, 12, 15), "read", "docketed", ["dates", "deadline_text"])
    assert (item.state, item.due_on, item.owner, str(owed.due_at.date())) == (
        "underway",
        date(2026, 12, 28),
        desk.liaison,
        "2026-12-28",
    )
    assert told(item) == (
        "按《2026年民营经济工作要点（第2次读取）》更正："
        "原为牵头税务局，时限2026年12月15日；现为牵头税务局，时限2026年12月28日。"
    )
    assert (docketed.state, Item.objects.count()) == ("docketed", 2)


def test_the_office_may_keep_the_day_of_the_ledger(client, desk, docketed):
    again(desk, docketed, LATER)
    client.force_login(desk.office)
    task = task_of(docketed, "落实减税政策")

    client.post(
        reverse("ledger:plan_tasks", args=[docketed.pk]), {"key": "keep_old", "numbers": task.pk}
    )

    assert Item.objects.get(title="落实减税政策").due_on == date(2026, 12, 15)
    assert task_of(docketed, "落实减税政策").difference == {}


def test_another_lead_unit_gets_an_order_of_its_own(desk, docketed):
    item = sign_item(Item.objects.get(title="落实减税政策"), actor=desk.liaison, owner=desk.liaison)
    again(desk, docketed, PLAN.replace("区税务局、财政局", "财政局、区税务局"))

    settle_differences(
        docketed, [task_of(docketed, "落实减税政策")], actor=desk.office, take_new=True
    )
    item.refresh_from_db()
    moved = (item.state, item.lead_unit.name, item.owner, item.signed_at)
    assign_item(item, actor=desk.office)
    sign_item(item, actor=desk.sharer, owner=desk.sharer)

    assert moved == ("docketed", "财政局", None, None)
    assert (item.state, list(item.shares.values_list("unit__name", "leads"))) == (
        "underway",
        [("财政局", True), ("税务局", False)],
    )


def test_what_went_on_without_a_day_gets_its_day_and_a_new_year_its_item(desk, docketed):
    again(desk, docketed, PLAN.replace("持续推进", "2026年12月底前，2027年6月底前"))

    settle_differences(docketed, [task_of(docketed, "开展宣讲")], actor=desk.office, take_new=True)

    items = Item.objects.filter(title="开展宣讲").order_by("year")
    assert list(items.values_list("year", "due_on", "state")) == [
        (2026, date(2026, 12, 31), "assigned"),
        (2027, date(2027, 6, 30), "docketed"),
    ]


def test_an_item_that_is_being_closed_is_not_amended_and_nothing_is_lost(desk, docketed):
    item = sign_item(Item.objects.get(title="落实减税政策"), actor=desk.liaison, owner=desk.liaison)
    apply_closing(item, actor=desk.liaison, result="已完成。", files=[EVIDENCE])
    again(desk, docketed, LATER)
    task = task_of(docketed, "落实减税政策")

    with pytest.raises(StepUnfit, match="申请办结待审核"):
        settle_differences(docketed, [task], actor=desk.office, take_new=True)

    item.refresh_from_db()
    assert item.due_on == date(2026, 12, 15)
    assert task_of(docketed, "落实减税政策").difference["dates"] == ["2026-12-28"]


def test_new_tasks_of_a_docketed_plan_wait_and_only_they_are_docketed(desk, docketed):
    again(desk, docketed, MORE)
    waiting = fates(docketed)[2]

    made = docket_plan(docketed, actor=desk.office)

    assert (waiting, [item.title for item in made]) == (("建立名录", "waiting"), ["建立名录"])
    assert (docketed.state, Item.objects.count()) == ("docketed", 3)


def test_a_docketed_task_that_vanished_is_marked_and_its_item_stays(client, desk, docketed):
    again(desk, docketed, LESS)
    client.force_login(desk.office)
    page = client.get(reverse("ledger:plan_detail", args=[docketed.pk]))
    row = page.context["rows"][1]

    assert (row.task.fate, [item.state for item in row.items], docketed.state) == (
        "gone",
        ["assigned"],
        "read",
    )
    assert page.content.decode().count("不再办理的，请主任撤项") == 1
    again(desk, docketed, PLAN)
    assert fates(docketed)[1] == ("开展宣讲", "docketed")


def test_a_review_is_not_closed_over_an_open_difference(desk, docketed):
    again(desk, docketed, LATER)

    with pytest.raises(StepUnfit, match="请先选定以哪一版为准"):
        close_review(docketed, actor=desk.office)
    with pytest.raises(StepUnfit, match="不能整份不立项"):
        discard_plan(docketed, actor=desk.office, reason="不办。")
