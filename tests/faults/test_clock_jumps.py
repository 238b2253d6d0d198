"""F5: the clock of the machine is wrong, and is put right."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from lianqi.appeals.actions import accept_appeal
from lianqi.appeals.jobs import urge_overdue
from lianqi.appeals.links import FOLLOWING, LinkBroken, open_link, progress_link
from lianqi.kernel.chores import remind_due
from lianqi.kernel.clock import now
from lianqi.kernel.jobs import beat, run_due_jobs
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import Duty, JobState, JournalEntry, OutboxMessage, WorkerBeat
from lianqi.kernel.outbox import Channel, deliver_waiting, enqueue
from lianqi.kernel.queries.machinery import health
from tests.conftest import MONDAY_MORNING
from tests.factories import entrepreneur, file_appeal, office_clerk
from tests.faults.measure import record

pytestmark = pytest.mark.django_db
JUMPS = [timedelta(hours=1), timedelta(hours=-2), timedelta(days=30), timedelta()]
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def wall(time_machine):
    """Return a way to set the machine's clock to Monday morning and so much."""

    def set_to(jump=timedelta()):
        time_machine.move_to(MONDAY_MORNING + jump, tick=False)

    set_to()
    return set_to


def test_deadlines_stay_as_they_were_set_and_nobody_is_reminded_twice(wall):
    office_clerk()
    appeal = file_appeal()
    amber = Duty.objects.get(key="accept").amber_at - MONDAY_MORNING + timedelta(minutes=1)
    deadlines = list(Duty.objects.values_list("pk", "due_at", "amber_at", "red_at"))
    for jump in (*JUMPS, *reversed(JUMPS)):
        wall(amber + jump)
        remind_due()
        urge_overdue()

    told = OutboxMessage.objects.values_list("title", flat=True)
    reminders = [title for title in told if title.startswith("临期")]
    climbed = JournalEntry.objects.filter(verb="appeal.urge").count()
    assert list(Duty.objects.values_list("pk", "due_at", "amber_at", "red_at")) == deadlines
    assert len(reminders) == Duty.objects.exclude(reminded_at=None).count() > 0
    assert climbed == Duty.objects.get(subject_id=appeal.pk, key="accept").urge_level
    record("F5", "时钟 +1 小时、-2 小时、+30 天再拨回", deadlines_moved=0, reminded_twice=0)


def test_the_journal_keeps_its_order_though_its_times_run_backwards(wall):
    appeal = file_appeal()
    wall(timedelta(hours=-2))
    accept_appeal(appeal, actor=office_clerk())

    lines = JournalEntry.objects.about(appeal).order_by("seq")
    assert list(lines.values_list("seq", "verb")) == [(1, "appeal.submit"), (2, "appeal.accept")]
    assert lines[1].at < lines[0].at
    assert verify_journal().broken == ""


def test_a_job_that_ran_while_the_clock_was_a_month_ahead_runs_again_at_once(wall):
    run_due_jobs()
    every_job = JobState.objects.count()
    wall(timedelta(days=30))
    run_due_jobs()
    wall()

    again = run_due_jobs()

    # Those whose period reaches a day or more are due again as soon as the clock is right.
    assert again == every_job
    assert JobState.objects.filter(due_at__gt=now() + timedelta(days=2)).count() == 0


def test_a_message_written_or_put_off_a_month_ahead_leaves_when_the_clock_is_right(wall):
    wall(timedelta(days=30))
    office_clerk()
    enqueue(Channel.DESK, "body:TF3:office", title="写于错误的时间")
    enqueue(Channel.SMS, "x", title="推迟到错误的时间")
    wall(timedelta(days=30, hours=1))
    OutboxMessage.objects.filter(channel=Channel.SMS).update(
        attempts=1, not_before=now() + timedelta(hours=1), leased_until=now(), leased_by="gone"
    )
    wall()

    deliver_waiting()

    desk, text = OutboxMessage.objects.order_by("pk")
    assert (desk.state, text.attempts) == ("sent", 2)


def test_a_message_meant_for_a_later_day_waits_for_it_all_the_same(wall):
    enqueue(Channel.DESK, "x", title="一", not_before=now() + timedelta(days=9))

    assert (deliver_waiting(), OutboxMessage.objects.get().state) == (0, "waiting")


def test_a_worker_that_beat_in_the_future_does_not_count_as_living(wall):
    wall(timedelta(days=30))
    beat()
    wall()

    assert health()["worker"]["status"] == "missing"
    WorkerBeat.objects.update(worker="another:1")
    beat()
    assert list(WorkerBeat.objects.values_list("worker", flat=True)) != ["another:1"]
    assert health()["worker"]["status"] == "ok"


def test_a_session_begun_a_month_ahead_lasts_twelve_hours_and_not_a_month(wall, client):
    wall(timedelta(days=30))
    client.force_login(entrepreneur())
    client.get("/portal/")
    wall()
    right_again = client.get("/portal/").status_code
    statuses = []
    for minutes in range(25, 13 * 60, 25):
        wall(timedelta(minutes=minutes))
        statuses.append(client.get("/portal/").status_code)

    assert right_again == 200
    assert statuses[:28] == [200] * 28
    assert set(statuses[29:]) == {302}


def test_a_link_made_an_hour_ahead_opens_and_one_of_long_ago_does_not(wall):
    wall(timedelta(hours=1))
    token = progress_link(file_appeal()).rstrip("/").rpartition("/")[2]
    wall()
    opened = open_link(FOLLOWING, token).appeal.number
    wall(timedelta(days=4000))

    with pytest.raises(LinkBroken):
        open_link(FOLLOWING, token)
    assert opened == "SQ2026-00001"


def test_a_code_of_another_hour_is_refused_and_the_right_one_taken(wall, settings):
    settings.LIANQI_MFA_REQUIRED = True
    clerk = office_clerk(username="clerk")
    TOTP.activate(clerk, SECRET)
    codes = {jump: _code(MONDAY_MORNING + jump) for jump in JUMPS}
    answers = {}
    for jump, code in codes.items():
        browser = Client()
        browser.post("/accounts/login/", {"login": "clerk", "password": "Lianqi-2026"})
        answers[jump] = browser.post("/accounts/2fa/authenticate/", {"code": code}).status_code

    assert list(answers.values()) == [422, 422, 422, 302]


def _code(moment):
    return format_hotp_value(hotp_value(SECRET, int(moment.timestamp()) // 30))
