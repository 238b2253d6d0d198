"""The ladder of urging, the reminders before it, and the jobs that climb it."""

from datetime import datetime
from threading import Barrier, Thread

import pytest
from django.db import connection

from lianqi.appeals.jobs import urge_overdue
from lianqi.kernel.chores import remind_due
from lianqi.kernel.clock import SHANGHAI
from lianqi.kernel.errors import StepUnfit
from lianqi.kernel.jobs import jobs
from lianqi.kernel.models import Duty, JournalEntry, Notice, OutboxMessage
from lianqi.kernel.outbox import deliver_waiting
from tests.appeals.stage import MORNING, Stage, duty, last_line, told_desks

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING, tick=False)]
TASK_FORCE_HEAD = "body:TF3:head"


def at(day, hour=9, month=3):
    """Return a moment of the year of these tests."""
    return datetime(2026, month, day, hour, 0, tzinfo=SHANGHAI)


def urged():
    """Return the words of all urging lines, oldest first."""
    lines = JournalEntry.objects.filter(verb="appeal.urge").order_by("pk")
    return list(lines.values_list("text", flat=True))


def told(title):
    """Return the desks that got a message whose title begins so."""
    return [desk for desk, said in told_desks() if said.startswith(title)]


def test_the_jobs_are_declared():
    names = {job.name for job in jobs() if job.name.startswith("appeals.")}

    assert names == {
        "appeals.urge_overdue",
        "appeals.look_at_closings",
        "appeals.keep_missing_facts",
        "appeals.lapse_consents",
    }


def test_the_ladder_is_climbed_rung_by_rung_and_once_each(time_machine):
    stage = Stage.at("dispatched")  # Monday; to be signed for by Tuesday evening
    owed, lead = duty(stage.appeal, "sign"), stage.lead
    liaison, leader = f"unit:{lead.pk}:liaison", f"unit:{lead.pk}:leader"
    climbed = {}

    for day in range(10, 24):
        time_machine.move_to(at(day))
        first, second = urge_overdue(), urge_overdue()
        owed.refresh_from_db()
        climbed[day] = owed.urge_level
        assert second == "催办 0 件", first

    assert climbed == {
        10: 0,  # Tuesday: still in time
        11: 1,  # first working day after: 催办一
        12: 1,
        13: 2,  # two working days overdue have passed: 催办二
        14: 2,
        15: 2,  # a weekend urges nobody
        16: 2,
        17: 3,  # four working days overdue have passed: 督办单
        **dict.fromkeys(range(18, 24), 3),
    }
    words = f"{lead.name}联络员“签收”"
    assert [text for text in urged() if "签收" in text] == [
        f"催办一：{words}",
        f"催办二：{words}",
        f"督办单：{words}",
    ]
    assert told(f"催办一：{stage.appeal}")[:1] == [liaison]
    assert told(f"催办二：{stage.appeal}")[:2] == [liaison, leader]
    assert told(f"督办单：{stage.appeal}")[:3] == [liaison, leader, TASK_FORCE_HEAD]
    assert last_line(stage.appeal)[1] is None  # signed by the system


def test_a_worker_that_slept_catches_up_one_rung_a_run(time_machine):
    stage = Stage.at("submitted")
    time_machine.move_to(at(23))

    runs = [urge_overdue() for _ in range(5)]

    assert runs == ["催办 1 件"] * 3 + ["催办 0 件"] * 2
    # The office has no leader above it but the task force's head.
    office = "body:TF3:office"
    assert [told(rung) for rung in ("催办一", "催办二", "督办单")] == [
        [office],
        [office],
        [office, TASK_FORCE_HEAD],
    ]
    assert duty(stage.appeal, "accept").urge_level == 3


@pytest.mark.parametrize(
    ("state", "quiet"),
    [
        ("supplement", "a clock that stands is not urged"),
        ("declined", "nothing is owed"),
    ],
)
def test_nobody_is_urged_for_what_is_not_owed(state, quiet, time_machine):
    Stage.at(state)
    time_machine.move_to(at(30))

    assert (urge_overdue(), remind_due(), quiet) == ("催办 0 件", "提醒 0 件", quiet)


def test_a_firm_is_never_urged_to_rate_but_the_office_to_call_it(time_machine):
    stage = Stage.at("answered")
    time_machine.move_to(at(30))

    urge_overdue()

    assert [text for text in urged() if "评价" in text] == []
    assert urged() == ["催办一：民营企业诉求响应专班办公室“回访”"]
    assert Duty.objects.about(stage.appeal).get(key="rate").urge_level == 0


def test_a_promise_nobody_checked_is_urged_even_on_a_closed_appeal(time_machine):
    stage = Stage.at("handling")
    stage.go("record_contact", "request_planned", "sign_closing", "approve_closing")
    stage.go("rate", "close")
    time_machine.move_to(at(2, month=6))

    assert (urge_overdue(), urged()) == (
        "催办 1 件",
        ["催办一：民营企业诉求响应专班办公室“兑现复核”"],
    )


