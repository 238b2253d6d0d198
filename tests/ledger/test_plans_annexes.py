"""From the bare text of the annexes: nineteen tasks, one click, every unit its own."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from lianqi.demo.district import found_district, seat_district
from lianqi.kernel.limits import fill_limits
from lianqi.kernel.models import Duty
from lianqi.ledger.access import visible_items
from lianqi.ledger.actions import sign_item
from lianqi.ledger.jobs import turn_periods
from lianqi.ledger.models import Item, WorkPlan
from lianqi.organisation.models import Unit, User
from tests.ledger.plans import upload
from tests.ledger.stage import at

pytestmark = pytest.mark.django_db
ANNEXES = Path(__file__).parents[1] / "data" / "annex_tasks.txt"
STAFF, ECONOMY = "人力资源部", "经济发展局"
BOTH = [STAFF, ECONOMY]
FOUR = [*BOTH, "科学技术局", "服务业促进局"]
# The beginning of each title, its units, its days; no day means 持续推进 or 长期.
TASKS = [
    ("建立服务对象名录", BOTH, ["2020-08-10"]),
    ("确定帮扶干部名录", BOTH, ["2020-08-20"]),
    ("统筹推进跟踪问效", BOTH, ["2021-06-30"]),
    ("增强对标提升理念", FOUR, []),
    ("激发企业内生动力", FOUR, []),
    ("以“帮扶企业发展", BOTH, []),
    ("坚持一线工作法", BOTH, []),
    (
        "加大小微企业帮扶力度",
        [ECONOMY, "科学技术局", "服务业促进局", STAFF, "财政局", "国土规划建设管理局", "市场监管领导小组", "税务局"],
        [],
    ),
    ("深入开展经常性形势教育", BOTH, []),
    (
        "开展政策宣讲",
        [
            ECONOMY, "科学技术局", "服务业促进局", STAFF, "财政局", "国土规划建设管理局", "综合监管和执法局",
            "市场监管领导小组", "税务局",
        ],
        [],
    ),
    ("加强政治引领", [STAFF], []),
    ("推动构建亲清政商关系", ["纪工委", STAFF], []),
    ("引导守法诚信", ["法庭", "检察室", STAFF], []),
    ("研究评价体系", BOTH, ["2020-10-31"]),
    ("组织人选推荐", [STAFF, "管委会办公室", ECONOMY], ["2020-10-31", "2021-04-30", "2022-04-30"]),
    ("开展人选初评", BOTH, ["2020-12-20", "2021-11-30", "2022-11-30"]),
    ("认真征求意见", [STAFF], ["2020-12-20", "2021-12-20", "2022-12-20"]),
    ("宣传先进事迹", ["管委会办公室", *BOTH], ["2020-12-31", "2021-12-31", "2022-12-31"]),
    ("开展颁授活动", BOTH, ["2021-01-31", "2022-01-31", "2023-01-31"]),
]  # fmt: skip


@pytest.fixture
def read(client):
    """Upload the annexes as the conference's office; return the plan and its review page."""
    fill_limits("lianqi.ledger")
    with at(date(2020, 8, 24)):
        seat_district(found_district())
        client.force_login(User.objects.get(username="conference_office"))
        sent = {"file": upload(ANNEXES.read_bytes(), "附件.txt"), "source": "plan", "title": ""}
        answer = client.post(reverse("ledger:plan_new"), {**sent, "issued_on": "2020-08-21"})
        yield WorkPlan.objects.get(), client.get(answer.url)


def docket(client, plan):
    """Press the one button."""
    client.post(reverse("ledger:plan_step", args=[plan.pk, "docket_plan"]), {"assign": "true"})


def test_the_review_page_shows_nineteen_tasks_with_their_units_and_days(read):
    plan, page = read
    told = [
        (row.task.title[: len(begun)], row.task.units, row.task.dates)
        for row, (begun, _units, _days) in zip(page.context["rows"], TASKS, strict=True)
    ]

    assert (plan.title, plan.year) == ("附件", 2020)
    assert told == TASKS
    # Courts and the administration's office have no account; the next unit of the text leads.
    assert [(row.task.title, row.taken_for) for row in page.context["rows"] if row.taken_for] == [
        ("引导守法诚信", STAFF),
        ("宣传先进事迹", STAFF),
    ]
    assert sum(row.hindered for row in page.context["rows"]) == 0


def test_one_click_shows_every_unit_exactly_its_own(client, read):
    plan, _page = read

    docket(client, plan)

    seen = {
        unit.name: set(visible_items(liaison).values_list("title", flat=True))
        for unit in Unit.objects.filter(on_platform=True)
        for liaison in [User.objects.get(username=f"{unit.code}_liaison")]
    }
    assert seen == {
        name: {task.title for task in plan.tasks.all() if name in task.units} for name in seen
    }
    assert [name for name, titles in seen.items() if not titles] == [
        "社会治理委员会", "社会事务局", "行政服务中心", "高新投资发展有限公司", "关堤乡", "振中街道办事处",
        "公安分局", "消防救援大队",
    ]  # fmt: skip


def test_each_year_has_its_item_and_what_was_due_before_the_document_is_entered_later(client, read):
    plan, _page = read

    docket(client, plan)

    first = Item.objects.filter(title="组织人选推荐").order_by("year")
    late = Item.objects.filter(backfilled=True).order_by("due_on")
    assert [(item.state, str(item.due_on), item.previous) for item in first] == [
        ("assigned", "2020-10-31", None),
        ("docketed", "2021-04-30", first[0]),
        ("docketed", "2022-04-30", first[1]),
    ]
    assert [str(item.due_on) for item in late] == ["2020-08-10", "2020-08-20"]
    assert Item.objects.count() == 29


def test_open_ended_tasks_owe_check_ins_that_are_never_red(client, read):
    plan, _page = read
    docket(client, plan)
    going_on = list(Item.objects.filter(due_on=None).order_by("pk"))
    for item in going_on:
        liaison = User.objects.get(username=f"{item.lead_unit.code}_liaison")
        sign_item(item, actor=liaison, owner=liaison)

    with at(date(2020, 9, 1)):
        turn_periods()

    owed = Duty.objects.filter(
        workflow="ledger_item", state="open", subject_id__in=[item.pk for item in going_on]
    )
    assert len(going_on) == 10
    assert list(owed.values_list("key", "part", "red_at")) == (
        [("report_progress", "2020-09", None)] * 10
    )
