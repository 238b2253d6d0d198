"""Filling an empty database with the demonstration district."""

from datetime import date, timedelta

from django.db import transaction

from lianqi.demo.accounts import (
    ENTERPRISES,
    NEWCOMER,
    ON_SIGN_IN_PAGE,
    PASSWORD,
    PERSON,
    SHOWN_UNITS,
    roster_accounts,
    seated_accounts,
)
from lianqi.demo.cases import SEALED, publish_cases
from lianqi.demo.conference import hold_meetings
from lianqi.demo.district import UNITS, found_district, seat_district
from lianqi.demo.earlier import EARLIER, keep_books
from lianqi.demo.firms import found_firms
from lianqi.demo.papers import write_papers
from lianqi.demo.plans import docket_annexes
from lianqi.demo.playing import play_all
from lianqi.demo.scenes import SCENES
from lianqi.kernel.clock import today
from lianqi.kernel.models import CalendarDay
from lianqi.kernel.models.calendar import DayKind
from lianqi.kernel.revisions import raise_revision
from lianqi.organisation.actions import hand_over_desk
from lianqi.organisation.enums import Post
from lianqi.organisation.models import Appointment, Unit, User

# Fixed-date statutory rest days; the demonstration needs some calendar for a year whose notice
# is not out yet. A real district enters the State Council's notice instead.
FIXED_REST_DAYS = [
    (1, 1, "元旦"),
    (5, 1, "劳动节"),
    (5, 2, "劳动节"),
    (10, 1, "国庆节"),
    (10, 2, "国庆节"),
    (10, 3, "国庆节"),
]
STAND_IN_SOURCE = "演示用推定日历，国务院通知发布后请替换"


def is_empty() -> bool:
    """Whether the database holds no district yet."""
    return not Unit.objects.exists()


@transaction.atomic
def fill() -> int:
    """Enter district, firms and appeals in one transaction; return the number of appeals."""
    _stand_in_calendar()
    seat_district(found_district())
    firms = found_firms(User.objects.get(username="appeals_office"))
    count = play_all(firms, [*SCENES, SEALED, *EARLIER])
    keep_books()
    publish_cases()
    write_papers()
    hold_meetings()
    docket_annexes()
    _lend_a_desk()
    return count


def _lend_a_desk() -> None:
    """Let one liaison be away for a week: the unit's leader has the desk."""
    held = Appointment.objects.in_force().own().get(unit__code="shzlw", post=Post.LIAISON)
    leader = Appointment.objects.in_force().own().get(unit__code="shzlw", post=Post.LEADER)
    hand_over_desk(
        held,
        actor=held.user,
        stand_in=leader.user,
        valid_from=today(),
        valid_to=today() + timedelta(days=6),
        reason="外出培训",
    )


def _stand_in_calendar() -> None:
    first = CalendarDay.objects.order_by("date").values_list("date", flat=True).first()
    known = {day.year for day in CalendarDay.objects.values_list("date", flat=True)}
    for year in range((first or today()).year, today().year + 2):
        if year not in known:
            CalendarDay.objects.bulk_create(
                CalendarDay(
                    date=date(year, month, day), kind=DayKind.OFF, name=name, source=STAND_IN_SOURCE
                )
                for month, day, name in FIXED_REST_DAYS
            )
    raise_revision("calendar")


def accounts() -> list[dict[str, str]]:
    """Return every account of the demonstration, those most used first."""
    others = [code for code, *_ in UNITS if code not in SHOWN_UNITS]
    shown = [
        *seated_accounts(),
        *ENTERPRISES[:2],
        *roster_accounts([*SHOWN_UNITS]),
        PERSON,
        NEWCOMER,
        *ENTERPRISES[2:],
        *roster_accounts(others),
    ]
    names = dict(User.objects.values_list("username", "full_name"))
    return [
        {**account.public(), "full_name": names[account.username]}
        for account in shown
        if account.username in names
    ]


def sign_in_choices() -> list[dict[str, str]]:
    """Return what the sign-in page of the demonstration offers."""
    known = set(
        User.objects.filter(username__in=ON_SIGN_IN_PAGE).values_list("username", flat=True)
    )
    return [
        {"username": username, "password": PASSWORD, "label": label}
        for username, label in ON_SIGN_IN_PAGE.items()
        if username in known
    ]
