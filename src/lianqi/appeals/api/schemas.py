"""What programs send and get about appeals."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from lianqi.appeals.enums import AppealState, Channel, DeclineReason, Kind, Outcome, PromiseFate
from lianqi.kernel.api.bodies import Body, Code, Line, one_of
from lianqi.kernel.api.paging import Moment

KindWord = Annotated[str, one_of(Kind), Field(json_schema_extra={"enum": list(Kind.values)})]


def _code_or_id(value: Any) -> str:
    if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
        return str(value)
    raise PydanticCustomError("unfit", "应为统一社会信用代码，或名录中的 id。")


CodeOrId = Annotated[
    str,
    BeforeValidator(_code_or_id),
    WithJsonSchema({"type": ["string", "integer"], "minLength": 1}),
]
Day = Annotated[
    str,
    Field(
        pattern=r"^\d{4}-\d{2}-\d{2}$",
        json_schema_extra={"format": "date"},
        examples=["2026-12-31"],
    ),
]
LARGEST = 1_000


class AppealIn(Body):
    """A new appeal."""

    kind: KindWord = Field(description="类别")
    title: str = Field(min_length=4, max_length=100, description="一句话说明")
    content: str = Field(min_length=5, max_length=20_000, description="具体情况；不得涉密")
    enterprise: CodeOrId | None = Field(
        default=None, description="诉求主体：办公室、帮扶干部代填必填；企业账号代表多家时必填"
    )
    channel: Annotated[str, one_of(Channel)] | None = Field(
        default=None,
        description="渠道：企业 web，办公室默认 phone，帮扶干部默认 visit",
        json_schema_extra={"enum": [*Channel.values, None]},
    )
    contact_name: str | None = Field(default=None, max_length=40, description="默认企业主要联系人")
    contact_phone: str | None = Field(default=None, max_length=40, description="默认企业主要联系人")
    urgent: bool | None = Field(default=None, description="停水停电、安全、生产中断等")
    upstream_id: Line | None = Field(default=None, max_length=60, description="市平台编号")
    sealed: bool | None = Field(default=None, description="对承办单位保密，不让它知道是哪家企业")


class PromiseIn(Body):
    """A dated promise of an answer or stage reply."""

    text: str = Field(min_length=1, max_length=300, description="承诺的内容")
    on: Day = Field(description="承诺日期，要晚于今天")


class StepIn(Body):
    """The fields of all steps; which of them a step takes is said in ``permitted_steps``."""

    note: str | None = Field(default=None, max_length=20_000, description="意见、说明")
    content: str | None = Field(
        default=None, max_length=20_000, description="阶段答复、协办意见、补充材料"
    )
    reason: str | None = Field(default=None, max_length=20_000, description="理由")
    basis: str | None = Field(default=None, max_length=20_000, description="退单依据")
    reply: str | None = Field(default=None, max_length=20_000, description="答复内容")
    comment: str | None = Field(default=None, max_length=2_000, description="评价时想说的话")
    route: str | None = Field(default=None, max_length=300, description="建议途径")
    reason_code: Annotated[str, one_of(DeclineReason)] | None = Field(
        default=None,
        description="不予受理原因",
        json_schema_extra={"enum": [*DeclineReason.values, None]},
    )
    outcome: Annotated[str, one_of(Outcome)] | None = Field(
        default=None, description="办理结果", json_schema_extra={"enum": [*Outcome.values, None]}
    )
    lead_unit: Code | None = Field(default=None, description="主办单位代码")
    co_units: list[Code] | None = Field(default=None, max_length=200, description="协办单位代码")
    into: Code | None = Field(default=None, description="并入的诉求编号")
    uphold: bool | None = Field(default=None, description="退单是否成立")
    approve: bool | None = Field(default=None, description="是否同意延期")
    kept: bool | None = Field(default=None, description="承诺是否兑现")
    days: int | None = Field(default=None, ge=1, le=LARGEST, description="延长几个工作日")
    level: int | None = Field(default=None, ge=1, le=5, description="5 非常满意 … 1 非常不满意")
    promised_on: Day | None = Field(default=None, description="承诺日期；改期时为新的日期")
    promises: list[PromiseIn] | None = Field(
        default=None, max_length=20, description="答复、阶段答复中登记的承诺"
    )
    which: Code | None = Field(default=None, description="放行哪个附件")
    promise: int | None = Field(
        default=None, ge=1, le=2**53, description="哪一项承诺（id）；不填为最近到期的"
    )
    reopen: bool | None = Field(default=None, description="未兑现时同时重启（仅限已归档）")


class BulkIn(StepIn):
    """One step on many appeals: their numbers, and the step's fields for all of them."""

    numbers: list[Code] = Field(min_length=1, max_length=100, description="诉求编号，最多100件")


