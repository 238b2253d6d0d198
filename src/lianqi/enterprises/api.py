"""Firms for programs: entering one, finding one."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Router
from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from lianqi.engines.identifiers import fold_code
from lianqi.enterprises.access import visible_enterprises
from lianqi.enterprises.actions import enter_enterprise
from lianqi.enterprises.enums import EnterpriseKind, Origin
from lianqi.enterprises.models import Enterprise
from lianqi.enterprises.queries import directory
from lianqi.kernel.access import may
from lianqi.kernel.api.bodies import (
    Body,
    Line,
    checked,
    json_body,
    known_questions,
    once_for_key,
    one_of,
)
from lianqi.kernel.api.contract import replays, takes
from lianqi.kernel.api.paging import DEFAULT_LIMIT, Cursor, Limit, cursor_of, cut, place_of
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.phones import PhoneFormField
from lianqi.kernel.problems import Refused, fields_refused
from lianqi.organisation.models import User

router = Router(tags=["企业"])
LONGEST_ID = 15  # shorter than any credit code
MOST_PEOPLE = 10_000_000
MOST_WAN = 999_999_999_999
Wan = Annotated[
    Decimal,
    BeforeValidator(lambda value: Decimal(value) if type(value) is int else value),
    Field(ge=0, le=MOST_WAN, decimal_places=2),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": MOST_WAN}),
]


class EnterpriseIn(Body):
    """A firm or private-economy person to be entered."""

    uscc: Line | None = Field(default=None, description="统一社会信用代码；民营经济人士不填")
    name: Line = Field(min_length=2, description="名称")
    kind: Annotated[str, one_of(EnterpriseKind)] | None = Field(
        default=None,
        description="类别，默认 company",
        json_schema_extra={"enum": [*EnterpriseKind.values, None]},
    )
    industry_code: Line | None = Field(
        default=None, description="行业代码（GB/T 4754-2017），如 C13"
    )
    employees: int | None = Field(default=None, ge=0, le=MOST_PEOPLE, description="从业人员")
    revenue_wan: Wan | None = Field(default=None, description="营业收入（万元）")
    assets_wan: Wan | None = Field(default=None, description="资产总额（万元）")
    address: Line | None = Field(default=None, description="地址")
    contact_name: Line | None = Field(default=None, max_length=40, description="联系人")
    contact_phone: Line | None = Field(default=None, max_length=40, description="联系电话")


class EnterpriseOut(BaseModel):
    """A firm as the directory knows it."""

    id: int
    uscc: str | None
    name: str
    state: str
    state_label: str
    kind: str
    kind_label: str
    size: str = Field(description="规模：large、medium、small、micro；不适用为空")
    size_label: str
    industry_code: str
    address: str


class EnterprisePage(BaseModel):
    """One page of firms."""

    items: list[EnterpriseOut]
    next_cursor: str | None


@router.post(
    "/enterprises",
    response={201: EnterpriseOut},
    summary="登记企业（办公室）",
    openapi_extra={**takes(EnterpriseIn), **replays(status=201)},
)
def enterprise_enter(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    """Enter a firm into the directory; it is verified at once."""
    user, raw = _caller(request), json_body(request)
    made = once_for_key(request, response, raw, lambda: _enter(user, raw))
    response["Location"] = _address(made)
    return _told(made)


@router.get("/enterprises", response=EnterprisePage, summary="企业名录；企业账号只见自己")
@known_questions
def enterprise_list(
    request: HttpRequest,
    q: Annotated[Line | None, Query(description="名称、名称首字母或信用代码中的字词")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """Return the firms the caller may see, the newest first."""
    rows = directory.enterprise_list(_caller(request), {"q": q or ""}).prefetch_related(None)
    if cursor is not None:
        rows = rows.filter(pk__lt=place_of(cursor, int)[0])
    loaded = list(rows.order_by("-pk")[: limit + 1])
    page, following = cut(loaded, limit, lambda firm: cursor_of(firm.pk))
    return {"items": [_told(firm) for firm in page], "next_cursor": following}


@router.get(
    "/enterprises/{uscc}", response=EnterpriseOut, summary="一家企业", url_name="enterprise_detail"
)
def enterprise_show(request: HttpRequest, uscc: str) -> dict[str, Any]:
    """Return a firm by its present or a former credit code, or by its id."""
    found = enterprise_named(visible_enterprises(_caller(request)), uscc)
    if found is None:
        raise Http404
    return _told(found)


def enterprise_named(rows: QuerySet[Enterprise], word: str) -> Enterprise | None:
    """Return the firm among ``rows`` that a credit code, present or former, or an id names."""
    code = fold_code(word)
    if not code or not code.isprintable():
        return None
    if code.isascii() and code.isdigit() and len(code) <= LONGEST_ID:
        return rows.filter(pk=int(code)).first()
    return rows.filter(uscc=code).first() or rows.filter(former_codes__uscc=code).first()


def _enter(user: User, raw: Mapping[str, Any]) -> Enterprise:
    if not may(user, "enterprises.enter_enterprise"):
        raise NotPermitted("登记企业限专班办公室和联席会议办公室。")
    given = checked(EnterpriseIn, raw).model_dump(exclude_none=True)
    given["contact_phone"] = _phone(given)
    code = given.pop("uscc", None)
    known = enterprise_named(Enterprise.objects.all(), code) if code else None
    if known is not None:
        raise _already(known)
    try:
        return enter_enterprise(actor=user, uscc=code, origin=Origin.API, **given)
    except RuleBroken as broken:
        # Typed with spaces or hyphens, or entered by somebody else in the meantime.
        raise _explained(broken, code) from broken


def _phone(given: Mapping[str, Any]) -> Any:
    wanted = "contact_name" in given
    try:
        phone = PhoneFormField(required=wanted).clean(given.get("contact_phone", ""))
    except ValidationError as wrong:
        raise fields_refused({"contact_phone": " ".join(wrong.messages)}) from wrong
    if phone and not wanted:
        raise fields_refused({"contact_name": "写了电话，也要写联系人姓名。"})
    return phone


def _explained(broken: RuleBroken, code: str | None) -> Exception:
    known = (
        enterprise_named(Enterprise.objects.all(), code or "") if broken.field == "uscc" else None
    )
    return _already(known) if known else broken


def _already(known: Enterprise) -> Refused:
    text = f"统一社会信用代码已经登记过：{known.name}，不用重复登记；资料有变请更正。"
    return Refused(409, "already_registered", text, errors={"uscc": text}, existing=_address(known))


def _address(enterprise: Enterprise) -> str:
    return reverse("api:enterprise_detail", args=[enterprise.uscc or enterprise.pk])


def _told(enterprise: Enterprise) -> dict[str, Any]:
    return {
        "id": enterprise.pk,
        "uscc": enterprise.uscc,
        "name": enterprise.name,
        "state": enterprise.state,
        "state_label": enterprise.get_state_display(),
        "kind": enterprise.kind,
        "kind_label": enterprise.get_kind_display(),
        "size": enterprise.size,
        "size_label": enterprise.get_size_display(),
        "industry_code": enterprise.industry_code,
        "address": enterprise.address,
    }


def _caller(request: HttpRequest) -> User:
    return request.auth  # type: ignore[attr-defined]
