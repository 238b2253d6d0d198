import json
from datetime import timedelta

import pytest

from lianqi.appeals.actions import accept_appeal, dispatch_appeal
from lianqi.kernel.clock import now, today
from lianqi.kernel.models import (
    Duty,
    JobState,
    JournalEntry,
    Notice,
    OutboxMessage,
    WorkerBeat,
)
from lianqi.kernel.outbox import deliver_waiting
from lianqi.organisation.enums import Post
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person
from tests.kernel.visitors import conference_clerk, signed_in

pytestmark = pytest.mark.django_db


def duty(number, *, holder, **fields):
    moment = now()
    return Duty(
        **{
            "subject_type": "appeals.appeal",
            "subject_id": number,
            "workflow": "appeal",
            "key": "sign",
            "label": "签收",
            "matter": f"第{number}件事",
            "url": f"/appeals/{number}/",
            "holder": holder,
            "holder_label": "某局联络员",
            "opened_at": moment,
            "started_at": moment,
            "due_at": moment + timedelta(days=number),
            "amber_at": moment + timedelta(days=number - 1),
            "red_at": moment + timedelta(days=number, hours=12),
            **fields,
        }
    )


# --- desk


def test_the_desk_opens_each_duty_with_its_step():
    appeal = file_appeal()

    page = signed_in(office_clerk()).get("/desk/")

    [line] = page.context["to_do"].lines
    assert (page.status_code, line.url) == (200, f"{appeal.get_absolute_url()}?step=accept")
    assert line.remaining_text.startswith("剩 ")


def test_an_empty_desk_says_so_kindly():
    page = signed_in(conference_clerk()).get("/desk/")

    assert page.content.decode().count("手头没有要办的事，辛苦了。") == 1


def test_the_desk_shows_what_others_owe_us_and_not_our_own():
    office, unit = office_clerk(), UnitFactory()
    appeal = file_appeal()
    accept_appeal(appeal, actor=office)
    dispatch_appeal(appeal, actor=office, lead_unit=unit)

    page = signed_in(office).get("/desk/")

    [line] = page.context["awaited"].lines
    assert (line.duty.key, page.context["to_do"].lines) == ("sign", [])


def test_the_desk_does_not_show_other_peoples_duties():
    file_appeal()

    page = signed_in(person(Post.LIAISON, unit=UnitFactory())).get("/desk/")

    assert (page.context["to_do"].lines, page.context["awaited"].lines) == ([], [])


def test_a_desk_of_500_duties_asks_as_often_as_one_of_5(django_assert_num_queries):
    unit = UnitFactory()
    client = signed_in(person(Post.LIAISON, unit=unit))
    holder = f"unit:{unit.pk}:liaison"
    Duty.objects.bulk_create(duty(n, holder=holder, unit_code=unit.code) for n in range(2, 7))
    client.get("/desk/")
    with django_assert_num_queries(10):
        client.get("/desk/")
    Duty.objects.bulk_create(duty(n, holder=holder, unit_code=unit.code) for n in range(7, 502))

    with django_assert_num_queries(10):
        page = client.get("/desk/")

    to_do = page.context["to_do"]
    assert (len(to_do.lines), to_do.more, page.context["numbers"].live) == (100, 400, 500)
    assert [line.duty.subject_id for line in to_do.lines] == list(range(2, 102))


def test_the_numbers_of_the_unit_lead_to_exactly_their_rows():
    unit = UnitFactory()
    client = signed_in(person(Post.LEADER, unit=unit))
    own = {"holder": f"unit:{unit.pk}:liaison", "unit_code": unit.code}
    late = {"amber_at": now() - timedelta(days=3), "red_at": now() - timedelta(days=1)}
    near = {"amber_at": now() - timedelta(hours=1)}
    Duty.objects.bulk_create(
        [
            duty(2, **own),
            duty(3, **own, **late),
            duty(4, **own, **near),
            duty(5, **own, state="paused"),
            duty(6, **own, **late, advisory=True),
            duty(7, **own, state="done"),
            duty(8, holder="unit:0:liaison", **late),
        ]
    )

    desk = client.get("/desk/")

    numbers = desk.context["numbers"]
    assert (numbers.live, numbers.amber, numbers.red) == (5, 1, 1)
    for url, wanted in (("live_url", {2, 3, 4, 5, 6}), ("amber_url", {4}), ("red_url", {3})):
        page = client.get(desk.context[url])
        assert {line.duty.subject_id for line in page.context["lines"]} == wanted


def test_a_unit_lists_its_own_duties_and_an_overseer_all():
    ours, theirs = UnitFactory(), UnitFactory()
    Duty.objects.bulk_create(
        duty(n, holder=f"unit:{unit.pk}:liaison", unit_code=unit.code)
        for n, unit in ((2, ours), (3, theirs))
    )

    ours_page = signed_in(person(Post.LIAISON, unit=ours)).get("/duties/")
    all_page = signed_in(conference_clerk()).get("/duties/")
    picked = signed_in(conference_clerk()).get("/duties/", {"unit": theirs.code})

    assert [line.duty.subject_id for line in ours_page.context["lines"]] == [2]
    assert [line.duty.subject_id for line in all_page.context["lines"]] == [2, 3]
    assert [line.duty.subject_id for line in picked.context["lines"]] == [3]