class BulkItem(BaseModel):
    """How one of them fared."""

    number: str
    done: bool
    status: int = Field(description="200 已办；否则为单独办理时的状态码")
    code: str = Field(description="未办的原因代码，如 step_unfit；已办为空")
    message: str


class BulkOut(BaseModel):
    """How each of them fared, in the order asked."""

    items: list[BulkItem]
    done: int
    refused: int


class UnitRef(BaseModel):
    """A unit."""

    code: str
    name: str


class EnterpriseRef(BaseModel):
    """A firm or private-economy person; the latter has no credit code."""

    id: int
    name: str
    uscc: str | None


class AppealItem(BaseModel):
    """One line of the list."""

    number: str
    state: str = Field(json_schema_extra={"enum": list(AppealState.values)})
    state_label: str
    kind: str
    kind_label: str
    title: str
    urgent: bool
    sealed: bool = Field(description="企业要求对承办单位保密")
    enterprise: EnterpriseRef | None = Field(description="要求保密且您不得知悉时为 null")
    lead_unit: UnitRef | None
    due_at: Moment | None = Field(description="承诺答复时间；尚未派单时为下一步的到期时间")
    light: str = Field(description="green 正常，amber 临期，red 逾期，blue 持续，grey 未计时")
    overdue: bool
    submitted_at: Moment


class AppealPage(BaseModel):
    """One page of appeals, newest first."""

    items: list[AppealItem]
    next_cursor: str | None


class Contact(BaseModel):
    """Whom to call at the firm."""

    name: str
    phone: str = Field(description="掩码，如 138****8000")


class TimelineLine(BaseModel):
    """One thing that happened."""

    seq: int
    at: Moment
    actor: str
    step: str = Field(description="步骤的键，如 accept")
    label: str
    text: str
    from_: str = Field(alias="from", description="此前状态；与状态无关的记录为空")
    to: str
    internal: bool


class Explanation(BaseModel):
    """One line of a deadline's reckoning."""

    kind: str
    text: str


class AppealDuty(BaseModel):
    """Something still owed on the appeal."""

    key: str
    label: str
    holder: str
    unit: str = Field(description="责任单位代码；办公室、企业为空")
    state: str
    advisory: bool
    due_at: Moment | None
    light: str
    overdue: bool
    remaining: str
    limit: str = Field(description="所依时限及其来源")
    explanation: list[Explanation]


class PublicCaseItem(BaseModel):
    """A published case."""

    id: int
    title: str
    question: str
    answer: str
    kind: str
    kind_label: str
    unit: UnitRef | None
    published_at: Moment
    url: str = Field(description="网页地址")


class PublicCasePage(BaseModel):
    """One page of published cases, newest first."""

    items: list[PublicCaseItem]
    next_cursor: str | None


class Choice(BaseModel):
    """One of a field's values."""

    value: Any
    label: str


class StepField(BaseModel):
    """A field of a step."""

    name: str
    label: str
    type: str = Field(
        description="string、boolean、integer、date、unit（单位代码）、units、appeal（编号）、"
        "promise（id）、promises（text、on 的列表）"
    )
    required: bool
    choices: list[Choice]


class PermittedStep(BaseModel):
    """A step that the caller may take now."""

    key: str
    label: str
    fields: list[StepField]


class AttachmentItem(BaseModel):
    """A file of the appeal."""

    name: str
    content_type: str
    size: int
    sm3: str
    uploaded_at: Moment
    url: str = Field(description="网页下载地址")


class PromiseItem(BaseModel):
    """A promise to the firm and what became of it."""

    id: int
    text: str
    on: str
    fate: str = Field(
        json_schema_extra={"enum": list(PromiseFate.values)},
        description="open 待兑现，kept 已兑现，broken 未兑现，moved 已改期，superseded 已失效",
    )
    moved_to: int | None = Field(description="改期后的承诺 id")
    check_note: str
    denied: bool = Field(description="企业反映没有兑现")


class AppealDetail(AppealItem):
    """One appeal as the caller may see it."""

    content: str
    contact: Contact | None = Field(description="要求保密且您不得知悉时为 null")
    channel: str
    channel_label: str
    upstream_id: str
    round: int
    co_units: list[UnitRef]
    outcome: str = Field(description="企业在答复后可见")
    outcome_label: str
    reply: str = Field(description="企业在答复后可见")
    promised_on: str | None
    promise_kept: bool | None
    promises: list[PromiseItem]
    decline_reason: str
    decline_route: str
    merged_into: str | None
    accepted_at: Moment | None
    dispatched_at: Moment | None
    signed_at: Moment | None
    contacted_at: Moment | None
    answered_at: Moment | None
    closed_at: Moment | None
    timeline: list[TimelineLine]
    duties: list[AppealDuty]
    permitted_steps: list[PermittedStep]
    attachments: list[AttachmentItem]
