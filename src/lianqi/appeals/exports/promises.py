"""The ledger of promises as a workbook."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO

from lianqi.appeals.exports.sheets import sheet
from lianqi.appeals.models import Promise
from lianqi.kernel.clock import local

COLUMNS: dict[str, tuple[int, Callable[[Promise], object]]] = {
    "承诺日期": (12, lambda promise: promise.on.isoformat()),
    "承诺": (50, lambda promise: promise.text),
    "结果": (10, lambda promise: promise.fate.label),
    "改到": (12, lambda promise: promise.moved_to.on.isoformat() if promise.moved_to else ""),
    "复核情况": (30, lambda promise: promise.check_note),
    "企业反映没有兑现": (30, lambda promise: _denial(promise)),
    "编号": (16, lambda promise: promise.appeal.number),
    "诉求": (40, lambda promise: promise.appeal.title),
    "企业": (30, lambda promise: promise.appeal.enterprise.name),
    "单位": (20, lambda promise: promise.unit.name if promise.unit else ""),
    "作出时间": (17, lambda promise: _moment(promise.made_at)),
}


def promise_workbook(rows: Iterable[Promise]) -> IO[bytes]:
    """Return the ledger of promises as an open temporary xlsx."""
    head = [(name, width) for name, (width, _) in COLUMNS.items()]
    cells = ([str(value(promise)) for _, value in COLUMNS.values()] for promise in rows)
    return sheet("承诺台账", head, cells, frozen=2)


def _denial(promise: Promise) -> str:
    return (promise.denial or "是") if promise.denied_at else ""


def _moment(moment: datetime | None) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else ""
