"""Refusals of the API as problem+json (RFC 9457): one shape, a machine code, a Chinese sentence."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig, SuspiciousOperation
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.request import UnreadablePostError
from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, Field

from lianqi.kernel.errors import RuleBroken, TooManyRequests
from lianqi.kernel.outages import outage_of

CONTENT_TYPE = "application/problem+json"
MIB = 1024 * 1024

TITLES = {
    400: "请求看不懂",
    401: "未认证",
    403: "无权办理",
    404: "没有找到",
    405: "方法不适用",
    409: "与现状冲突",
    411: "没有写明长度",
    413: "内容过大",
    415: "内容类型不支持",
    422: "内容不合要求",
    429: "太频繁",
    500: "系统出错",
    503: "暂时不可用",
    507: "存储空间已满",
}
CODES = {
    400: "bad_request",
    401: "not_authenticated",
    403: "not_permitted",
    404: "not_found",
    405: "method_not_allowed",
    411: "length_required",
    413: "too_large",
    422: "invalid_fields",
    500: "internal_error",
    503: "unavailable",
    507: "storage_full",
}

# What pydantic refuses, in Chinese; the braces are filled from the error's context.
FIELD_MESSAGES = {
    "missing": "此项必填。",
    "extra_forbidden": "没有这个字段，请删去或核对拼写。",
    "string_type": "应为文本。",
    "string_too_long": "最多{max_length}个字，请缩短。",
    "string_too_short": "至少{min_length}个字，请补充。",
    "string_pattern_mismatch": "格式不对，请对照接口说明核对。",
    "int_type": "应为整数。",
    "int_parsing": "应为整数。",
    "int_parsing_size": "数字太大。",
    "int_from_float": "应为整数。",
    "bool_type": "应为 true 或 false。",
    "bool_parsing": "应为 true 或 false。",
    "list_type": "应为列表。",
    "too_long": "最多{max_length}项。",
    "greater_than_equal": "不能小于{ge}。",
    "less_than_equal": "不能大于{le}。",
    "decimal_type": "应为数字。",
    "decimal_max_places": "最多{decimal_places}位小数。",
}

logger = logging.getLogger("lianqi.api")


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="字段名；整体问题为空")
    message: str = Field(description="哪里不对、怎么改")


class Problem(BaseModel):
    """One refusal (RFC 9457)."""

    type: str = Field(description="恒为 about:blank，具体看 code")
    title: str = Field(description="状态码的名称")
    status: int
    code: str = Field(description="供程序判断的代码")
    detail: str = Field(description="给人看的说明：哪里不对、怎么办")
    instance: str = Field(description="请求的地址")
    errors: list[FieldProblem] = Field(description="逐字段的问题")
    existing: str | None = Field(default=None, description="已有记录的地址（already_registered）")


class Refused(Exception):
    """The API refuses a request before any business rule is asked."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Mapping[str, str] | None = None,
        existing: str = "",
    ) -> None:
        """Keep what the answer says; ``errors`` are messages by field."""
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.errors = dict(errors or {})
        self.existing = existing


def problem_response(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Return the refusal as problem+json."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": TITLES.get(refusal.status, "请求未完成"),
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal.detail,
        "instance": request.path,
        "errors": [{"field": f, "message": m} for f, m in refusal.errors.items()],
    }
    if refusal.existing:
        body["existing"] = refusal.existing
    # A caller's field name may hold half a surrogate pair, which UTF-8 cannot carry.
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    response = HttpResponse(content, status=refusal.status, content_type=CONTENT_TYPE)
    if refusal.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if refusal.status in OUTAGES:
        response["Retry-After"] = RETRY_AFTER
    return response


def field_message(error: Mapping[str, Any]) -> str:
    """Return pydantic's error as a Chinese sentence."""
    message = FIELD_MESSAGES.get(error["type"])
    if message is None:
        return error["msg"] if error["type"] == "unfit" else "填写的值不对，请对照接口说明核对。"
    return message.format(**error.get("ctx", {}))


def invalid_fields(errors: Iterable[Mapping[str, Any]], *, skip: int = 0) -> Refused:
    """Return pydantic's errors as one refusal; ``skip`` leaves off leading parts of the place."""
    messages = {".".join(str(part) for part in e["loc"][skip:]): field_message(e) for e in errors}
    return fields_refused(messages)


def fields_refused(messages: Mapping[str, str]) -> Refused:
    """Return a refusal that names each wrong field."""
    said = "；".join(f"{field}：{text}" if field else text for field, text in messages.items())
    return Refused(422, CODES[422], f"有{len(messages)}处不合要求。{said}", errors=messages)


