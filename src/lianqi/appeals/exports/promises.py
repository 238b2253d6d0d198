"""The ledger of promises as a workbook."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO

from lianqi.appeals.models import Promise
from lianqi.appeals.queries.identity import Identity, told_with
from lianqi.kernel.clock import local
from lianqi.kernel.sheets import sheet
from lianqi.organisation.models import User

COLUMNS: dict[str, tuple[int, Callable[[Promise, Identity], object]]] = {
    "承诺日期": (12, lambda promise, _whose: promise.on.isoformat()),
    "承诺": (50, lambda promise, _whose: promise.text),
    "结果": (10, lambda promise, _whose: promise.fate.label),
    "改到": (
        12,
        lambda promise, _whose: promise.moved_to.on.isoformat() if promise.moved_to else "",
    ),
    "复核情况": (30, lambda promise, _whose: promise.check_note),
    "企业反映没有兑现": (30, lambda promise, _whose: _denial(promise)),
    "编号": (16, lambda promise, _whose: promise.appeal.number),
    "诉求": (40, lambda promise, _whose: promise.appeal.title),
    "企业": (30, lambda _promise, whose: whose.name),
    "单位": (20, lambda promise, _whose: promise.unit.name if promise.unit else ""),
    "作出时间": (17, lambda promise, _whose: _moment(promise.made_at)),
}


def promise_workbook(user: User, rows: Iterable[Promise]) -> IO[bytes]:
    """Return the ledger of promises as an open temporary xlsx, the firms as this person may know them."""
    head = [(name, width) for name, (width, _) in COLUMNS.items()]
    told = told_with(user, rows, lambda promise: promise.appeal)
    cells = ([str(value(*row)) for _, value in COLUMNS.values()] for row in told)
    return sheet("承诺台账", head, cells, frozen=2)


def _denial(promise: Promise) -> str:
    return (promise.denial or "是") if promise.denied_at else ""


def _moment(moment: datetime | None) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else ""