def test_duties_without_a_deadline_come_last_and_pages_go_both_ways():
    client = signed_in(conference_clerk())
    Duty.objects.bulk_create(duty(n, holder="unit:1:liaison") for n in range(2, 54))
    endless = {"due_at": None, "amber_at": None, "red_at": None}
    Duty.objects.bulk_create(duty(n, holder="unit:1:liaison", **endless) for n in range(54, 124))

    first = client.get("/duties/")
    second = client.get("/duties/" + first.context["page"].next_url)
    third = client.get("/duties/" + second.context["page"].next_url)
    back = client.get("/duties/" + third.context["page"].previous_url)

    shown = [
        [line.duty.subject_id for line in page.context["lines"]]
        for page in (first, second, third, back)
    ]
    assert shown[0] + shown[1] + shown[2] == list(range(2, 124))
    assert shown[3] == shown[1]
    assert (first.context["page"].previous_url, third.context["page"].next_url) == ("", "")


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMl0", "bnVsbA", "WyJ4IiwxXQ"])
def test_a_cursor_that_cannot_be_read_gives_the_first_page(cursor):
    page = signed_in(conference_clerk()).get("/duties/", {"after": cursor})

    assert page.status_code == 200


def test_the_list_of_duties_asks_a_constant_number_of_times(django_assert_num_queries):
    client = signed_in(conference_clerk())
    client.get("/duties/")
    for count in (1, 5):
        Duty.objects.all().delete()
        Duty.objects.bulk_create(duty(n, holder="unit:1:liaison") for n in range(2, 2 + count))
        with django_assert_num_queries(10):
            client.get("/duties/")


# --- notices


def notice(user, number, **fields):
    return Notice(
        user=user, at=now(), title=f"通知{number}", origin=f"t:{user.pk}:{number}", **fields
    )


def test_a_firm_reads_its_notices_and_marks_them():
    firm, other = entrepreneur(), entrepreneur()
    Notice.objects.bulk_create([*(notice(firm, n) for n in range(3)), notice(other, 9)])
    client = signed_in(firm)
    assert len(client.get("/notices/").context["lines"]) == 3

    client.post(f"/notices/{Notice.objects.get(title='通知1').pk}/read/")
    after_one = Notice.objects.filter(read_at=None).count()
    client.post("/notices/read/")

    unread = list(Notice.objects.filter(read_at=None).values_list("user", flat=True))
    assert (after_one, unread) == (3, [other.pk])


def test_opening_a_notice_leads_to_its_page_and_marks_it():
    firm = entrepreneur()
    Notice.objects.bulk_create([notice(firm, 1, url="/appeals/1/")])
    client = signed_in(firm)
    [line] = client.get("/notices/").context["lines"]

    answer = client.get(line.url)

    assert (answer.status_code, answer.url) == (302, "/appeals/1/")
    assert Notice.objects.filter(read_at=None).count() == 0


