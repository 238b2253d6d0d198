"""What a program sends: JSON within bounds, fields checked strictly, keys used once."""

import inspect
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import wraps
from typing import Annotated, Any, TypeVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from lianqi.kernel.fields import without_invisible
from lianqi.kernel.idempotency import once
from lianqi.kernel.problems import Refused, fields_refused, invalid_fields

B = TypeVar("B", bound=BaseModel)
M = TypeVar("M", bound=models.Model)
R = TypeVar("R")

KEY_HEADER = "Idempotency-Key"
REPLAY_HEADER = "Idempotent-Replay"
LONGEST_KEY = 120
UNKNOWN_QUESTION = "没有这个查询参数，请删去或核对拼写。"
DEEPEST = 8  # our bodies are two levels deep

_JSON = re.compile(r"application/(json|[\w.+-]+\+json)", re.ASCII | re.IGNORECASE)
_KEY = re.compile(rf"[\x20-\x7e]{{1,{LONGEST_KEY}}}")

# One line without control characters, as every query parameter and code is.
Line = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[\w.-]+$")]


class Body(BaseModel):
    """A request's fields: unknown ones are refused, and a number is not taken for a text."""

    model_config = ConfigDict(extra="forbid", strict=True)


def one_of(choices: type[models.TextChoices]) -> AfterValidator:
    """Return the check that a text is one of these choices."""

    def check(value: str) -> str:
        if value not in choices.values:
            raise PydanticCustomError("unfit", f"只能是 {'、'.join(choices.values)} 之一。")
        return value

    return AfterValidator(check)


def known_questions(view: Callable[..., R]) -> Callable[..., R]:
    """Refuse query parameters that the view does not name: misspelt, they would filter nothing."""
    known = {_asked_as(one) for one in inspect.signature(view).parameters.values()}

    @wraps(view)
    def asked(request: HttpRequest, **given: Any) -> R:
        unknown = {name: UNKNOWN_QUESTION for name in request.GET if name not in known}
        if unknown:
            raise fields_refused(unknown)
        return view(request, **given)

    return asked


def _asked_as(parameter: inspect.Parameter) -> str:
    """Return the name by which callers give a parameter: ``from`` is no name in Python."""
    said = getattr(parameter.annotation, "__metadata__", ())
    return next((one.alias for one in said if getattr(one, "alias", None)), parameter.name)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def json_body(request: HttpRequest) -> dict[str, Any]:
    """Return the body's JSON object; an empty body is an empty object.

    Raises:
        Refused: 415 for another content type, 400 for malformed JSON, 422 for what is no object.
    """
    if not request.body:
        return {}
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    if not _JSON.fullmatch(request.content_type or "") or charset not in ("utf-8", "utf8"):
        raise Refused(
            415,
            "unsupported_media_type",
            "请以 UTF-8 编码的 JSON 提交，并写明 Content-Type: application/json。",
        )
    try:
        given = json.loads(
            request.body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant
        )
    except (ValueError, ArithmeticError, RecursionError) as broken:
        raise Refused(400, "bad_json", _where(broken)) from broken
    if not isinstance(given, dict):
        raise fields_refused({"": "请求内容应为一个 JSON 对象（花括号括起的字段和值）。"})
    for name, value in given.items():
        if not _is_text(name):
            raise fields_refused({"": "字段名里有半个代理字符（如 \\ud800），请核对。"})
        _refuse_unsound(name, value)
    return {name: _seen(value) for name, value in given.items()}


def _where(broken: Exception) -> str:
    if isinstance(broken, json.JSONDecodeError):
        return f"JSON 格式有误，在第{broken.lineno}行第{broken.colno}个字附近，请检查标点。"
    return "JSON 格式有误：须为 UTF-8 编码，数值不能是 NaN 或 Infinity，也不能过长或嵌套过深。"


def _refuse_unsound(name: str, value: Any, depth: int = 1) -> None:
    if depth > DEEPEST:
        raise Refused(400, "bad_json", f"字段“{name}”嵌套过深，请对照接口说明核对。")
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for inner in value:
            _refuse_unsound(name, inner, depth + 1)
    elif isinstance(value, str) and not _is_text(value):
        raise fields_refused({name: "文本里有半个代理字符（如 \\ud800），请删除后重新键入。"})


def _seen(value: Any) -> Any:
    """Return the value with its texts as a reader sees them, as the pages' fields do."""
    if isinstance(value, str):
        return without_invisible(value)
    if isinstance(value, list):
        return [_seen(inner) for inner in value]
    if isinstance(value, dict):
        return {name: _seen(inner) for name, inner in value.items()}
    return value


def _is_text(value: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in value)


def checked(model: type[B], given: Mapping[str, Any]) -> B:
    """Return the fields as the model wants them; Refused (422) names each one that is wrong."""
    try:
        return model.model_validate(given)
    except ValidationError as invalid:
        raise invalid_fields(invalid.errors(include_url=False, include_input=False)) from invalid


def key_of(request: HttpRequest) -> str:
    """Return the caller's Idempotency-Key, or "".

    Raises:
        Refused: the key is empty, too long or not plain ASCII.
    """
    key = request.headers.get(KEY_HEADER)
    if key is not None and not _KEY.fullmatch(key):
        raise fields_refused({KEY_HEADER: f"防重键应为1至{LONGEST_KEY}个英文字母、数字或符号。"})
    return key or ""


def once_for_key(
    request: HttpRequest, response: HttpResponse, given: Mapping[str, Any], create: Callable[[], M]
) -> M:
    """Run ``create`` once for the caller's Idempotency-Key; a replay is marked in the answer.

    Raises:
        Refused: the key is empty, too long or not plain ASCII.
        KeyReused: the key came before with another address or body.
    """
    key = key_of(request)
    content = {"act": f"{request.method} {request.path}", "body": given}
    record, new = once(request.auth, key, content, create)  # type: ignore[attr-defined]
    if not new:
        response[REPLAY_HEADER] = "true"
    return record
