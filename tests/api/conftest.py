"""What the API's tests share."""

from datetime import datetime

import pytest
import time_machine

from lianqi.kernel.clock import SHANGHAI
from tests.api.programs import Program


@pytest.fixture(autouse=True)
def a_working_morning():
    """A Wednesday with maintained calendar before and after it; the clock ticks on."""
    with time_machine.travel(datetime(2026, 6, 10, 9, 30, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def stranger():
    """A program without a token."""
    return Program()
