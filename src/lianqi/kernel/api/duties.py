"""The caller's duties, or a unit's for those who oversee."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from lianqi.kernel.access import may
from lianqi.kernel.api.bodies import Line, known_questions
from lianqi.kernel.api.contract import refusal
from lianqi.kernel.api.paging import (
    DEFAULT_LIMIT,
    Cursor,
    Limit,
    Moment,
    bad_cursor,
    cursor_of,
    cut,
    place_of,
)
from lianqi.kernel.errors import NotPermitted
from lianqi.kernel.models import Duty
from lianqi.kernel.queries.duties import duty_list as listed_duties
from lianqi.kernel.remaining import remaining_text
from lianqi.kernel.workdays import calendar

router = Router(tags=["责任事项"])


class Subject(BaseModel):
    """The record that a duty is about."""

    type: str = Field(description="对象类别，如 appeals.appeal")
    number: str | None = Field(description="编号；没有编号的对象为 null")
    url: str = Field(description="网页地址")


class DutyItem(BaseModel):
    """A matter, a holder, a deadline."""

    key: str = Field(description="应办步骤的键")
    label: str
    matter: str
    subject: Subject
    holder: str = Field(description="责任岗位")
    unit: str = Field(description="责任单位代码；办公室、企业的事项为空")
    waiting: str = Field(description="谁在等")
    state: str
    advisory: bool = Field(description="仅提示，不计逾期")
    due_at: Moment | None
    light: str
    overdue: bool
    remaining: str = Field(description="剩余或逾期的工作时间")


class DutyPage(BaseModel):
    """One page of duties."""

    items: list[DutyItem]
    next_cursor: str | None


@router.get(
    "/duties",
    response=DutyPage,
    summary="我的责任事项；监督岗位可按单位查看",
    openapi_extra={"responses": {403: refusal(403)}},
)
@known_questions
def duty_list(
    request: HttpRequest,
    unit: Annotated[Line | None, Query(description="单位代码（监督岗位可用）")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """Return what the caller's desks owe, or what a unit owes; first due first."""
    rows = _after(_owed(request.auth, unit), cursor)  # type: ignore[attr-defined]
    page, following = cut(list(rows[: limit + 1]), limit, _place)
    return {"items": duty_items(page), "next_cursor": following}


def _owed(user: Any, unit: str | None) -> QuerySet[Duty]:
    if unit is None:
        return listed_duties(user, whose="mine")
    if not may(user, "kernel.view_all_duties"):
        raise NotPermitted(
            "按单位查看责任事项限监督岗位；不带 unit 参数可查看您自己的。", field="unit"
        )
    return listed_duties(user, unit=unit)


def _place(duty: Any) -> str:
    return cursor_of(duty.due_sort.isoformat(), duty.pk)


def _after(rows: QuerySet[Duty], cursor: str | None) -> QuerySet[Duty]:
    if cursor is None:
        return rows
    due, pk = place_of(cursor, str, int)
    try:
        moment = datetime.fromisoformat(due).astimezone(UTC)
    except (ValueError, OverflowError) as broken:
        raise bad_cursor() from broken
    return rows.filter(Q(due_sort__gt=moment) | Q(due_sort=moment, pk__gt=pk))


def duty_items(duties: Sequence[Duty]) -> list[dict[str, Any]]:
    """Return duties as the API tells them; the calendar and the subjects are loaded once."""
    numbers = _numbers(duties)
    days = calendar() if duties else None
    return [
        {
            "key": duty.key,
            "label": duty.label,
            "matter": duty.matter,
            "subject": {
                "type": duty.subject_type,
                "number": numbers.get((duty.subject_type, duty.subject_id)),
                "url": duty.url,
            },
            "holder": duty.holder_label,
            "unit": duty.unit_code,
            "waiting": duty.waiting,
            "state": duty.state,
            "advisory": duty.advisory,
            "due_at": duty.due_at,
            "light": duty.light,
            "overdue": duty.overdue,
            "remaining": remaining_text(duty, days),
        }
        for duty in duties
    ]


def _numbers(duties: Iterable[Duty]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for duty in duties:
        wanted.setdefault(duty.subject_type, set()).add(duty.subject_id)
    return {
        (kind, pk): number
        for kind, pks in wanted.items()
        for pk, number in _numbers_of(apps.get_model(kind), pks)
    }


def _numbers_of(model: type[Model], pks: set[int]) -> Iterable[tuple[int, str]]:
    if not any(field.name == "number" for field in model._meta.get_fields()):
        return []
    return model._default_manager.filter(pk__in=pks).values_list("pk", "number")
