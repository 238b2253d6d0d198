"""Addresses of the appeals."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Router
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from lianqi.appeals.access import visible_appeals
from lianqi.appeals.api.filing import file_appeal
from lianqi.appeals.api.schemas import (
    AppealDetail,
    AppealIn,
    AppealPage,
    BulkIn,
    BulkItem,
    BulkOut,
    KindWord,
    PublicCasePage,
    StepIn,
)
from lianqi.appeals.api.showing import appeal_detail, appeal_items, json_fields, public_case
from lianqi.appeals.enums import AppealState
from lianqi.appeals.forms import STEP_FORMS, step_form
from lianqi.appeals.forms.bulk import BULK_STEPS, bulk_form, take_on_each
from lianqi.appeals.models import Appeal
from lianqi.appeals.queries.beside import public_case_rows
from lianqi.appeals.queries.listing import filtered_appeals
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import may
from lianqi.kernel.api.bodies import (
    Line,
    checked,
    json_body,
    key_of,
    known_questions,
    once_for_key,
)
from lianqi.kernel.api.contract import replays, takes
from lianqi.kernel.api.paging import DEFAULT_LIMIT, Cursor, Limit, cursor_of, cut, place_of
from lianqi.kernel.errors import NotPermitted
from lianqi.kernel.problems import Refused, fields_refused, form_refused
from lianqi.organisation.models import Unit, User

router = Router(tags=["诉求"])
GROUPS = ("open", "done")


def _known_state(state: str) -> str:
    if state not in (*AppealState.values, *GROUPS):
        known = "、".join((*GROUPS, *AppealState.values))
        raise PydanticCustomError("unfit", f"只能是 {known} 之一。")  # type: ignore[arg-type]
    return state


State = Annotated[
    str,
    AfterValidator(_known_state),
    Field(json_schema_extra={"enum": [*GROUPS, *AppealState.values]}),
]


@router.post(
    "/appeals",
    response={201: AppealDetail},
    by_alias=True,
    summary="提交诉求",
    openapi_extra={**takes(AppealIn), **replays(status=201)},
)
def appeal_file(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    """File an appeal for one's own firm, or take one down for a firm."""
    user, raw = _caller(request), json_body(request)
    appeal = once_for_key(request, response, raw, lambda: file_appeal(user, raw))
    response["Location"] = reverse("api:appeal_detail", args=[appeal.number])
    return appeal_detail(appeal, user)