def test_at_the_raised_level_the_leader_is_told_once_a_rung(time_machine):
    stage = Stage.at("dissatisfied")
    stage.go("redo", "record_contact", "submit_opinion")
    time_machine.move_to(at(30))

    for _ in range(3):
        urge_overdue()

    leader = f"unit:{stage.lead.pk}:leader"
    assert [told(rung) for rung in ("催办一", "催办二", "督办单")] == [
        [leader],
        [leader],
        [leader, TASK_FORCE_HEAD],
    ]


def test_a_later_date_is_reminded_of_and_urged_for_afresh(time_machine):
    stage = Stage.at("handling")
    stage.go("record_contact", "submit_opinion", "request_extension")
    time_machine.move_to(at(16))
    remind_due()
    stage.take("decide_extension")  # from the 16th to the 19th
    time_machine.move_to(at(18))

    assert remind_due() == "提醒 1 件"
    time_machine.move_to(at(20))
    assert urge_overdue() == "催办 1 件"
    assert [text[:3] for text in urged()] == ["催办一"]


def test_a_duty_is_reminded_of_once_when_it_turns_amber(time_machine):
    stage = Stage.at("handling")
    stage.go("record_contact", "submit_opinion")
    desk = f"unit:{stage.lead.pk}:liaison"
    time_machine.move_to(at(13, 8))

    early = remind_due()
    time_machine.move_to(at(13, 9))
    on_time, again = remind_due(), remind_due()

    assert (early, on_time, again) == ("提醒 0 件", "提醒 1 件", "提醒 0 件")
    assert told("临期提醒") == [desk]
    assert duty(stage.appeal, "request_closing").reminded_at == at(13)


def test_an_overdue_duty_is_urged_not_reminded_of(time_machine):
    Stage.at("submitted")
    time_machine.move_to(at(11))

    assert (remind_due(), urge_overdue()) == ("提醒 0 件", "催办 1 件")


# --- by hand


def test_the_office_urges_by_hand_and_the_people_at_the_desk_get_a_notice():
    stage = Stage.at("dispatched")

    stage.take("urge", note="企业已停产")

    text = f"催办一：{stage.lead.name}联络员“签收”，企业已停产"
    assert last_line(stage.appeal) == ("appeal.urge", stage.who["office"], text)
    assert duty(stage.appeal, "sign").urged_at == MORNING
    deliver_waiting()
    notices = Notice.objects.filter(user=stage.who["liaison"], title__startswith="催办一")
    assert [notice.title for notice in notices] == [f"催办一：{stage.appeal}"]


def test_urging_by_hand_before_the_deadline_stays_on_the_first_rung():
    stage = Stage.at("dispatched")

    for _ in range(4):
        stage.take("urge")

    assert [text[:3] for text in urged()] == ["催办一"] * 4
    assert told("催办一") == [f"unit:{stage.lead.pk}:liaison"] * 4
    assert duty(stage.appeal, "sign").urge_level == 0


def test_the_clock_climbs_each_rung_in_its_time_however_often_a_hand_has_urged(time_machine):
    stage = Stage.at("dispatched")  # to be signed for by Tuesday evening
    owed = f"{stage.lead.name}联络员“签收”"
    by_clock = {}

    for day in range(9, 19):
        time_machine.move_to(at(day, 10))
        stage.take("urge")
        before = len(urged())
        urge_overdue()
        by_clock[day] = [text[:3] for text in urged()[before:] if owed in text]

    assert by_clock == {
        **{day: [] for day in range(9, 19)},
        11: ["催办一"],
        13: ["催办二"],
        17: ["督办单"],
    }


def test_urging_by_hand_speaks_on_the_rung_that_the_days_overdue_call_for(time_machine):
    stage = Stage.at("submitted")
    said = {}

    for day in (9, 11, 13, 17):
        time_machine.move_to(at(day, 10))
        stage.take("urge")
        said[day] = urged()[-1][:3]

    assert said == {9: "催办一", 11: "催办一", 13: "催办二", 17: "督办单"}
    assert told("督办单") == ["body:TF3:office", TASK_FORCE_HEAD]


def test_there_is_nobody_to_urge_on_a_closed_appeal_without_a_promise():
    stage = Stage.at("closed")

    with pytest.raises(StepUnfit) as refusal:
        stage.take("urge")

    assert refusal.value.message == "现在没有待办的责任事项，不用催办。"


# --- two workers


@pytest.mark.usefixtures("transactional_db")
def test_two_workers_at_once_climb_once(time_machine):
    stages = [Stage.at("submitted") for _ in range(3)]
    time_machine.move_to(at(11))
    OutboxMessage.objects.all().delete()
    barrier, results = Barrier(2), []

    def work():
        try:
            barrier.wait(timeout=30)
            results.append(urge_overdue())
            results.append(remind_due())
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(results) == 4
    assert [duty(stage.appeal, "accept").urge_level for stage in stages] == [1, 1, 1]
    assert (len(urged()), told("催办一")) == (3, ["body:TF3:office"] * 3)
