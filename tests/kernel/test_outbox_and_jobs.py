from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from lianqi.kernel import jobs as job_engine
from lianqi.kernel import leases
from lianqi.kernel import outbox as engine
from lianqi.kernel.clock import now
from lianqi.kernel.management import worker as loop
from lianqi.kernel.management.worker import Worker
from lianqi.kernel.models import JobState, Notice, OutboxMessage, WorkerBeat
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import connect_gateway, deliver_waiting, enqueue
from tests.factories import office_clerk
from tests.faults.houses import until
from tests.kernel.threads import together

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.fixture
def gateway(monkeypatch):
    """Put a list in place of the missing SMS gateway; it refuses while ``refusing``."""

    class Gateway(list):
        refusing = False

        def send(self, message):
            if self.refusing:
                raise ConnectionError("网关不通")
            self.append(message.pk)

    found = Gateway()
    monkeypatch.setattr(engine, "_gateways", dict(engine._gateways))
    connect_gateway(Channel.SMS, found.send)
    return found


@pytest.fixture
def only_jobs(monkeypatch):
    """Return a way to declare jobs that only this test knows."""
    monkeypatch.setattr(job_engine, "_jobs", {})
    return job_engine.job


# --- outbox


@pytest.mark.django_db
def test_a_message_leaves_once(gateway):
    enqueue(Channel.SMS, "x", title="一")

    assert (deliver_waiting(), deliver_waiting(), len(gateway)) == (1, 0, 1)


