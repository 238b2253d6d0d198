import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from lianqi.appeals.actions import accept_appeal, dispatch_appeal
from lianqi.kernel.clock import now, today
from lianqi.kernel.models import (
    CalendarDay,
    Duty,
    JournalEntry,
    Notice,
    OfficeHoursRow,
    OutboxMessage,
    TimeLimit,
    WorkerBeat,
)
from lianqi.kernel.outbox import deliver_waiting
from lianqi.organisation.enums import BodyCode, Post
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def conference_clerk():
    return person(Post.OFFICE_STAFF, body=BodyCode.JC)


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
    with django_assert_num_queries(14):
        client.get("/desk/")
    Duty.objects.bulk_create(duty(n, holder=holder, unit_code=unit.code) for n in range(7, 502))

    with django_assert_num_queries(15):  # one more: how many are not shown
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
    return Notice(user=user, at=now(), title=f"通知{number}", origin=f"t:{user.pk}:{number}", **fields)


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


def test_nobody_marks_another_persons_notice():
    other = entrepreneur()
    Notice.objects.bulk_create([notice(other, 1)])

    answer = signed_in(entrepreneur()).post(f"/notices/{Notice.objects.get().pk}/read/")

    assert (answer.status_code, Notice.objects.filter(read_at=None).count()) == (404, 1)


# --- settings


def test_an_office_decides_a_limit_and_the_old_row_stays():
    client = signed_in(conference_clerk())
    before = list(TimeLimit.objects.filter(key="appeal.accept").values())
    day = today() + timedelta(days=3)

    answer = client.post(
        "/settings/limits/appeal.accept/",
        {"amount": 2, "unit": "working_day", "basis": "会议纪要〔2026〕3号", "effective_from": day},
    )

    assert answer.status_code == 302
    rows = TimeLimit.objects.filter(key="appeal.accept")
    assert list(rows.filter(pk=before[0]["id"]).values()) == before
    new = rows.get(effective_from=day)
    line = JournalEntry.objects.about(new).get()
    assert (new.amount, new.source, line.verb) == (2, "decided", "limit.set")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "0"),
        ("amount", "-1"),
        ("amount", "99999999999999"),
        ("basis", ""),
        ("effective_from", "2020-01-01"),
        ("effective_from", "13/40/2026"),
        ("unit", "year"),
    ],
)
def test_a_wrong_limit_is_refused_beside_its_field(field, value):
    sound = {"amount": 2, "unit": "working_day", "basis": "纪要", "effective_from": today()}

    page = signed_in(conference_clerk()).post(
        "/settings/limits/appeal.accept/", {**sound, field: value}
    )

    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert TimeLimit.objects.filter(key="appeal.accept").count() == 1


def test_a_liaison_sees_the_limits_and_may_not_change_them():
    client = signed_in(person(Post.LIAISON, unit=UnitFactory()))

    seen = client.get("/settings/limits/")
    answer = client.post(
        "/settings/limits/appeal.accept/",
        {"amount": 2, "unit": "working_day", "basis": "纪要", "effective_from": today()},
    )

    assert (seen.status_code, answer.status_code) == (200, 403)


@pytest.mark.parametrize(
    "path",
    ["/settings/", "/settings/limits/", "/settings/calendar/", "/settings/hours/", "/journal/", "/jobs/"],
)
def test_a_firm_opens_no_settings_journal_or_jobs(path):
    assert signed_in(entrepreneur()).get(path).status_code == 403


@pytest.mark.parametrize("path", ["/desk/", "/duties/", "/notices/", "/settings/", "/journal/", "/jobs/"])
def test_a_visitor_is_asked_to_sign_in(client, path):
    answer = client.get(path)

    assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={path}")


YEAR_2027 = """日期,性质,名称
2027-01-01,放假,元旦
2027-05-01,放假,劳动节
2027-05-08,调休上班,劳动节
2027-10-01,放假,国庆节
"""


def test_a_whole_year_is_previewed_and_entered_once_confirmed():
    client = signed_in(conference_clerk())
    given = {"text": YEAR_2027, "source": "国办发明电〔2026〕7号"}

    preview = client.post("/settings/calendar/year/", given)
    entered_by_preview = CalendarDay.objects.filter(date__year=2027).count()
    plain = {**given, "text": preview.context["read"].plain, "confirm": "1"}
    answer = client.post("/settings/calendar/year/", plain)

    assert (preview.status_code, entered_by_preview, answer.status_code) == (200, 0, 302)
    assert CalendarDay.objects.filter(date__year=2027).count() == 4
    assert client.get("/settings/calendar/2027/").context["maintained"] is True


