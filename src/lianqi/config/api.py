"""The HTTP API of version 1: every room's router under one description, tokens only."""

from typing import Any

from django.urls import re_path
from django.views.decorators.http import require_GET

from lianqi.appeals.api import rates_router as rates
from lianqi.appeals.api import router as appeals
from lianqi.enterprises.api import router as enterprises
from lianqi.kernel.api.contract import LianqiAPI
from lianqi.kernel.api.duties import router as duties
from lianqi.kernel.problems import in_problem_terms, unknown_address
from lianqi.ledger.api import router as ledger
from lianqi.organisation.api import TokenAuth
from lianqi.organisation.api import router as organisation

api = LianqiAPI(
    title="联企接口",
    version="1",
    urls_namespace="api",
    description=(
        "民营经济诉求响应、督办台账的程序接口。身份：请求头 Authorization: Bearer 令牌，"
        "令牌由 lianqi create_token 签发；网页登录状态在这里无效。"
        "错误一律为 application/problem+json，程序看 code，人看 detail。"
    ),
    auth=TokenAuth(),
    docs_decorator=require_GET,
)
for router in (appeals, rates, ledger, duties, enterprises, organisation):
    api.add_router("", router)


def _addresses() -> tuple[list[Any], str, str]:
    patterns, application, namespace = api.urls
    spoken: list[Any] = list(patterns)
    for pattern in spoken:
        pattern.callback = in_problem_terms(pattern.callback)
    return [*spoken, re_path("", in_problem_terms(unknown_address))], application, namespace


addresses = _addresses()