@pytest.mark.django_db
def test_an_occasion_is_told_once(gateway):
    for _ in range(3):
        enqueue(Channel.SMS, "x", title="一", once="appeal:1:due")

    assert (deliver_waiting(), OutboxMessage.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_later_message_waits_for_its_moment(gateway, time_machine):
    time_machine.move_to(NOON, tick=False)
    enqueue(Channel.SMS, "x", title="一", not_before=NOON + timedelta(hours=1))
    early = deliver_waiting()
    time_machine.move_to(NOON + timedelta(hours=1), tick=False)

    assert (early, deliver_waiting()) == (0, 1)


@pytest.mark.django_db
def test_a_failing_gateway_is_tried_again_twice_as_late_each_time_and_then_given_up(
    gateway, time_machine
):
    gateway.refusing = True
    time_machine.move_to(NOON, tick=False)
    enqueue(Channel.SMS, "x", title="一")
    waits = []
    for _ in range(engine.MOST_ATTEMPTS):
        tried_at = now()
        deliver_waiting()
        message = OutboxMessage.objects.get()
        waits.append(int((message.not_before - tried_at).total_seconds()))
        time_machine.move_to(message.not_before, tick=False)

    assert waits[:5] == [60, 120, 240, 480, 960]
    assert (max(waits), message.state, message.attempts) == (6 * 3600, "dead", 12)
    assert (message.error, deliver_waiting()) == ("ConnectionError: 网关不通", 0)


@pytest.mark.django_db
def test_a_message_leased_by_a_worker_that_died_is_taken_over(gateway, time_machine):
    time_machine.move_to(NOON, tick=False)
    enqueue(Channel.SMS, "x", title="一")
    OutboxMessage.objects.update(leased_until=NOON + leases.LEASE)
    while_leased = deliver_waiting()
    time_machine.move_to(NOON + leases.LEASE + timedelta(seconds=1), tick=False)

    assert (while_leased, deliver_waiting()) == (0, 1)


@pytest.mark.django_db
def test_one_failing_message_does_not_hold_up_the_others(gateway):
    enqueue(Channel.WECOM, "x", title="没有网关")
    enqueue(Channel.SMS, "x", title="一")

    assert (deliver_waiting(), len(gateway)) == (1, 1)


@pytest.mark.django_db
def test_a_desk_message_becomes_a_notice_and_a_mail_for_each_person():
    with_mail, without = office_clerk(email="a@example.org"), office_clerk()
    enqueue(Channel.DESK, "body:TF3:office", title="待受理", text="请办理", url="/x/")

    deliver_waiting()
    deliver_waiting()

    assert set(Notice.objects.values_list("user", flat=True)) == {with_mail.pk, without.pk}
    assert [(m.to, m.subject) for m in mail.outbox] == [(["a@example.org"], "【联企】待受理")]


@pytest.mark.django_db(transaction=True)
def test_two_workers_deliver_each_message_once(gateway):
    for number in range(20):
        enqueue(Channel.SMS, "x", title=str(number))

    sent = together(deliver_waiting, deliver_waiting)

    assert (sum(sent), len(gateway), len(set(gateway))) == (20, 20, 20)


# --- jobs


@pytest.mark.django_db
def test_a_job_runs_when_due_and_not_before(only_jobs, time_machine):
    runs = []
    only_jobs(name="t.tick", every=timedelta(minutes=10))(lambda: str(runs.append(1) or len(runs)))
    time_machine.move_to(NOON, tick=False)
    job_engine.run_due_jobs()
    job_engine.run_due_jobs()
    time_machine.move_to(NOON + timedelta(minutes=10), tick=False)
    job_engine.run_due_jobs()

    state = JobState.objects.get()
    assert (runs, state.result, state.failures) == ([1, 1], "2", 0)


@pytest.mark.django_db
def test_a_failing_job_is_written_down_and_the_next_one_runs(only_jobs):
    def fail():
        raise ValueError("坏了")

    only_jobs(name="t.a", every=timedelta(minutes=1))(fail)
    only_jobs(name="t.b", every=timedelta(minutes=1))(lambda: "好")

    job_engine.run_due_jobs()

    failed, well = JobState.objects.order_by("name")
    assert (failed.failures, failed.error.strip().splitlines()[-1]) == (1, "ValueError: 坏了")
    assert (well.result, well.error) == ("好", "")


@pytest.mark.django_db(transaction=True)
def test_two_workers_run_a_job_once(only_jobs):
    runs = []
    only_jobs(name="t.tick", every=timedelta(minutes=10))(lambda: str(runs.append(1)))

    done = together(job_engine.run_due_jobs, job_engine.run_due_jobs)

    assert (sorted(done), len(runs)) == ([0, 1], 1)


@pytest.mark.django_db
def test_a_job_of_a_worker_that_died_is_taken_over_after_its_lease(only_jobs, time_machine):
    only_jobs(name="t.tick", every=timedelta(minutes=10))(lambda: "好")
    time_machine.move_to(NOON, tick=False)
    JobState.objects.create(name="t.tick", due_at=NOON, leased_until=NOON + leases.LEASE)
    while_leased = job_engine.run_due_jobs()
    time_machine.move_to(NOON + leases.LEASE + timedelta(seconds=1), tick=False)

    assert (while_leased, job_engine.run_due_jobs()) == (0, 1)


@pytest.mark.django_db
def test_a_job_that_always_fails_is_tried_ever_later_and_set_aside_after_five_tries(
    only_jobs, time_machine
):
    def fail():
        raise ValueError("坏了")

    only_jobs(name="t.a", every=timedelta(hours=1), title="坏任务")(fail)
    only_jobs(name="t.b", every=timedelta(minutes=1))(lambda: "好")
    time_machine.move_to(NOON, tick=False)
    waits = []
    for _ in range(7):
        job_engine.run_due_jobs()
        state = JobState.objects.get(pk="t.a")
        waits.append(int((state.due_at - now()).total_seconds()))
        time_machine.move_to(max(state.due_at, now() + timedelta(minutes=1)), tick=False)

    assert waits[:5] == [60, 120, 240, 480, 960]
    assert (state.failures, state.parked_at is not None) == (5, True)
    assert JobState.objects.get(pk="t.b").result == "好"
    [told] = OutboxMessage.objects.all()
    assert (told.recipient, told.title) == (
        "system:sysadmin",
        "定时任务“坏任务”连续5次没有办成，已停用",
    )


@pytest.mark.django_db
def test_a_job_that_met_a_full_disk_is_not_blamed_for_it(only_jobs, time_machine):
    def write():
        raise OSError(28, "No space left on device")

    only_jobs(name="t.a", every=timedelta(hours=1))(write)
    time_machine.move_to(NOON, tick=False)
    for _ in range(9):
        job_engine.run_due_jobs()
        time_machine.shift(timedelta(minutes=1))

    state = JobState.objects.get()
    assert (state.failures, state.parked_at) == (0, None)
    assert state.error.strip().endswith("OSError: [Errno 28] No space left on device")


@pytest.mark.django_db
def test_a_job_whose_lease_was_lost_does_not_overwrite_the_run_that_followed(only_jobs):
    def lose():
        JobState.objects.update(leased_by="another", result="别人的结果")
        return "迟到的结果"

    only_jobs(name="t.a", every=timedelta(hours=1))(lose)
    job_engine.run_due_jobs()

    assert JobState.objects.get().result == "别人的结果"


@pytest.mark.django_db
def test_renewing_keeps_what_this_process_holds_and_nothing_else(time_machine):
    time_machine.move_to(NOON, tick=False)
    for name, by in (("t.mine", leases.holder()), ("t.theirs", "another")):
        JobState.objects.create(name=name, due_at=NOON, leased_until=NOON, leased_by=by)
    leases.renew_leases()

    mine, theirs = JobState.objects.order_by("name")
    assert (mine.leased_until, theirs.leased_until) == (NOON + leases.LEASE, NOON)


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_keeps_the_lease_of_a_job_that_takes_longer(only_jobs, monkeypatch):
    monkeypatch.setattr(loop, "BEAT_EVERY", 0.02)
    kept = []

    def long_job():
        first = JobState.objects.get().leased_until
        until(lambda: JobState.objects.get().leased_until > first)
        kept.append(True)
        return "好"

    only_jobs(name="t.a", every=timedelta(hours=1))(long_job)
    with loop.Heartbeat():
        job_engine.run_due_jobs()

    assert (kept, JobState.objects.get().result) == ([True], "好")
    assert WorkerBeat.objects.count() == 1


@pytest.mark.django_db
def test_a_message_that_took_five_workers_down_is_given_up(gateway, time_machine):
    time_machine.move_to(NOON, tick=False)
    enqueue(Channel.SMS, "x", title="一")
    enqueue(Channel.SMS, "x", title="二")
    poison = OutboxMessage.objects.order_by("pk")[0]
    for _ in range(5):
        assert engine._claim(poison.pk)  # and the worker dies
        time_machine.shift(leases.LEASE + timedelta(seconds=1))
    deliver_waiting()

    poison.refresh_from_db()
    assert (poison.state, poison.crashes, poison.error) == ("dead", 5, engine.TOOK_DOWN)
    assert OutboxMessage.objects.get(title="二").state == "sent"


@pytest.mark.django_db
def test_a_round_of_the_worker_beats_works_and_delivers(only_jobs, gateway):
    only_jobs(name="t.tick", every=timedelta(minutes=10))(lambda: "好")
    enqueue(Channel.SMS, "x", title="一")

    worker = Worker()

    assert (worker.round(), worker.round(), WorkerBeat.objects.count()) == (2, 0, 1)


@pytest.mark.django_db
def test_a_missing_calendar_year_is_told_to_the_keeper_once_a_week(time_machine):
    watch = job_engine._jobs["kernel.watch_calendar"].run
    time_machine.move_to(NOON, tick=False)
    first, _again = watch(), watch()
    time_machine.move_to(NOON + timedelta(days=7), tick=False)
    watch()

    titles = OutboxMessage.objects.values_list("recipient", "title")
    assert first == "缺少 2027 年"
    assert list(titles) == [("system:sysadmin", "2027年工作日历还没有录入")] * 2
