"""What a program sends to the ledger and gets from it."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from lianqi.kernel.api.bodies import Body, Code, one_of
from lianqi.kernel.api.duties import DutyItem
from lianqi.kernel.api.paging import Moment
from lianqi.ledger.enums import Grade, ItemSource, ItemState, Period
from lianqi.ledger.queries.items import VIEWS
from lianqi.ledger.queries.lights import LIGHTS

LONGEST = 20_000


def _known(kind: dict[str, object]) -> AfterValidator:
    """Return the check that a text is one of these keys."""

    def check(value: str) -> str:
        if value not in kind:
            raise PydanticCustomError("unfit", f"只能是 {'、'.join(kind)} 之一。")  # type: ignore[arg-type]
        return value

    return AfterValidator(check)


StateWord = Annotated[str, one_of(ItemState), Field(json_schema_extra={"enum": ItemState.values})]
SourceWord = Annotated[
    str, one_of(ItemSource), Field(json_schema_extra={"enum": ItemSource.values})
]
LightWord = Annotated[str, _known({**LIGHTS}), Field(json_schema_extra={"enum": [*LIGHTS]})]
ViewWord = Annotated[str, _known({**VIEWS}), Field(json_schema_extra={"enum": [*VIEWS]})]


_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written_out(given: object) -> object:
    """A bare number is no day, though it would pass for seconds since 1970."""
    if isinstance(given, str) and not _ISO_DAY.fullmatch(given):
        raise PydanticCustomError("unfit", "日期写成 2026-11-24 这样。")
    return given


Day = Annotated[date, BeforeValidator(_written_out)]


class UnitRef(BaseModel):
    """A unit by code and name."""

    code: str
    name: str


class Person(BaseModel):
    """The person an item is put on."""

    id: int
    name: str


class LedgerItem(BaseModel):
    """A line of the ledger."""

    number: str
    title: str
    state: str
    state_label: str
    light: str
    light_label: str = Field(description="灯号的文字；已完成的为状态")
    lead_unit: UnitRef
    units: list[UnitRef] = Field(description="其他责任单位")
    owner: Person | None = Field(description="具体责任人；签收前为空")
    due_on: date | None = Field(description="完成时限；持续推进的为空")
    deadline_text: str = Field(description="时限原文")
    percent: int
    source: str
    source_label: str
    programme: str
    year: int
    backfilled: bool = Field(description="补录：文件印发前已到期，不计入按时率")
    url: str = Field(description="网页地址")


class LedgerPage(BaseModel):
    """One page of the ledger."""

    items: list[LedgerItem]
    next_cursor: str | None


class MilestoneOut(BaseModel):
    """A day within the year by which a part is to be done."""

    label: str
    due_on: date
    reached_at: Moment | None


class ReportOut(BaseModel):
    """What a unit has said of a period."""

    period: str
    unit: str
    percent: int
    text: str
    reported_at: Moment
    in_time: bool


class LedgerLine(BaseModel):
    """What happened."""

    at: Moment
    label: str
    actor: str
    text: str


class ChoiceOut(BaseModel):
    """A value that a field takes, and its label."""

    value: str | int
    label: str


class FieldOut(BaseModel):
    """A field that a step takes."""

    name: str
    label: str
    type: str = Field(description="string、integer、boolean、date、unit、units、person")
    required: bool
    choices: list[ChoiceOut]


class LedgerStep(BaseModel):
    """A step that may be taken now."""

    key: str
    label: str
    fields: list[FieldOut]


class LedgerDetail(LedgerItem):
    """One item as the caller may see it."""

    text: str
    basis: str
    grade: str
    completed_at: Moment | None
    agreed_at: Moment | None = Field(description="对账一致的时间；一致后才能销号")
    struck_at: Moment | None
    previous: str | None = Field(description="上一年度事项的编号")
    milestones: list[MilestoneOut]
    reports: list[ReportOut]
    duties: list[DutyItem]
    timeline: list[LedgerLine]
    permitted_steps: list[LedgerStep]


class LedgerStepIn(Body):
    """The fields of all steps; which of them a step takes is said in ``permitted_steps``."""

    note: str | None = Field(default=None, max_length=LONGEST, description="意见、完成情况")
    reason: str | None = Field(default=None, max_length=LONGEST, description="理由")
    basis: str | None = Field(default=None, max_length=LONGEST, description="退回依据")
    text: str | None = Field(
        default=None, max_length=LONGEST, description="进展情况、回复、督办要求、内容"
    )
    result: str | None = Field(default=None, max_length=LONGEST, description="完成情况")
    percent: int | None = Field(default=None, ge=0, le=100, description="进度")
    owner: int | None = Field(default=None, ge=1, le=2**53, description="具体责任人（id）")
    to_day: str | None = Field(default=None, max_length=10, description="拟延至，如 2026-12-31")
    approve: bool | None = Field(default=None, description="是否同意延期")
    grade: Annotated[str, one_of(Grade)] | None = Field(
        default=None, description="评定", json_schema_extra={"enum": [*Grade.values, None]}
    )
    title: str | None = Field(default=None, max_length=120, description="事项")
    lead_unit: Code | None = Field(default=None, description="牵头单位代码")
    units: list[Code] | None = Field(default=None, max_length=200, description="责任单位代码")
    deadline_text: str | None = Field(default=None, max_length=120, description="办理时限")
    period: Annotated[str, one_of(Period)] | None = Field(
        default=None, description="报送周期", json_schema_extra={"enum": [*Period.values, None]}
    )
    programme: str | None = Field(default=None, max_length=40, description="专项标签")
