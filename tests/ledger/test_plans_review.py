"""The review page of a plan: the original beside the reading, corrections, one click into the ledger."""

from datetime import date

import pytest
from django.urls import reverse

from lianqi.kernel.errors import NotPermitted, RuleBroken, StaleState, StepUnfit
from lianqi.kernel.models import Duty, JournalEntry
from lianqi.ledger.access import visible_items
from lianqi.ledger.actions import (
    confirm_tasks,
    correct_task,
    discard_plan,
    docket_plan,
    leave_tasks_out,
    take_tasks_in,
)
from lianqi.ledger.jobs import assign_planned_items
from lianqi.ledger.models import Item, PlanTask, WorkPlan
from tests.ledger.plans import PLAN, Desk, task_of
from tests.ledger.stage import at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def desk():
    with at(TODAY):
        yield Desk()


@pytest.fixture
def office(client, desk):
    client.force_login(desk.office)
    return client


def page_of(plan):
    return reverse("ledger:plan_detail", args=[plan.pk])


def task_page(plan, task):
    return reverse("ledger:plan_task", args=[plan.pk, task.pk])


def filled(client, plan, task, **changed):
    """Return what the open form of a task would send, with some fields changed."""
    form = client.get(task_page(plan, task)).context["form"]
    held = {name: form.initial[name] for name in form.fields if form.initial.get(name)}
    held.pop("open_ended", None) if not task.open_ended else None
    return {**held, **changed}


# --- the page


def test_the_page_shows_each_task_with_its_units_days_and_doubts(office, desk):
    text = PLAN.replace("2026年12月15日前", "2026年12月中旬前").replace(
        "：财政局\n", "：法庭、财政局\n"
    )
    plan = desk.plan(text)

    first, second = office.get(page_of(plan)).context["rows"]

    assert (first.path, [(c.name, c.known, c.leads) for c in first.chips], first.days) == (
        "一、减税降费",
        [("税务局", True, True), ("财政局", True, False)],
        ["2026年12月20日"],
    )
    assert (first.unit_doubts, first.deadline_doubts) == (
        [],
        ["“中旬前”按20日计；严格理解为10日。"],
    )
    assert ([(c.name, c.known) for c in second.chips], second.taken_for) == (
        [("法庭", False), ("财政局", True)],
        "财政局",
    )


def test_units_and_strangers_do_not_see_plans(client, desk):
    plan = desk.plan()
    client.force_login(desk.liaison)

    answers = [
        client.get(page_of(plan)).status_code,
        client.get(reverse("ledger:plan_list")).status_code,
        client.get(reverse("ledger:plan_new")).status_code,
        client.post(reverse("ledger:plan_tasks", args=[plan.pk])).status_code,
    ]

    assert answers == [404, 403, 403, 404]


def test_the_convener_reads_a_plan_and_changes_nothing(client, desk):
    plan = desk.plan()
    client.force_login(desk.convener)
    task = plan.tasks.first()

    page = client.get(page_of(plan))
    edit = client.get(task_page(plan, task))

    assert (page.status_code, page.context["may_review"], edit.status_code) == (200, False, 403)


def test_the_list_counts_the_tasks_of_each_plan(office, desk):
    plan = desk.plan()
    leave_tasks_out(plan, [task_of(plan, "开展宣讲")], actor=desk.office, reason="去年已做。")

    [row] = office.get(reverse("ledger:plan_list")).context["rows"]

    assert (row.plan, row.counts["waiting"], row.counts["left_out"], row.counts["docketed"]) == (
        plan, 1, 1, 0,
    )  # fmt: skip


