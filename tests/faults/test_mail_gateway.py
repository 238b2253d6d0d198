"""F8: the mail server refuses, accepts and never answers, or answers with an error."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from lianqi.appeals.models import Appeal
from lianqi.kernel.clock import now
from lianqi.kernel.management.worker import Worker
from lianqi.kernel.models import JournalEntry, Notice, OutboxMessage
from lianqi.kernel.outbox import MOST_ATTEMPTS, Channel, deliver_waiting, enqueue
from lianqi.organisation.enums import Post
from tests.factories import file_appeal, office_clerk, person
from tests.faults.measure import record
from tests.faults.sinks import REFUSING, SILENT, WELL, Sink

pytestmark = pytest.mark.usefixtures("transactional_db")
APPEALS = 6


@pytest.fixture
def sink(settings):
    """Keep a mail server running that the product sends to."""
    found = Sink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", found.port, 1
    yield found
    found.end()


def letters():
    return OutboxMessage.objects.filter(channel=Channel.EMAIL)


def behave(sink, how):
    """Let the mail server behave badly."""
    if how == "refuses the connection":
        sink.close()
    sink.mode = {"never answers": SILENT, "answers 554": REFUSING}.get(how, WELL)


def recover(sink):
    """Let it be well again."""
    sink.close()
    sink.mode = WELL
    sink.open()


@pytest.mark.parametrize("how", ["refuses the connection", "never answers", "answers 554"])
def test_letters_wait_are_given_up_after_a_day_and_leave_once_by_one_press(
    sink, how, settings, time_machine
):
    time_machine.move_to(now(), tick=False)
    clerk = office_clerk(email="clerk@example.org")
    settings.EMAIL_TIMEOUT = 0.05  # a day of waiting for an answer that never comes
    behave(sink, how)
    began, waits = now(), 0
    for _ in range(APPEALS):
        file_appeal()
    Worker().round()
    # People here are told at once; only the letters wait.
    notices = Notice.objects.filter(user=clerk).count()
    while letters().filter(state="waiting").exists() and waits < APPEALS * MOST_ATTEMPTS * 2:
        due = letters().filter(state="waiting").order_by("not_before")
        time_machine.move_to(max(now(), due.values_list("not_before", flat=True)[0]), tick=False)
        deliver_waiting()
        waits += 1
    given_up, tried_for = letters().filter(state="dead").count(), now() - began
    recover(sink)
    settings.EMAIL_TIMEOUT = 30
    administrator = Client()
    administrator.force_login(person(Post.SYSADMIN))

    page = administrator.get("/jobs/").content.decode()
    pressed = administrator.post("/jobs/messages/retry/")
    again = administrator.post("/jobs/messages/retry/", follow=True)
    deliver_waiting()

    assert (notices, given_up) == (APPEALS, APPEALS)
    assert timedelta(hours=18) < tried_for < timedelta(hours=30)
    assert (page.count("全部重新发送（6 条）"), pressed.status_code) == (1, 302)
    assert again.content.decode().count("没有发送失败的消息，无须操作。") == 1
    assert sorted(sink.ids()) == sorted(
        f"<outbox-{pk}@lianqi>" for pk in letters().values_list("pk", flat=True)
    )
    assert JournalEntry.objects.filter(verb="outbox.retry").count() == APPEALS
    said = {"never answers": "接通不答", "answers 554": "回绝"}.get(how, "连不上")
    record("F8", f"邮件网关{said}", letters=APPEALS, given_up=given_up, sent_once_after=APPEALS)


def test_a_silent_mail_server_holds_up_nobody_who_submits(sink, settings):
    settings.EMAIL_TIMEOUT = 60
    behave(sink, "never answers")
    enqueue(Channel.EMAIL, "a@example.org", title="一")
    delivering = threading.Thread(target=lambda: (deliver_waiting(), connection.close()))
    delivering.start()
    sink.connected.wait(30)

    number = file_appeal().number

    # The letter is still on its way: submitting did not wait for it.
    assert (delivering.is_alive(), Appeal.objects.get().number) == (True, number)
    recover(sink)
    delivering.join()
    assert letters().get().error.startswith("SMTPServerDisconnected")


def test_a_silent_mail_server_is_asked_once_a_round_and_notices_go_first(sink):
    clerk = office_clerk()
    for number in range(5):
        enqueue(Channel.EMAIL, f"a{number}@example.org", title="信")
    behave(sink, "never answers")
    file_appeal()

    deliver_waiting()

    assert Notice.objects.filter(user=clerk).count() == 1
    assert sorted(letters().values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
