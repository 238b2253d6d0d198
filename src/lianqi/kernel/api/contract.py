"""The API described (OpenAPI 3.1): every operation says what it takes and how it refuses."""

from collections.abc import Iterable
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer
from pydantic import BaseModel

from lianqi.kernel.api.bodies import KEY_HEADER, LONGEST_KEY, REPLAY_HEADER
from lianqi.kernel.problems import CONTENT_TYPE, TITLES, Problem, speak_problems

REF = "#/components/schemas/{model}"
WRITING = (400, 403, 404, 409, 411, 413, 415, 422, 507)


class ChineseRenderer(JSONRenderer):
    """Writes Chinese as Chinese, for whoever reads along."""

    json_dumps_params = {"ensure_ascii": False}


class LianqiAPI(NinjaAPI):
    """An API that refuses as problem+json and describes its refusals."""

    def __init__(self, **kwargs: Any) -> None:
        """Set up rendering and refusals."""
        super().__init__(renderer=ChineseRenderer(), **kwargs)
        speak_problems(self)

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """Return the description with the refusals of every operation."""
        schema = super().get_openapi_schema(**kwargs)
        problem = Problem.model_json_schema(ref_template=REF)
        components = schema["components"]["schemas"]
        components.update(problem.pop("$defs"), Problem=problem)
        for component in components.values():
            component.pop("description", None)
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                # Docstrings speak to whoever reads the code; the description speaks Chinese.
                operation.pop("description", None)
                for status in _refusals(path, method, operation):
                    operation["responses"].setdefault(status, refusal(status))
        return schema


def _refusals(path: str, method: str, operation: dict[str, Any]) -> Iterable[int]:
    yield from (429, 503)
    if "security" in operation:  # what everybody may read asks for no token
        yield 401
    if "{" in path:
        yield 404
    if method == "post":
        yield from WRITING
    elif any(parameter["in"] == "query" for parameter in operation["parameters"]):
        yield 422


def refusal(status: int) -> dict[str, Any]:
    """Return the description of one refusal."""
    answer: dict[str, Any] = {
        "description": TITLES[status],
        "content": {CONTENT_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}},
    }
    if status == 401:
        answer["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    if status == 429:
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer", "minimum": 1}}}
    return answer


def takes(body: type[BaseModel], *, required: bool = True) -> dict[str, Any]:
    """Describe an operation that takes this JSON body and an Idempotency-Key.

    The body is read inside the operation, after the permission, so that ninja must not see it.
    """
    key = {
        "in": "header",
        "name": KEY_HEADER,
        "required": False,
        "description": "防重键：同一个键再次提交，返回第一次的结果",
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    }
    schema = body.model_json_schema()
    del schema["description"]
    return {
        "parameters": [key],
        "requestBody": {
            "required": required,
            "content": {"application/json": {"schema": schema}},
        },
    }


def replays(*, status: int) -> dict[str, Any]:
    """Describe the header by which an answer says that it repeats an earlier one."""
    header = {"description": "重复提交时为 true", "schema": {"type": "string", "enum": ["true"]}}
    return {"responses": {status: {"headers": {REPLAY_HEADER: header}}}}