def test_a_long_plan_costs_no_more_queries_than_a_short_one(
    office, desk, django_assert_max_num_queries
):
    point = "{0}.落实第{0}项。\n责任单位：区税务局、财政局\n完成时限：2026年12月{1}日前\n"
    short = desk.plan(
        "2026年要点\n一、减税\n1.落实。\n责任单位：财政局\n完成时限：年底\n", title="短"
    )
    long = desk.plan(
        "2026年要点\n一、减税\n" + "".join(point.format(n, n % 28 + 1) for n in range(1, 301)),
        title="长",
    )
    office.get(page_of(short))
    with django_assert_max_num_queries(100) as asked_short:
        office.get(page_of(short))
    with django_assert_max_num_queries(len(asked_short)):
        answer = office.get(page_of(long))

    assert (len(answer.context["rows"]), answer.context["page"].count_text) == (100, "共 300 项")


# --- corrections


def test_a_changed_deadline_is_read_anew_with_the_years_of_its_heading(office, desk):
    plan = desk.plan(PLAN.replace("一、减税降费", "一、减税降费（2026-2028年）"))
    task = task_of(plan, "落实减税政策")
    sent = filled(office, plan, task, deadline_text="当年10月底前")

    answer = office.post(task_page(plan, task), sent)

    task.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, f"{page_of(plan)}#task-{task.pk}")
    assert task.dates == ["2026-10-31", "2027-10-31", "2028-10-31"]
    assert task.corrected == {"deadline_text": "2026年12月15日前", "dates": ["2026-12-15"]}


def test_days_lead_unit_and_unknown_units_are_put_right_by_hand(office, desk):
    plan = desk.plan(PLAN.replace("年12月15日前", "年2月30日"))
    task = task_of(plan, "落实减税政策")
    doubt = task.warnings
    sent = filled(
        office,
        plan,
        task,
        dates="2026-03-02",
        lead_unit="财政局",
        units=["税务局"],
        others="检 察 室",
    )

    office.post(task_page(plan, task), sent)

    task.refresh_from_db()
    assert doubt == ["2026年没有2月30日，按28日计，请核对。"]
    assert (task.dates, task.units, task.warnings) == (
        ["2026-03-02"],
        ["财政局", "税务局", "检察室"],
        [],
    )


def test_htmx_gets_the_task_alone_and_the_new_counts(office, desk):
    plan = desk.plan()
    task = task_of(plan, "开展宣讲")
    part = {"HX-Request": "true", "HX-Target": f"task-{task.pk}"}
    form = office.get(task_page(plan, task), headers=part).content.decode()

    answer = office.post(
        task_page(plan, task), filled(office, plan, task, title="开展政策宣讲"), headers=part
    ).content.decode()

    assert (form.count("<html"), form.count(f'id="task-{task.pk}"')) == (0, 1)
    assert (answer.count("<html"), answer.count('id="plan-counts"')) == (0, 1)
    assert answer.count("开展政策宣讲</h2>") == 1


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"dates": "2026-02-30"}, "dates", "没有“2026-02-30”这一天，请核对。"),
        ({"dates": "月底"}, "dates", "“月底”看不懂。请写成 2026-10-31 这样的日期。"),
        (
            {"deadline_text": "尽快"},
            "deadline_text",
            "没有读懂“尽快”，请填写日期。也可以直接填日期，或勾选“持续推进”。",
        ),
    ],
)
def test_what_cannot_be_read_is_said_and_what_was_typed_stays(office, desk, changed, field, said):
    plan = desk.plan()
    task = task_of(plan, "落实减税政策")

    answer = office.post(task_page(plan, task), filled(office, plan, task, title="改过", **changed))

    form = answer.context["form"]
    assert (answer.status_code, form.errors[field], form["title"].value()) == (422, [said], "改过")
    assert task_of(plan, "落实减税政策").corrected == {}


def test_of_two_people_who_correct_one_task_the_second_is_told(desk):
    plan = desk.plan()
    task = task_of(plan, "开展宣讲")
    seen = task.fingerprint

    correct_task(task, actor=desk.office, values={"title": "甲改的"}, seen=seen)
    with pytest.raises(StaleState, match="别人刚刚改过"):
        correct_task(task, actor=desk.office, values={"title": "乙改的"}, seen=seen)

    assert PlanTask.objects.get(pk=task.pk).title == "甲改的"


