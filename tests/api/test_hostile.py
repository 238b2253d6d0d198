"""Invented calls against the API's own description: never a 500, always as described."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from lianqi.config.wsgi import application
from lianqi.kernel.access import SYSTEM
from lianqi.organisation.actions import issue_token
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk

pytestmark = pytest.mark.django_db

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
invented = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# A title that fits the schema may still break a rule, e.g. by a control character.
RULES = [positive_data_acceptance]


def headers_of(user):
    return {"Authorization": f"Bearer {issue_token(user, actor=SYSTEM, label='测试')}"}


@pytest.fixture
def one_connection():
    """Keep the connection, and with it the test's transaction, as Django's test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(params=["office", "firm"])
def caller(request, one_connection):
    """Headers of an office's or a firm's program, and what exists for it to ask about."""
    firm, office = entrepreneur(), office_clerk()
    appeal = file_appeal(firm)
    known = {
        "number": appeal.number,
        "uscc": appeal.enterprise.uscc,
        "code": UnitFactory().code,
        "key": "accept" if request.param == "office" else "supplement",
    }
    return headers_of(office if request.param == "office" else firm), known


@schema.parametrize()
@invented
def test_invented_calls_are_answered_as_described(case, caller):
    headers, _ = caller

    case.call_and_validate(headers=headers, excluded_checks=RULES)


@schema.include(path_regex="{").parametrize()
@invented
def test_invented_calls_about_what_exists_are_answered_as_described(case, caller):
    headers, known = caller
    case.path_parameters = {name: known[name] for name in case.path_parameters}

    case.call_and_validate(headers=headers, excluded_checks=RULES)