def test_each_wrong_line_of_a_year_is_named():
    text = (
        "2027-01-01,放假,元旦\n2027-13-01,放假,元旦\n2027-01-04,调休上班,元旦\n"
        "2027-01-01,放假,元旦\n2027-01-02,加班,元旦\n2026-10-01,调休上班,国庆节"
    )

    page = signed_in(conference_clerk()).post(
        "/settings/calendar/year/", {"text": text, "source": "通知", "confirm": "1"}
    )

    read = page.context["read"]
    assert page.status_code == 422
    assert [(day.line, day.problem) for day in read.wrong] == [
        (2, "日期“2027-13-01”看不懂，应写成 2027-01-01。"),
        (3, "不是周末，本来就上班，不需要登记调休上班。"),
        (4, "与第1行是同一天，请删去一行。"),
        (5, "性质“加班”看不懂，应写“放假”或“调休上班”。"),
        (6, "不是周末，本来就上班，不需要登记调休上班。"),
    ]
    assert read.problem.startswith("2027年还没有数据，第一次录入须一次录入全年安排")
    assert CalendarDay.objects.filter(date__year=2027).count() == 0


def test_a_single_day_cannot_open_a_year():
    page = signed_in(conference_clerk()).post(
        "/settings/calendar/enter/",
        {"date": "2027-01-01", "kind": "off", "name": "元旦", "source": "通知"},
    )

    assert (page.status_code, CalendarDay.objects.filter(date__year=2027).count()) == (422, 0)


def test_removing_a_day_needs_a_reason_and_leaves_a_line():
    client = signed_in(conference_clerk())
    row = CalendarDay.objects.get(date="2026-10-02")

    empty = client.post(f"/settings/calendar/days/{row.pk}/remove/", {"reason": ""})
    answer = client.post(f"/settings/calendar/days/{row.pk}/remove/", {"reason": "通知更正"})

    assert (empty.status_code, answer.status_code) == (422, 302)
    assert not CalendarDay.objects.filter(pk=row.pk).exists()
    assert JournalEntry.objects.about(row).get().verb == "calendar.remove"


def test_a_day_that_is_always_off_stays():
    row = CalendarDay.objects.get(date="2026-10-01")

    page = signed_in(conference_clerk()).post(
        f"/settings/calendar/days/{row.pk}/remove/", {"reason": "误录"}
    )

    assert (page.status_code, CalendarDay.objects.filter(pk=row.pk).exists()) == (422, True)


def test_next_years_calendar_is_asked_for_from_november_on(time_machine):
    client = signed_in(conference_clerk())
    time_machine.move_to(datetime(2026, 10, 31, 2, tzinfo=UTC))
    client.force_login(conference_clerk())
    assert client.get("/settings/").context["missing_years"] == []

    time_machine.move_to(datetime(2026, 10, 31, 17, tzinfo=UTC))
    client.force_login(conference_clerk())

    assert client.get("/settings/").context["missing_years"] == [2027]


def test_office_hours_out_of_order_are_refused_and_sound_ones_kept():
    client = signed_in(conference_clerk())
    hours = {
        "morning_start": "09:00",
        "morning_end": "12:00",
        "afternoon_start": "13:30",
        "afternoon_end": "18:00",
        "effective_from": today() + timedelta(days=30),
        "source": "作息调整通知",
    }

    wrong = client.post("/settings/hours/", {**hours, "afternoon_start": "11:30"})
    answer = client.post("/settings/hours/", hours)

    assert (wrong.status_code, answer.status_code) == (422, 302)
    assert [str(row) for row in OfficeHoursRow.objects.all()] == [
        "09:00-12:00，13:30-18:00",
        "08:30-12:00，14:00-17:30",
    ]


def test_the_reckoning_aid_explains_its_result():
    client = signed_in(conference_clerk())

    page = client.get(
        "/settings/", {"day": "2026-09-30", "clock": "15:00", "limit": "appeal.accept"}
    )

    assert page.context["reckoned"].explanation[0].text.startswith("起算：2026年9月30日（周三）15:00")


def test_the_reckoning_aid_says_when_a_year_is_missing():
    page = signed_in(conference_clerk()).get(
        "/settings/", {"day": "2027-03-01", "clock": "09:00", "limit": "appeal.accept"}
    )

    assert page.context["problem"].startswith("日历未维护：2027年")


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

    looked = signed_in(auditor()).post(f"/jobs/messages/{letter.pk}/retry/", follow=True)
    letter.refresh_from_db()
    assert ([str(m) for m in looked.context["messages"]], letter.state) == (
        ["重新发送由系统管理员办理。"],
        "dead",
    )
    signed_in(person(Post.SYSADMIN)).post(f"/jobs/messages/{letter.pk}/retry/")

    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("waiting", 0)
    assert JournalEntry.objects.about(letter).get().verb == "outbox.retry"


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
    assert [line.title for line in page.context["notices"]] == [Notice.objects.get(user=office).title]