def test_ticked_tasks_are_confirmed_left_out_and_taken_in_again(office, desk):
    plan = desk.plan(PLAN.replace("12月15日前", "12月中旬前"))
    where = reverse("ledger:plan_tasks", args=[plan.pk])
    keys = [task.pk for task in plan.tasks.all()]

    office.post(where, {"key": "confirm", "numbers": keys})
    confirmed = [task.warnings for task in plan.tasks.all()]
    refused = office.post(where, {"key": "leave_out", "numbers": keys})
    office.post(where, {"key": "leave_out", "numbers": keys, "reason": "重复。"})
    left = list(plan.tasks.values_list("fate", "fate_reason"))
    office.post(where, {"key": "take_in", "numbers": keys})

    assert confirmed == [[], []]
    assert (refused.status_code, refused.context["bulk_errors"]) == (
        422,
        ["请写明不立项的理由。"],
    )
    assert left == [("left_out", "重复。")] * 2
    assert list(plan.tasks.values_list("fate", flat=True)) == ["waiting", "waiting"]


def test_tasks_of_another_plan_are_not_touched(office, desk):
    plan, other = desk.plan(), desk.plan(PLAN.replace("宣讲", "走访"), title="另一份")
    where = reverse("ledger:plan_tasks", args=[plan.pk])

    answer = office.post(
        where, {"key": "leave_out", "numbers": [other.tasks.first().pk], "reason": "重复。"}
    )

    assert (answer.status_code, answer.context["bulk_errors"]) == (
        422,
        ["没有这项任务，请刷新页面。"],
    )


# --- into the ledger


def test_one_click_puts_all_tasks_on_the_desks_of_their_units(office, desk):
    plan = desk.plan(programme="两个健康", basis="高新办〔2026〕3号", issued_on=date(2026, 3, 1))
    where = reverse("ledger:plan_step", args=[plan.pk, "docket_plan"])
    key = office.get(where).context["step_form"]["idempotency_key"].value()
    sent = {"assign": "true", "idempotency_key": key, "seen": "read"}

    first, again = office.post(where, sent), office.post(where, sent)

    plan.refresh_from_db()
    assert (first.status_code, again.status_code, plan.state) == (302, 302, "docketed")
    assert [
        (item.title, item.state, item.lead_unit.name, item.due_on, item.programme, item.basis)
        for item in Item.objects.order_by("pk")
    ] == [
        ("落实减税政策", "assigned", "税务局", date(2026, 12, 15), "两个健康", "高新办〔2026〕3号"),
        ("开展宣讲", "assigned", "财政局", None, "两个健康", "高新办〔2026〕3号"),
    ]
    assert Duty.objects.about(plan).filter(state="open").count() == 0
    assert set(visible_items(desk.liaison)) == {task_of(plan, "落实减税政策").items.get()}
    assert visible_items(desk.sharer).count() == 2


def test_units_without_an_account_are_kept_and_the_next_unit_leads(desk):
    plan = desk.plan(PLAN.replace("：财政局\n", "：法庭、财 政\n局、检察室\n"))

    docket_plan(plan, actor=desk.office)

    item = Item.objects.get(title="开展宣讲")
    assert (item.lead_unit.name, item.unknown_units) == ("财政局", ["法庭", "检察室"])


def test_a_task_with_unknown_units_only_hinders_the_docket_until_it_is_settled(office, desk):
    plan = desk.plan(PLAN.replace("：财政局\n", "：检察室\n"))
    where = reverse("ledger:plan_step", args=[plan.pk, "docket_plan"])

    refused = office.post(where, {"assign": "false"})
    row = office.get(page_of(plan)).context["rows"][1]
    leave_tasks_out(plan, [task_of(plan, "开展宣讲")], actor=desk.office, reason="不在系统。")
    plan.refresh_from_db()
    made = docket_plan(plan, actor=desk.office)

    assert (refused.status_code, refused.context["step_form"].non_field_errors()) == (
        422,
        ["“开展宣讲”的责任单位“检察室”都没有在系统登记账号，请改为有账号的单位，或选“不立项”。"],
    )
    assert (row.hindered, row.unit_doubts) == (True, ["“检察室”没有在系统登记，保留原名。"])
    assert [item.title for item in made] == ["落实减税政策"]


