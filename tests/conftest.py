"""What every test starts from."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from lianqi.kernel.limits import fill_limits, forget_limits
from lianqi.kernel.models import TimeLimit
from lianqi.kernel.rate_limits import forget_calls
from lianqi.kernel.workdays import fill_calendar, forget_calendar
from lianqi.organisation.queries.region import forget_region

MONDAY_MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
ROOMS_WITH_LIMITS = (
    "lianqi.organisation",
    "lianqi.enterprises",
    "lianqi.appeals",
    "lianqi.briefings",
    "lianqi.ledger",
)


def fill_settings():
    """Enter calendar and limits as a fresh district has them."""
    fill_calendar()
    for room in ROOMS_WITH_LIMITS:
        fill_limits(room)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Fill calendar and limits once; each test's transaction leaves them as they are."""
    with django_db_blocker.unblock():
        fill_settings()


@pytest.fixture(autouse=True)
def monday_morning(request):
    """Let every test begin on one Monday morning: which days are worked must not depend on today."""
    if request.node.get_closest_marker("time_machine") or "time_machine" in request.fixturenames:
        yield  # the test tells its own time
        return
    with time_machine.travel(MONDAY_MORNING, tick=True):
        yield


@pytest.fixture(autouse=True)
def own_places(settings, tmp_path):
    """Give each test its own folders, and no value kept from another test's rows."""
    settings.LIANQI_SEAL_FOLDER = str(tmp_path / "seals")
    settings.MEDIA_ROOT = str(tmp_path / "files")
    forget_calendar()
    forget_limits()
    forget_calls()
    forget_region()


@pytest.fixture(autouse=True)
def settings_rows(request):
    """Put calendar and limits back after a test that really commits has emptied all tables."""
    asked = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if asked or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        if not TimeLimit.objects.exists():
            fill_settings()
