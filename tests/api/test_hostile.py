"""Invented calls against the API's own description: never a 500, always as described."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from lianqi.appeals import actions
from lianqi.config.wsgi import application
from lianqi.kernel.access import SYSTEM
from lianqi.organisation.actions import issue_token
from lianqi.organisation.enums import Post
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person

pytestmark = pytest.mark.django_db

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
invented = hypothesis_settings(
    max_examples=50,
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


# Whose program calls, and the step that it may take.
STEPS = {"office": "decide_extension", "liaison": "record_contact", "firm": "supplement"}


@pytest.fixture(params=STEPS)
def caller(request, one_connection, settings):
    """Headers of somebody's program, and what exists for it to ask about."""
    settings.LIANQI_RATE_LIMITS = dict.fromkeys(settings.LIANQI_RATE_LIMITS, "1000000/m")
    unit = UnitFactory()
    who = {
        "office": office_clerk(),
        "liaison": person(Post.LIAISON, unit=unit),
        "firm": entrepreneur(),
    }
    appeal = file_appeal(who["firm"])
    actions.accept_appeal(appeal, actor=who["office"])
    actions.dispatch_appeal(appeal, actor=who["office"], lead_unit=unit)
    actions.sign_order(appeal, actor=who["liaison"])
    actions.request_extension(appeal, actor=who["liaison"], days=1, reason="等待停电计划。")
    known = {
        "number": appeal.number,
        "uscc": appeal.enterprise.uscc,
        "code": unit.code,
        "key": STEPS[request.param],
    }
    return headers_of(who[request.param]), known


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
