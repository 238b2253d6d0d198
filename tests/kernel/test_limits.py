import contextlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from lianqi.kernel.actions import enter_calendar_days, set_limit, set_office_hours
from lianqi.kernel.actions.calendar import DayDraft
from lianqi.kernel.clock import now, today
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.limits import LimitMissing, fill_limits, time_limit
from lianqi.kernel.models import CalendarDay, JournalEntry, TimeLimit
from lianqi.kernel.workdays import calendar, fill_calendar
from lianqi.organisation.enums import BodyCode, Post
from tests.factories import UnitFactory, person

pytestmark = pytest.mark.django_db


def keeper():
    return person(Post.SYSADMIN)


def decide(actor=None, **changes):
    facts = {"amount": 2, "unit": "working_day", "basis": "纪要", "effective_from": today()}
    return set_limit("appeal.accept", actor=actor or keeper(), **{**facts, **changes})


def test_the_row_of_the_day_is_in_force():
    decide(amount=3, effective_from=today() + timedelta(days=10))

    amounts = [time_limit("appeal.accept", now() + timedelta(days=d)).amount for d in (0, 9, 10)]

    assert amounts == [1, 1, 3]


def test_a_new_row_is_seen_at_once_by_the_value_kept_in_memory():
    before = time_limit("appeal.accept").amount
    decide(amount=4)

    assert (before, time_limit("appeal.accept").amount) == (1, 4)


def test_a_clock_that_began_earlier_on_the_day_of_a_change_runs_on_as_it_was():
    began = now() - timedelta(minutes=1)
    decide(amount=4)

    assert [time_limit("appeal.accept", at).amount for at in (began, now())] == [1, 4]


def test_a_rolled_back_change_is_not_seen():
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        decide(amount=4)
        raise ZeroDivisionError

    assert time_limit("appeal.accept").amount == 1


def test_a_day_that_has_a_row_is_taken():
    decide()

    with pytest.raises(RuleBroken, match="旧设置不能改写"):
        decide(amount=5)

    assert time_limit("appeal.accept").amount == 2


def test_an_unknown_limit_is_refused_and_an_unset_one_is_said():
    with pytest.raises(RuleBroken, match="没有名为"):
        set_limit(
            "no.such",
            actor=keeper(),
            amount=1,
            unit="working_day",
            basis="x",
            effective_from=today(),
        )
    with pytest.raises(LimitMissing, match=r"时限“no\.such”没有生效的设置"):
        time_limit("no.such")


@pytest.mark.parametrize("post", [Post.LIAISON, Post.LEADER, Post.HELPER])
def test_others_change_no_settings(post):
    actor = person(post, unit=UnitFactory())
    lines = JournalEntry.objects.count()

    with pytest.raises(NotPermitted):
        decide(actor)
    with pytest.raises(NotPermitted):
        enter_calendar_days([], actor=actor, source="x")

    assert JournalEntry.objects.count() == lines


def test_filling_again_adds_nothing_and_changes_nothing():
    decide(amount=9)
    before = list(TimeLimit.objects.values_list("pk", "amount"))

    added = [fill_limits("lianqi.appeals"), fill_calendar()]

    assert (added, list(TimeLimit.objects.values_list("pk", "amount"))) == ([0, 0], before)


def test_a_day_off_entered_later_counts_from_then_on():
    before = calendar().is_working_day(date(2026, 11, 24))

    enter_calendar_days(
        [DayDraft(date(2026, 11, 24), "off", "区庆")],
        actor=person(Post.OFFICE_STAFF, body=BodyCode.JC),
        source="管委会通知",
    )

    row = CalendarDay.objects.get(date="2026-11-24")
    assert (before, calendar().is_working_day(date(2026, 11, 24))) == (True, False)
    assert JournalEntry.objects.about(row).get().text == "2026年11月24日 区庆放假。依据：管委会通知"


def test_entering_the_same_day_again_changes_nothing():
    day = DayDraft(date(2026, 10, 1), "off", "国庆节")

    assert enter_calendar_days([day], actor=keeper(), source="通知") == []


def test_new_office_hours_begin_on_their_day(time_machine):
    time_machine.move_to(datetime(2026, 6, 1, 2, tzinfo=UTC), tick=False)
    hours = {
        "morning_start": datetime(2026, 1, 1, 9).time(),  # noqa: DTZ001 only the clock time
        "morning_end": datetime(2026, 1, 1, 12).time(),  # noqa: DTZ001
        "afternoon_start": datetime(2026, 1, 1, 15).time(),  # noqa: DTZ001
        "afternoon_end": datetime(2026, 1, 1, 18).time(),  # noqa: DTZ001
    }
    set_office_hours(actor=keeper(), **hours, effective_from=date(2026, 6, 15), source="夏季作息")
    closing = [calendar().hours.closing.hour]

    time_machine.move_to(datetime(2026, 6, 15, 2, tzinfo=UTC), tick=False)
    closing.append(calendar().hours.closing.hour)

    assert closing == [17, 18]


@pytest.mark.parametrize(
    ("key", "amount", "unit", "field"),
    [
        ("appeal.accept", 20, "percent", "unit"),
        ("appeal.sample.share", 20, "working_day", "unit"),
        ("appeal.sample.share", 20, "count", "unit"),
        ("appeal.sample.share", 101, "percent", "amount"),
    ],
)
def test_a_clock_stays_a_clock_and_a_share_stays_a_share(key, amount, unit, field):
    facts = {"amount": amount, "unit": unit, "basis": "纪要", "effective_from": today()}

    with pytest.raises(RuleBroken) as refusal:
        set_limit(key, actor=keeper(), **facts)

    assert (refusal.value.field, TimeLimit.objects.filter(key=key).count()) == (field, 1)


def test_a_share_is_changed_as_a_share():
    set_limit(
        "appeal.sample.share",
        actor=keeper(),
        amount=30,
        unit="percent",
        basis="专班会议纪要",
        effective_from=today(),
    )

    assert time_limit("appeal.sample.share").text == "30%"