def test_a_task_without_a_day_hinders_the_docket(desk):
    plan = desk.plan(PLAN.replace("完成时限：持续推进", ""))

    with pytest.raises(RuleBroken, match="的时限“没有写”没有读出日期"):
        docket_plan(plan, actor=desk.office)

    assert (Item.objects.count(), WorkPlan.objects.get().state) == (0, "read")


def test_of_two_people_who_docket_one_plan_the_second_is_told(desk):
    plan = desk.plan()
    second = WorkPlan.objects.get(pk=plan.pk)

    docket_plan(plan, actor=desk.office)
    with pytest.raises(StaleState, match="别人刚刚处理过"):
        docket_plan(second, actor=desk.office)

    assert Item.objects.count() == 2


def test_only_the_office_reviews_and_dockets(desk):
    plan = desk.plan()
    task = plan.tasks.first()

    for who in (desk.convener, desk.liaison, desk.stranger):
        with pytest.raises(NotPermitted):
            docket_plan(plan, actor=who)
        with pytest.raises(NotPermitted):
            correct_task(task, actor=who, values={"title": "改"})
        with pytest.raises(NotPermitted):
            discard_plan(plan, actor=who, reason="不办。")


def test_a_docketed_plan_is_not_corrected_confirmed_or_discarded(desk):
    plan = desk.plan()
    docket_plan(plan, actor=desk.office)
    task = plan.tasks.first()

    for act in (
        lambda: correct_task(task, actor=desk.office, values={"title": "改"}),
        lambda: confirm_tasks(plan, [task], actor=desk.office),
        lambda: take_tasks_in(plan, [task], actor=desk.office),
        lambda: discard_plan(plan, actor=desk.office, reason="不办。"),
    ):
        with pytest.raises(StepUnfit):
            act()


def test_a_plan_is_left_out_as_a_whole_with_its_reason(office, desk):
    plan = desk.plan()
    where = reverse("ledger:plan_step", args=[plan.pk, "discard_plan"])

    refused = office.post(where, {"reason": ""})
    office.post(where, {"reason": "已由市里统一督办。"})

    plan.refresh_from_db()
    line = JournalEntry.objects.about(plan).latest("seq")
    assert (refused.status_code, plan.state, line.text) == (
        422,
        "discarded",
        "整份不立项：已由市里统一督办。",
    )


def test_the_orders_of_a_long_plan_are_given_one_by_one_by_the_clock(desk):
    point = "{0}.落实第{0}项。\n责任单位：区税务局\n完成时限：2026年12月底\n"
    plan = desk.plan("一、减税\n" + "".join(map(point.format, range(1, 41))), year=2026)

    docket_plan(plan, actor=desk.office, assign=True)
    at_once = Item.objects.filter(state="assigned").count()
    assign_planned_items()
    plan.refresh_from_db()

    assert (at_once, plan.assigning_for) == (30, None)
    assert Item.objects.filter(state="assigned").count() == 40
    assert (
        JournalEntry.objects.filter(verb="ledger_item.assign")
        .values_list("actor_label", flat=True)
        .distinct()
        .get()
        == desk.office.signature()
    )


def test_orders_are_left_to_a_hand_once_their_giver_has_left_the_office(desk):
    point = "{0}.落实第{0}项。\n责任单位：区税务局\n完成时限：2026年12月底\n"
    plan = desk.plan("一、减税\n" + "".join(map(point.format, range(1, 33))), year=2026)
    docket_plan(plan, actor=desk.office, assign=True)
    desk.office.appointments.update(valid_to=date(2026, 11, 20))

    assign_planned_items()

    plan.refresh_from_db()
    assert (plan.assigning_for, Item.objects.filter(state="docketed").count()) == (None, 2)
