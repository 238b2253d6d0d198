"""What every test starts from."""

import gc
from datetime import datetime
from types import FunctionType
from zoneinfo import ZoneInfo

import pytest
import time_machine
from _pytest.main import pytest_runtestloop as run_all

from lianqi.kernel.limits import fill_limits, fill_others, forget_limits
from lianqi.kernel.models import TimeLimit
from lianqi.kernel.rate_limits import forget_calls
from lianqi.kernel.workdays import fill_calendar, forget_calendar
from lianqi.organisation.queries.region import forget_region

MONDAY_MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
ROOMS_WITH_LIMITS = (
    "lianqi.organisation",
    "lianqi.enterprises",
    "lianqi.ledger",
    "lianqi.appeals",
    "lianqi.conference",
    "lianqi.briefings",
)


def in_one_piece_of_stack(function):
    """Return the function so that the frames of all it calls lie in one large piece of the stack.

    Python 3.11 keeps frames in pieces of 16 KB and gives a piece back at once. A loop that runs where
    one ends asks the kernel for the next with every call: a quarter of the time of our requests.
    """
    most = function.__code__.replace(co_stacksize=2**16)
    return FunctionType(most, function.__globals__, function.__name__)


@pytest.hookimpl(tryfirst=True)
@in_one_piece_of_stack
def pytest_runtestloop(session):
    """Run all tests, as pytest does; whatever they have loaded is not looked at for garbage again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    return run_all(session)


def fill_settings():
    """Enter calendar and limits as a fresh district has them."""
    fill_calendar()
    for room in ROOMS_WITH_LIMITS:
        fill_limits(room)
    fill_others()


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
