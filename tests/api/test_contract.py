"""The API's description: complete, Chinese, and shown on a page that keeps the content policy."""

import re

import pytest

from tests.api.programs import BASE

pytestmark = pytest.mark.django_db

OPERATIONS = {
    "get /appeals": {200, 401, 429, 503, 422},
    "post /appeals": {201, 400, 401, 429, 403, 404, 409, 411, 413, 415, 422, 503, 507},
    "get /appeals/{number}": {200, 401, 429, 503, 404},
    "post /appeals/{number}/steps/{key}": {
        200,
        400,
        401,
        429,
        403,
        404,
        409,
        411,
        413,
        415,
        422,
        503,
        507,
    },
    "post /appeals/steps/{key}": {200, 400, 401, 429, 403, 404, 409, 411, 413, 415, 422, 503, 507},
    "get /duties": {200, 401, 429, 503, 403, 422},
    "get /enterprises": {200, 401, 429, 503, 422},
    "post /enterprises": {201, 400, 401, 429, 403, 404, 409, 411, 413, 415, 422, 503, 507},
    "get /enterprises/{uscc}": {200, 401, 429, 503, 404},
    "get /ledger/items": {200, 401, 403, 422, 429, 503},
    "get /ledger/items/{number}": {200, 401, 404, 429, 503},
    "post /ledger/items/{number}/steps/{key}": {
        200,
        400,
        401,
        403,
        404,
        409,
        411,
        413,
        415,
        422,
        429,
        503,
        507,
    },
    "get /public/cases": {200, 429, 503, 422},
    "get /rates": {200, 401, 429, 503, 403, 422},
    "get /units": {200, 401, 429, 503},
    "get /units/{code}": {200, 401, 429, 503, 404},
}


@pytest.fixture
def description(client):
    """The API's description, open to everybody."""
    return client.get(f"{BASE}/openapi.json").json()


def operations(description):
    return {
        f"{method} {path.removeprefix(BASE)}": operation
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }


def test_every_operation_says_all_its_answers(description):
    told = {
        name: {int(status) for status in operation["responses"]}
        for name, operation in operations(description).items()
    }

    assert told == OPERATIONS


def test_every_refusal_is_described_as_problem_json(description):
    kinds = {
        kind
        for operation in operations(description).values()
        for status, answer in operation["responses"].items()
        if int(status) >= 400
        for kind in answer["content"]
    }

    assert kinds == {"application/problem+json"}


def test_every_operation_but_the_public_ones_asks_for_a_token(description):
    asked = {
        name: str(operation.get("security"))
        for name, operation in operations(description).items()
        if not name.startswith("get /public/")
    }

    assert set(asked.values()) == {"[{'TokenAuth': []}]"}
    assert set(operations(description)) - set(asked) == {"get /public/cases"}
    assert description["components"]["securitySchemes"]["TokenAuth"]["scheme"] == "bearer"


def test_bodies_take_no_unknown_fields(description):
    closed = {
        name: operation["requestBody"]["content"]["application/json"]["schema"][
            "additionalProperties"
        ]
        for name, operation in operations(description).items()
        if "requestBody" in operation
    }

    assert closed == dict.fromkeys((name for name in OPERATIONS if name[:4] == "post"), False)


def test_the_description_is_chinese(description):
    told = {operation["summary"] for operation in operations(description).values()}

    assert [text for text in told if not re.search("[一-鿿]", text)] == []
    assert [o for o in operations(description).values() if "description" in o] == []


def test_the_page_of_the_description_runs_no_script_but_our_own(client):
    response = client.get(f"{BASE}/docs")

    scripts = re.findall(r"<script([^>]*)>", response.content.decode())
    assert response.status_code == 200
    assert [s.strip() for s in scripts if "src=" not in s] == [
        'type="application/json" id="swagger-settings"'
    ]
    assert re.findall(r'src="(?!/static/)', response.content.decode()) == []
    # The directives come in any order.
    assert "script-src 'self'" in response["Content-Security-Policy"].split("; ")
