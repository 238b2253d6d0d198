from datetime import UTC, datetime, timedelta

import pytest

from lianqi.kernel.clock import today
from lianqi.kernel.models import CalendarDay, JournalEntry, OfficeHoursRow, TimeLimit
from lianqi.organisation.enums import Post
from tests.factories import UnitFactory, entrepreneur, person
from tests.kernel.visitors import conference_clerk, signed_in

pytestmark = pytest.mark.django_db


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
    [
        "/settings/",
        "/settings/limits/",
        "/settings/calendar/",
        "/settings/hours/",
        "/journal/",
        "/jobs/",
    ],
)
def test_a_firm_opens_no_settings_journal_or_jobs(path):
    assert signed_in(entrepreneur()).get(path).status_code == 403


@pytest.mark.parametrize(
    "path", ["/desk/", "/duties/", "/notices/", "/settings/", "/journal/", "/jobs/"]
)
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

    assert (
        page.context["reckoned"].explanation[0].text.startswith("起算：2026年9月30日（周三）15:00")
    )


def test_the_reckoning_aid_says_when_a_year_is_missing():
    page = signed_in(conference_clerk()).get(
        "/settings/", {"day": "2027-03-01", "clock": "09:00", "limit": "appeal.accept"}
    )

    assert page.context["problem"].startswith("日历未维护：2027年")
