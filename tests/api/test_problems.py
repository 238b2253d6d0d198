"""Every refusal is problem+json in Chinese, whatever was sent and however it went wrong."""

import json

import pytest

from lianqi.config.api import api
from tests.api.programs import BASE, problem, program_of, refusal
from tests.factories import entrepreneur, office_clerk

pytestmark = pytest.mark.django_db


def test_a_problem_has_all_its_members():
    response = program_of(office_clerk()).get("/appeals/SQ2020-1")

    assert response.json() == {
        "type": "about:blank",
        "title": "没有找到",
        "status": 404,
        "code": "not_found",
        "detail": "没有这个地址或记录，或者不在您可见的范围内，请核对。",
        "instance": "/api/v1/appeals/SQ2020-1",
        "errors": [],
    }


def test_problems_are_chinese_whatever_language_the_caller_prefers():
    program = program_of(entrepreneur())
    program.headers["accept-language"] = "en"

    response = program.post("/appeals", {"kind": "help", "title": "短", "content": "内容足够长"})

    assert response.json()["errors"] == [{"field": "title", "message": "至少4个字，请补充。"}]
    assert response["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/appeals/a/b/c", "/docs/x", "/%00", "/🏭"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_unknown_address_is_a_problem(stranger, path, method):
    response = getattr(stranger.client, method)(f"{BASE}/{path.lstrip('/')}")

    assert refusal(response) == problem(404, "not_found")


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/appeals", "delete", ["GET", "POST"]),
        ("/appeals/SQ2026-00001", "put", ["GET"]),
        ("/appeals/SQ2026-00001/steps/accept", "get", ["POST"]),
        ("/units", "post", ["GET"]),
        ("/duties", "patch", ["GET"]),
        ("/openapi.json", "post", ["GET"]),
    ],
)
def test_a_wrong_method_names_those_that_are_right(stranger, path, method, allowed):
    response = getattr(stranger.client, method)(f"{BASE}{path}")

    assert refusal(response) == problem(405, "method_not_allowed")
    assert sorted(response["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"not json",
        b'{"title": NaN}',
        b'{"title": Infinity}',
        b'{"days": ' + b"9" * 5_000 + b"}",
        b'{"days": 1e99999999999999999999}',
        b'{"title": "\xff\xfe"}',
        b'{"title": ' + b"[" * 100_000,
        b'{"title": ' + b"[" * 50 + b"]" * 50 + b"}",
        b'{"title": ' + b'{"a":' * 50 + b"1" + b"}" * 50 + b"}",
        '{"title": "一"}'.encode("utf-16"),
        b"\x00",
    ],
    ids=range(12),
)
def test_what_is_no_json_is_a_400(content):
    response = program_of(entrepreneur()).post_raw("/appeals", content)

    assert refusal(response) == problem(400, "bad_json")


@pytest.mark.parametrize("content", [b"[]", b"null", b'"text"', b"5", b"true"])
def test_json_that_is_no_object_is_a_422(content):
    response = program_of(entrepreneur()).post_raw("/appeals", content)

    assert refusal(response) == problem(422, "invalid_fields", "")


def test_a_field_name_that_is_half_a_character_is_a_422():
    response = program_of(entrepreneur()).post_raw("/appeals", b'{"\\ud800": 1}')

    assert refusal(response) == problem(422, "invalid_fields", "")


def test_a_byte_order_mark_does_no_harm():
    content = b"\xef\xbb\xbf" + json.dumps({"kind": "help"}).encode()

    response = program_of(entrepreneur()).post_raw("/appeals", content)

    assert refusal(response) == problem(422, "invalid_fields", "title", "content")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", "", "???"],
)
def test_another_content_type_is_a_415(content_type):
    response = program_of(entrepreneur()).post_raw("/appeals", b"{}", content_type)

    assert refusal(response) == problem(415, "unsupported_media_type")


def test_a_body_over_5_mb_is_a_413():
    content = b'{"content": "' + b"a" * (5 * 1024 * 1024) + b'"}'

    response = program_of(entrepreneur()).post_raw("/appeals", content)

    assert refusal(response) == problem(413, "too_large")


def test_a_failure_of_ours_is_a_problem_that_tells_nothing_and_is_logged(caplog, rf):
    response = api.on_exception(rf.get(f"{BASE}/appeals"), ValueError("secret detail"))

    assert refusal(response) == problem(500, "internal_error")
    assert b"secret" not in response.content
    assert [record.name for record in caplog.records] == ["lianqi.api"]


def test_answers_are_kept_by_no_cache():
    response = program_of(office_clerk()).get("/appeals")

    assert response["Cache-Control"] == "no-store"
