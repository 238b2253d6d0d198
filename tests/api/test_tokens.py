"""Who calls: tokens, and nothing but tokens."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import now
from lianqi.organisation.actions import issue_token
from lianqi.organisation.models import ApiToken
from tests.api.programs import Program, problem, program_of, refusal
from tests.factories import UserFactory, entrepreneur, office_clerk

pytestmark = pytest.mark.django_db


def printed_token(*arguments):
    out = io.StringIO()
    call_command("create_token", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_token_and_nothing_else():
    user = office_clerk()

    printed = printed_token(user.username)

    [line] = printed.splitlines()
    assert Program(line).get("/units").status_code == 200
    assert ApiToken.objects.get().label == "命令行签发"


def test_the_command_refuses_an_unknown_user_in_chinese_with_exit_code_1():
    with pytest.raises(CommandError) as refused:
        printed_token("nobody")

    assert (str(refused.value), refused.value.returncode) == (
        "没有用户名为“nobody”的账号，请核对，或先开户。",
        1,
    )


def test_the_command_refuses_a_suspended_account():
    user = UserFactory(is_active=False)

    with pytest.raises(CommandError, match="已停用"):
        printed_token(user.username)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer no-such", "Basic YTpi"])
def test_without_a_valid_token_every_call_is_a_401(header):
    program = Program()
    program.headers = {} if header is None else {"authorization": header}

    response = program.get("/appeals")

    assert refusal(response) == problem(401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_browser_session_counts_for_nothing(stranger):
    stranger.client.force_login(office_clerk())

    assert refusal(stranger.get("/appeals")) == problem(401, "not_authenticated")
    assert refusal(stranger.post("/appeals")) == problem(401, "not_authenticated")


def test_a_revoked_token_is_refused_at_the_next_call():
    program = program_of(office_clerk())
    before = program.get("/units").status_code

    ApiToken.objects.update(revoked_at=now())

    assert (before, program.get("/units").status_code) == (200, 401)


def test_an_expired_token_is_refused():
    program = program_of(office_clerk())

    ApiToken.objects.update(expires_at=now() - timedelta(seconds=1))

    assert program.get("/units").status_code == 401


def test_a_suspended_account_is_refused():
    user = office_clerk()
    program = program_of(user)

    user.is_active = False
    user.save()

    assert program.get("/units").status_code == 401


def test_a_call_costs_one_query_for_its_token_and_writes_nothing(django_assert_num_queries):
    program = program_of(entrepreneur())

    with django_assert_num_queries(2) as asked:
        program.get("/units")

    assert [query["sql"].split()[0] for query in asked.captured_queries] == ["SELECT", "SELECT"]


def test_the_table_of_tokens_knows_only_digests():
    token = issue_token(office_clerk(), actor=SYSTEM, label="对接")

    row = ApiToken.objects.values().get()

    assert token not in str(row)
