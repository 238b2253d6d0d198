"""GET /rates: the three rates of a period, by unit, every count beside its rate."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from lianqi.appeals.api.schemas import Day, KindWord
from lianqi.appeals.enums import RateKey
from lianqi.appeals.queries.periods import Period
from lianqi.appeals.queries.rates import Rate, RateLine, rates_table
from lianqi.engines.proportions import wilson
from lianqi.kernel.api.bodies import Line, known_questions
from lianqi.kernel.api.contract import refusal
from lianqi.kernel.problems import fields_refused
from lianqi.organisation.api import TokenAuth
from lianqi.organisation.models import Unit

router = Router(tags=["诉求三率"])


class RateOut(BaseModel):
    """One rate: raw, and with the approved exclusions left out."""

    hits: int = Field(description="分子")
    of: int = Field(description="分母")
    low: float | None = Field(description="95% 区间下限（威尔逊），0 到 1；分母为 0 时为空")
    high: float | None = Field(description="95% 区间上限")
    adjusted_hits: int = Field(description="剔除后分子")
    adjusted_of: int = Field(description="剔除后分母")
    unknown: int = Field(description="尚未联系 / 企业未表态 / 已答复未评价的件数")
    excluded: int = Field(description="已剔除件数")
    enough: bool = Field(description="件数是否够作评判")


class UnitRates(BaseModel):
    """The rates of one unit; ``unit`` is null for the whole district."""

    unit: str | None = Field(description="单位代码；全区为空")
    name: str
    dispatched: int = Field(description="派单件数")
    response: RateOut
    resolution: RateOut
    satisfaction: RateOut
    closed: int = Field(description="曾办结件数")
    reopened: int = Field(description="办结后重启件数")


class RatesOut(BaseModel):
    """The three rates of a period."""

    from_: str = Field(alias="from", description="首次派单日，含")
    to: str = Field(description="首次派单日，含")
    least: int = Field(description="分母少于此数不作评判")
    district: UnitRates
    units: list[UnitRates]


@router.get(
    "/rates",
    response=RatesOut,
    by_alias=True,
    summary="诉求三率",
    auth=TokenAuth("appeals.view_rates", "诉求三率限承办单位和监督岗位查看。"),
    openapi_extra={"responses": {403: refusal(403)}},
)
@known_questions
def rates(
    request: HttpRequest,
    from_: Annotated[Day, Query(alias="from", description="首次派单日，从（含）")],
    to: Annotated[Day, Query(description="首次派单日，到（含）")],
    unit: Annotated[Line | None, Query(description="主办单位代码")] = None,
    kind: Annotated[KindWord | None, Query(description="类别")] = None,
) -> dict[str, Any]:
    """Return the rates: overseers get every unit, a unit itself; the district is in both."""
    user = request.auth  # type: ignore[attr-defined]
    if unit and not Unit.objects.filter(code=unit).exists():
        raise fields_refused({"unit": f"没有代码为“{unit}”的单位，代码见 /api/v1/units。"})
    first, last = _day("from", from_), _day("to", to)
    if last < first:
        raise fields_refused({"to": "止日不能早于起日。"})
    table = rates_table(user, Period(first, last), unit=unit or "", kind=kind or "")
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "least": table.least,
        "district": _line(table.district),
        "units": [_line(line) for line in table.units],
    }


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise fields_refused({name: "没有这一天，请写成 2026-11-23 这样的日期。"}) from wrong


def _line(line: RateLine) -> dict[str, Any]:
    told = {key: _rate(rate) for key, rate in zip(RateKey.values, line.rates, strict=True)}
    return {
        "unit": line.code or None,
        "name": line.name,
        "dispatched": line.dispatched.value,
        **told,
        "closed": line.reopened.of,
        "reopened": line.reopened.hits,
    }


def _rate(rate: Rate) -> dict[str, Any]:
    interval = wilson(rate.hits, rate.of)
    return {
        "hits": rate.hits,
        "of": rate.of,
        "low": round(interval.low, 4) if interval else None,
        "high": round(interval.high, 4) if interval else None,
        "adjusted_hits": rate.kept_hits,
        "adjusted_of": rate.kept_of,
        "unknown": rate.open,
        "excluded": rate.out,
        "enough": rate.enough,
    }