def test_nobody_opens_or_marks_another_persons_notice():
    Notice.objects.bulk_create([notice(entrepreneur(), 1)])
    client, pk = signed_in(entrepreneur()), Notice.objects.get().pk

    answers = [client.get(f"/notices/{pk}/"), client.post(f"/notices/{pk}/read/")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert Notice.objects.filter(read_at=None).count() == 1


# --- journal and jobs


def auditor():
    return person(Post.AUDITOR)


def test_an_auditor_finds_lines_by_subject_person_act_and_date():
    appeal, office = file_appeal(), office_clerk()
    accept_appeal(appeal, actor=office)
    file_appeal()
    client = signed_in(auditor())

    def found(**asked):
        return [line.verb for line, _ in client.get("/journal/", asked).context["lines"]]

    assert found(subject_type="appeals.appeal", subject_id=appeal.pk) == [
        "appeal.accept",
        "appeal.submit",
    ]
    assert found(actor=office.full_name, verb="受理") == ["appeal.accept"]
    assert found(since=today() + timedelta(days=1)) == []
    assert found(since=today(), until=today(), verb="appeal.accept") == ["appeal.accept"]


def test_an_auditor_proves_one_record():
    appeal = file_appeal()
    client = signed_in(auditor())
    subject = {"subject": f"appeals.appeal:{appeal.pk}"}

    sound = client.post("/journal/verify/", subject, follow=True)
    JournalEntry.objects.about(appeal).update(text="改过")
    broken = client.post("/journal/verify/", subject, follow=True)

    assert [str(message) for message in sound.context["messages"]] == [
        f"诉求 {appeal.pk}的 1 行记录完整。"
    ]
    assert [str(message) for message in broken.context["messages"]] == [
        f"校验不通过：appeals.appeal:{appeal.pk} 第 1 行与校验值不符"
    ]


def test_a_sysadmin_sends_a_dead_letter_again_and_an_auditor_only_looks():
    letter = OutboxMessage.objects.create(
        channel="sms", recipient="x", title="短信", state="dead", attempts=12,
        created_at=now(), not_before=now(), error="无网关",
    )  # fmt: skip

    looked = signed_in(auditor()).post(f"/jobs/messages/{letter.pk}/retry/")
    letter.refresh_from_db()
    assert (looked.status_code, letter.state) == (403, "dead")
    signed_in(person(Post.SYSADMIN)).post(f"/jobs/messages/{letter.pk}/retry/")

    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("waiting", 0)
    assert JournalEntry.objects.about(letter).get().verb == "outbox.retry"


def parked_job(name="kernel.sweep_files"):
    return JobState.objects.create(
        name=name,
        due_at=now(),
        began_at=now(),
        failures=5,
        parked_at=now(),
        error="Traceback\nValueError: 坏了",
    )


def test_a_job_that_was_set_aside_is_enabled_again_by_the_system_administrator(client):
    state, sysadmin = parked_job(), person(Post.SYSADMIN)
    address = f"/jobs/{state.name}/release/"
    page = signed_in(sysadmin).get("/jobs/").content.decode()
    sick = client.get("/healthz").json()["jobs"]

    answer = signed_in(sysadmin).post(address)
    again = signed_in(sysadmin).post(address, follow=True)

    state.refresh_from_db()
    assert (page.count("已停用：连续失败 5 次"), page.count(f'action="{address}"')) == (1, 1)
    assert sick == {"status": "parked", "parked": [state.name]}
    assert (answer.status_code, state.parked_at, state.failures) == (302, None, 0)
    assert [str(m) for m in again.context["messages"]][-1] == "这项任务没有停用，无须操作。"
    [line] = JournalEntry.objects.filter(verb="job.release")
    assert (line.actor, line.text) == (sysadmin, f"{state.name}。上次失败：ValueError: 坏了")


def test_nobody_else_enables_a_job_or_sends_all_messages_again():
    state = parked_job()
    addresses = [f"/jobs/{state.name}/release/", "/jobs/messages/retry/"]
    looking = [signed_in(auditor()).post(address).status_code for address in addresses]
    strangers = [signed_in(conference_clerk()).post(address).status_code for address in addresses]

    state.refresh_from_db()
    assert (looking, strangers) == ([403, 403], [403, 403])
    assert state.parked_at is not None
    assert signed_in(person(Post.SYSADMIN)).post("/jobs/x.unknown/release/").status_code == 404


def test_an_auditor_reads_the_act_and_not_the_firm_s_matter():
    appeal = file_appeal()
    accept_appeal(appeal, actor=office_clerk(), note="请供电公司协调")
    asked = {"subject_type": "appeals.appeal", "subject_id": appeal.pk}

    audited = signed_in(auditor()).get("/journal/", asked).content.decode()
    supervised = signed_in(person(Post.DISCIPLINE, unit=UnitFactory())).get("/journal/", asked)

    assert ("appeal.accept" in audited, "请供电公司协调" in audited) == (True, False)
    assert "请供电公司协调" in supervised.content.decode()


# --- what machines ask


def test_healthz_tells_a_missing_worker_then_a_living_one(client):
    without = client.get("/healthz")
    WorkerBeat.objects.create(worker="w", beat_at=now())
    with_one = client.get("/healthz")

    report = json.loads(with_one.content)
    assert (without.status_code, without.json()["status"]) == (200, "degraded")
    assert (report["database"], report["worker"]["status"]) == ("ok", "ok")
    assert with_one["Cache-Control"] == "no-store"


def test_healthz_is_degraded_by_a_late_worker_and_by_a_dead_letter(client):
    WorkerBeat.objects.create(worker="w", beat_at=now() - timedelta(seconds=95))
    OutboxMessage.objects.create(
        channel="sms", recipient="x", title="短信", state="dead", created_at=now(), not_before=now()
    )

    report = client.get("/healthz").json()

    assert (report["worker"]["status"], report["outbox"]["status"]) == ("late", "stuck")


def test_large_print_is_kept_and_leads_back_to_own_pages_only(client):
    on = client.post("/large-print/", {"large_print": "1", "next": "/notices/"})
    off = client.post("/large-print/", {"large_print": "0", "next": "https://example.com/"})

    assert (on.url, on.cookies["large_print"].value) == ("/notices/", "1")
    assert (off.url, off.cookies["large_print"]["max-age"]) == ("/", 0)


# --- the middleware


def test_pages_of_people_who_signed_in_are_kept_out_of_caches():
    assert signed_in(office_clerk()).get("/desk/")["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("address", ["/duties/?q=%00", "/settings/limits/a%00b/", "/duties/?%00=1"])
def test_nul_bytes_in_an_address_are_a_bad_request(address):
    assert signed_in(conference_clerk()).get(address).status_code == 400


def test_a_message_that_is_delivered_becomes_a_notice_on_the_desk():
    office = office_clerk()
    file_appeal()

    deliver_waiting()

    page = signed_in(office).get("/desk/")
    assert [line.title for line in page.context["notices"]] == [
        Notice.objects.get(user=office).title
    ]
