"""Workbooks of the rates, of the rows behind a figure, and of the exclusion ledger."""

from collections.abc import Iterable, Sequence
from typing import IO, Any

from lianqi.appeals.models import CaseFacts, Exclusion
from lianqi.appeals.queries.identity import Identity, told_with
from lianqi.appeals.queries.rates import RateLine, RatesTable
from lianqi.engines.proportions import wilson
from lianqi.kernel.clock import local
from lianqi.kernel.sheets import sheet
from lianqi.organisation.models import User

_RATE_COLUMNS = (
    "分子", "分母", "比率", "95%区间下限", "95%区间上限", "剔除后分子", "剔除后分母", "剔除后比率",
    "未知件数", "已剔除",
)  # fmt: skip
RATE_NAMES = ("响应率", "解决率", "满意率")


def _sheet(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    widths = [24, *[13] * (len(head) - 1)]
    return sheet(name, list(zip(head, widths, strict=True)), rows)


def rates_workbook(table: RatesTable) -> IO[bytes]:
    """Return the table of the three rates: every numerator and denominator beside its rate."""
    head = ["单位", "派单", "已答复"]
    head += [f"{rate}{column}" for rate in RATE_NAMES for column in _RATE_COLUMNS]
    head += ["曾办结", "办结后重启", "曾评不满意"]
    head += [figure.label for figure in table.district.apart]
    lines = [table.district, *table.units]
    return _sheet("诉求三率", head, (_rate_cells(line) for line in lines))


def _rate_cells(line: RateLine) -> list[Any]:
    cells: list[Any] = [line.name, line.dispatched.value, line.answered.value]
    for rate in line.rates:
        interval = wilson(rate.hits, rate.of)
        ends = (
            [round(100 * interval.low, 1), round(100 * interval.high, 1)] if interval else ["", ""]
        )
        cells += [rate.hits, rate.of, rate.percent, *ends]
        cells += [rate.kept_hits, rate.kept_of, rate.kept_percent, rate.open, rate.out]
    cells += [line.reopened.of, line.reopened.hits, line.bad_once.value]
    return cells + [figure.value for figure in line.apart]


def facts_workbook(user: User, rows: Iterable[Any]) -> IO[bytes]:
    """Return the appeals behind a figure, with the facts they were counted by and the known firms."""
    head = [
        "编号", "标题", "企业", "主办单位", "类别", "首次派单日", "首次联系", "办理结果", "企业意见", "最近评价",
        "不满意次数", "曾办结", "办结后重启", "退单退稿次数", "企业催办次数",
        "响应率剔除", "解决率剔除", "满意率剔除",
    ]  # fmt: skip
    told = told_with(user, rows, lambda row: row.appeal)
    return _sheet("明细", head, (_fact_cells(row, whose) for row, whose in told))


def _fact_cells(row: CaseFacts, whose: Identity) -> list[Any]:
    appeal = row.appeal  # type: ignore[attr-defined]
    return [
        appeal.number,
        appeal.title,
        whose.name,
        row.unit.name,
        row.get_kind_display(),
        row.dispatched_on.isoformat(),
        row.get_contact_display(),
        row.get_outcome_display(),
        row.get_word_display(),
        row.level,
        row.bad_ratings,
        row.closed,
        row.reopened,
        row.returned,
        row.nudges,
        row.out_response,
        row.out_resolution,
        row.out_satisfaction,
    ]


def exclusion_workbook(rows: Iterable[Exclusion]) -> IO[bytes]:
    """Return the exclusion ledger: who asked, why, who decided."""
    head = [
        "编号", "诉求编号", "主办单位", "指标", "原因", "情况说明", "申请人", "申请时间", "状态", "审批人",
        "审批时间", "审批意见",
    ]  # fmt: skip
    return _sheet("剔除台账", head, (_exclusion_cells(row) for row in rows))


def _exclusion_cells(row: Exclusion) -> list[Any]:
    return [
        row.number,
        row.appeal.number,
        row.unit.name,
        row.get_rate_display(),
        row.get_reason_display(),
        row.text,
        row.filed_by.full_name,
        f"{local(row.filed_at):%Y-%m-%d %H:%M}",
        row.get_state_display(),
        row.decided_by.full_name if row.decided_by else "",
        f"{local(row.decided_at):%Y-%m-%d %H:%M}" if row.decided_at else "",
        row.decision,
    ]