def form_refused(form: BaseForm) -> Refused:
    """Return a bound form's errors as one refusal."""
    said = form.errors.get_json_data()
    return fields_refused(
        {
            "" if name == NON_FIELD_ERRORS else name: " ".join(error["message"] for error in errors)
            for name, errors in said.items()
        }
    )


# --- what was raised, and what is answered


def _of_rule(broken: RuleBroken) -> Refused:
    errors = {broken.field: broken.message} if broken.field else {}
    return Refused(broken.status, broken.code, broken.message, errors=errors)


def _of_http(error: HttpError) -> Refused:
    return Refused(error.status_code, CODES.get(error.status_code, "bad_request"), str(error))


NOT_AUTHENTICATED = (
    "请在 Authorization 请求头中带上有效的令牌：Bearer 令牌。令牌可能已过期、作废，或账号已停用。"
)
NOT_FOUND = "没有这个地址或记录，或者不在您可见的范围内，请核对。"
TOO_LARGE = (
    f"请求内容超过{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MIB} MB，请缩小后再提交；"
    "大的材料请在网页上作为附件上传。"
)
BROKEN_OFF = "请求内容没有传完，请重试。"
SUSPICIOUS = "请求不合规范，请检查请求头和参数。"
FAILED = "系统出错，已记录，请稍后重试；再次出现请联系系统管理员。"
# What the machine's troubles say; each may be tried again with the same Idempotency-Key.
OUTAGES = {
    503: "系统暂时忙或数据库正在重启，可能没有办成。请稍后用同一个防重键重试。",
    507: "服务器存储空间已满，暂不能提交，查询照常。管理员已收到提醒，请稍后用同一个防重键重试。",
}
RETRY_AFTER = "10"  # seconds

_REFUSALS: dict[type[Exception], Callable[[Any], Refused]] = {
    Refused: lambda refused: refused,
    RuleBroken: _of_rule,
    Http404: lambda _: Refused(404, CODES[404], NOT_FOUND),
    AuthenticationError: lambda _: Refused(401, CODES[401], NOT_AUTHENTICATED),
    HttpError: _of_http,
    ValidationError: lambda invalid: invalid_fields(invalid.errors, skip=1),
    RequestDataTooBig: lambda _: Refused(413, CODES[413], TOO_LARGE),
    UnreadablePostError: lambda _: Refused(400, CODES[400], BROKEN_OFF),
    SuspiciousOperation: lambda _: Refused(400, CODES[400], SUSPICIOUS),
}


def speak_problems(api: NinjaAPI) -> None:
    """Let the API answer everything that is raised in it as problem+json."""
    for kind, refusal in _REFUSALS.items():
        api.add_exception_handler(kind, partial(_answer, refusal))
    api.add_exception_handler(Exception, _fail)


def _answer(refusal: Callable[[Any], Refused], request: HttpRequest, raised: Any) -> HttpResponse:
    response = problem_response(request, refusal(raised))
    if isinstance(raised, TooManyRequests):
        response["Retry-After"] = str(raised.retry_after)
    return response


def _fail(request: HttpRequest, raised: Any) -> HttpResponse:
    logger.error("%s %s failed", request.method, request.path, exc_info=raised)
    return problem_response(request, failure_of(raised))


def failure_of(raised: BaseException | None) -> Refused:
    """Return what to say of an error nobody foresaw: 507, 503, or 500 where it is our own."""
    status = int(outage_of(raised) or 500)
    return Refused(status, CODES[status], OUTAGES.get(status, FAILED))


def unknown_address(request: HttpRequest) -> HttpResponse:
    """Answer an address that the API does not have."""
    return problem_response(request, Refused(404, CODES[404], NOT_FOUND))


def in_problem_terms(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap a view of the API: Chinese whatever the caller's language, 405 and 404 as problems."""

    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            try:
                response = view(request, *args, **kwargs)
            except Http404:
                response = unknown_address(request)
            if isinstance(response, HttpResponseNotAllowed):
                response = _not_allowed(request, response)
        response["Content-Language"] = settings.LANGUAGE_CODE
        response["Cache-Control"] = "no-store"
        return response

    # Nothing here is authenticated by a cookie, so there is nothing to forge.
    spoken.csrf_exempt = True  # type: ignore[attr-defined]
    return spoken


def _not_allowed(request: HttpRequest, refused: HttpResponseNotAllowed) -> HttpResponse:
    allowed = refused["Allow"]
    detail = f"这个地址不支持 {request.method}，可用的方法：{allowed}。"
    response = problem_response(request, Refused(405, CODES[405], detail))
    response["Allow"] = allowed
    return response