@router.get("/appeals", response=AppealPage, summary="诉求列表，新的在前")
@known_questions
def appeal_list(
    request: HttpRequest,
    state: Annotated[State | None, Query(description="状态；open 在办，done 已了结")] = None,
    unit: Annotated[Line | None, Query(description="主办单位代码")] = None,
    kind: Annotated[KindWord | None, Query(description="类别")] = None,
    q: Annotated[
        Line | None,
        Query(
            description="编号、标题、内容、往来、企业中的字词；空格为并且，“或”、引号、减号同网页"
        ),
    ] = None,
    overdue: Annotated[bool, Query(description="只看有逾期事项的")] = False,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """Return the appeals the caller may see, newest first."""
    if unit and not Unit.objects.filter(code=unit).exists():
        raise fields_refused({"unit": f"没有代码为“{unit}”的单位，代码见 /api/v1/units。"})
    rows = filtered_appeals(
        _caller(request),
        state=state or "",
        unit=unit or "",
        kind=kind or "",
        q=q or "",
        overdue=overdue,
    )
    if cursor is not None:
        rows = rows.filter(pk__lt=place_of(cursor, int)[0])
    loaded = rows.select_related("enterprise", "lead_unit").order_by("-pk")[: limit + 1]
    page, following = cut(list(loaded), limit, lambda appeal: cursor_of(appeal.pk))
    return {"items": appeal_items(page, _caller(request)), "next_cursor": following}


@router.get(
    "/appeals/{number}",
    response=AppealDetail,
    by_alias=True,
    summary="一件诉求",
    url_name="appeal_detail",
)
def appeal_show(request: HttpRequest, number: str) -> dict[str, Any]:
    """Return one appeal as the caller may see it."""
    user = _caller(request)
    return appeal_detail(_seen(user, number), user)


@router.post(
    "/appeals/{number}/steps/{key}",
    response={200: AppealDetail},
    by_alias=True,
    summary="办理一步",
    openapi_extra={**takes(StepIn, required=False), **replays(status=200)},
)
def appeal_step(
    request: HttpRequest, response: HttpResponse, number: str, key: str
) -> dict[str, Any]:
    """Take one step: first asked is whether you may, then whether it fits, then the fields."""
    user = _caller(request)
    appeal = _seen(user, number)
    if key not in STEP_FORMS:
        known = "、".join(STEP_FORMS)
        raise Refused(404, "unknown_step", f"没有这个步骤；可用的步骤：{known}。")
    raw = json_body(request)
    taken = once_for_key(request, response, raw, lambda: take_step(appeal, key, user, raw))
    return appeal_detail(taken, user)


@router.post(
    "/appeals/steps/{key}",
    response={200: BulkOut},
    summary="批量办理一步",
    openapi_extra=takes(BulkIn),
)
def appeals_step(request: HttpRequest, key: str) -> dict[str, Any]:
    """Take one step on many appeals; each fares by itself, and the answer says how."""
    user = _caller(request)
    if key not in BULK_STEPS:
        raise Refused(404, "unknown_step", f"能批量办理的步骤：{'、'.join(BULK_STEPS)}。")
    if not may(user, APPEAL.steps[key].may):
        raise NotPermitted("您的岗位不能批量办理这一步。")
    given = checked(BulkIn, json_body(request)).model_dump(exclude_none=True)
    once_key = key_of(request)
    numbers = given.pop("numbers")
    _refuse_foreign(key, given)
    form = bulk_form(key, given)
    if not form.is_valid():
        raise form_refused(form)
    results = take_on_each(user, key, numbers, given, once_key=once_key)
    done = sum(result.done for result in results)
    return {
        "items": [
            {name: getattr(result, name) for name in BulkItem.model_fields} for result in results
        ],
        "done": done,
        "refused": len(results) - done,
    }


def _refuse_foreign(key: str, given: Mapping[str, Any]) -> None:
    fields = json_fields(STEP_FORMS[key])
    foreign = {name: "这一步不收这个字段，请删去。" for name in given if name not in fields}
    if foreign:
        raise fields_refused(foreign)


@router.get(
    "/public/cases", response=PublicCasePage, auth=None, summary="公开案例，新的在前；不需要令牌"
)
@known_questions
def public_case_list(
    request: HttpRequest,
    q: Annotated[Line | None, Query(description="公开文字中的字词")] = None,
    kind: Annotated[KindWord | None, Query(description="类别")] = None,
    unit: Annotated[Line | None, Query(description="答复单位代码")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """Return the published cases; what a firm has not consented to is not there."""
    rows = public_case_rows(q=q or "", kind=kind or "", unit=unit or "")
    if cursor is not None:
        rows = rows.filter(pk__lt=place_of(cursor, int)[0])
    page, following = cut(
        list(rows.order_by("-pk")[: limit + 1]), limit, lambda case: cursor_of(case.pk)
    )
    return {"items": [public_case(case) for case in page], "next_cursor": following}


def take_step(appeal: Appeal, key: str, user: User, raw: Mapping[str, Any]) -> Appeal:
    """Take a step with the fields that a program sent.

    Raises:
        NotPermitted, StepUnfit: before the fields are looked at.
        Refused: a field is wrong, missing, or not one of this step's.
        RuleBroken: a need of the step is not met.
    """
    APPEAL.check_open(key, appeal, user)
    given = checked(StepIn, raw).model_dump(exclude_none=True)
    _refuse_foreign(key, given)
    form = step_form(key, appeal, given)
    if not form.is_valid():
        raise form_refused(form)
    return form.save(actor=user)


def _seen(user: User, number: str) -> Appeal:
    rows: QuerySet[Appeal] = visible_appeals(user).select_related("enterprise", "lead_unit")
    appeal = rows.filter(number=number).first() if number.isprintable() else None
    if appeal is None:
        raise Http404
    return appeal


def _caller(request: HttpRequest) -> User:
    return request.auth  # type: ignore[attr-defined]
