"""Addresses of the ledger."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from lianqi.kernel.access import may
from lianqi.kernel.api.bodies import Line, checked, json_body, known_questions, once_for_key
from lianqi.kernel.api.contract import refusal, replays, takes
from lianqi.kernel.api.paging import (
    DEFAULT_LIMIT,
    Cursor,
    Limit,
    bad_cursor,
    cursor_of,
    cut,
    place_of,
)
from lianqi.kernel.errors import NotPermitted
from lianqi.kernel.problems import Refused, fields_refused, form_refused
from lianqi.ledger.access import visible_items
from lianqi.ledger.api.schemas import (
    Day,
    LedgerDetail,
    LedgerPage,
    LedgerStepIn,
    LightWord,
    SourceWord,
    StateWord,
    ViewWord,
)
from lianqi.ledger.api.showing import json_names, ledger_detail, ledger_items
from lianqi.ledger.forms import ITEM_FORMS
from lianqi.ledger.models import Item
from lianqi.ledger.queries.items import filtered_items, loaded
from lianqi.ledger.workflow import ITEM
from lianqi.organisation.models import Unit, User

router = Router(tags=["督办台账"])


@router.get(
    "/ledger/items",
    response=LedgerPage,
    summary="台账事项，先到期的在前",
    openapi_extra={"responses": {403: refusal(403)}},
)
@known_questions
def item_list(
    request: HttpRequest,
    view: Annotated[ViewWord | None, Query(description="视图，同网页上的页签；不填为全部")] = None,
    state: Annotated[StateWord | None, Query(description="状态")] = None,
    light: Annotated[LightWord | None, Query(description="灯号")] = None,
    unit: Annotated[Line | None, Query(description="责任单位代码（牵头或配合）")] = None,
    lead: Annotated[Line | None, Query(description="牵头单位代码")] = None,
    source: Annotated[SourceWord | None, Query(description="来源")] = None,
    programme: Annotated[Line | None, Query(description="专项标签")] = None,
    year: Annotated[int | None, Query(ge=2000, le=2100, description="年度")] = None,
    due_from: Annotated[Day | None, Query(description="时限从")] = None,
    due_to: Annotated[Day | None, Query(description="时限到")] = None,
    q: Annotated[Line | None, Query(description="编号、事项、内容、办理过程中的字词")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """Return the items the caller may see, the next due first."""
    user = _caller(request)
    if not may(user, "ledger.view_list"):
        raise NotPermitted("您的岗位不能查看督办台账。")
    for name, code in (("unit", unit), ("lead", lead)):
        if code and not Unit.objects.filter(code=code).exists():
            raise fields_refused({name: f"没有代码为“{code}”的单位，代码见 /api/v1/units。"})
    rows = filtered_items(
        user,
        view=view or "",
        state=state or "",
        light=light or "",
        unit=unit or "",
        lead=lead or "",
        source=source or "",
        programme=programme or "",
        year=year,
        due_from=due_from,
        due_to=due_to,
        q=q or "",
    )
    shown = loaded(_after(rows, cursor)).order_by("sort_on", "pk")[: limit + 1]
    page, following = cut(
        list(shown), limit, lambda item: cursor_of(item.sort_on.isoformat(), item.pk)
    )
    return {"items": ledger_items(page), "next_cursor": following}


def _after(rows: QuerySet[Item], cursor: str | None) -> QuerySet[Item]:
    if cursor is None:
        return rows
    due, pk = place_of(cursor, str, int)
    try:
        day = date.fromisoformat(due)
    except ValueError as broken:
        raise bad_cursor() from broken
    return rows.filter(Q(sort_on__gt=day) | Q(sort_on=day, pk__gt=pk))


@router.get("/ledger/items/{number}", response=LedgerDetail, summary="一件台账事项")
def item_show(request: HttpRequest, number: str) -> dict[str, Any]:
    """Return one item as the caller may see it."""
    user = _caller(request)
    return ledger_detail(_seen(user, number), user)


@router.post(
    "/ledger/items/{number}/steps/{key}",
    response={200: LedgerDetail},
    summary="办理一步",
    openapi_extra={**takes(LedgerStepIn, required=False), **replays(status=200)},
)
def item_step(
    request: HttpRequest, response: HttpResponse, number: str, key: str
) -> dict[str, Any]:
    """Take one step: first asked is whether you may, then whether it fits, then the fields."""
    user = _caller(request)
    item = _seen(user, number)
    if key not in ITEM_FORMS:
        raise Refused(404, "unknown_step", f"没有这个步骤；可用的步骤：{'、'.join(ITEM_FORMS)}。")
    raw = json_body(request)
    once_for_key(request, response, raw, lambda: _take(item, key, user, raw))
    return ledger_detail(_seen(user, number), user)


def _take(item: Item, key: str, user: User, raw: Mapping[str, Any]) -> Item:
    """Take a step with the fields that a program sent.

    Raises:
        NotPermitted, StepUnfit: before the fields are looked at.
        Refused: a field is wrong, missing, or not one of this step's.
        RuleBroken: a need of the step is not met.
    """
    ITEM.check_open(key, item, user)
    given = checked(LedgerStepIn, raw).model_dump(exclude_none=True)
    known = json_names(ITEM_FORMS[key])
    foreign = {name: "这一步不收这个字段，请删去。" for name in given if name not in known}
    if foreign:
        raise fields_refused(foreign)
    form = ITEM_FORMS[key](item, given)
    if not form.is_valid():
        raise form_refused(form)
    form.save(actor=user)
    return item


def _seen(user: User, number: str) -> Item:
    rows = loaded(visible_items(user)).select_related("previous")
    item = rows.filter(number=number).first() if number.isprintable() else None
    if item is None:
        raise Http404
    return item


def _caller(request: HttpRequest) -> User:
    return request.auth  # type: ignore[attr-defined]
