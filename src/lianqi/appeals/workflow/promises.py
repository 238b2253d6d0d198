"""What is owed for promises, and when a promise may be checked, moved or denied."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lianqi.appeals.enums import PromiseFate
from lianqi.appeals.models import Promise
from lianqi.enterprises.access import enterprise_desk
from lianqi.kernel.access import Desk
from lianqi.kernel.clock import today
from lianqi.kernel.duties import Part
from lianqi.kernel.errors import Refusal
from lianqi.kernel.workdays import calendar
from lianqi.organisation.access import office_desk, unit_desk
from lianqi.organisation.enums import BodyCode, Post

Given = Mapping[str, Any]
MOST_PROMISES = 20
_WORDS_SHOWN = 40

# --- which promises


def open_promises(appeal: Any) -> Any:
    """Return the promises that wait for their check, the next first."""
    return appeal.promises.with_fate(PromiseFate.OPEN)


def movable_promises(appeal: Any) -> Any:
    """Return the promises that may get another day: open ones, and broken ones without a new day."""
    broken = appeal.promises.filter(kept=False, moved_to=None, superseded_at=None)
    return broken | open_promises(appeal)


def deniable_promises(appeal: Any) -> Any:
    """Return what the firm may contradict, once: a check "kept", or a day gone by unchecked."""
    told = appeal.promises.filter(denied_at=None, moved_to=None, superseded_at=None)
    return told.filter(kept=True) | told.filter(kept=None, on__lt=today())


# --- who owes what by when


def promises_to_check(appeal: Any) -> list[Part]:
    """Each open promise, on its own day."""
    rows = open_promises(appeal).filter(reopened_at=None)
    return [Part(str(row.pk), _words(row), on=row.on) for row in rows]


def promises_to_check_again(appeal: Any) -> list[Part]:
    """Each promise whose check the firm has contradicted, since it did."""
    rows = open_promises(appeal).filter(reopened_at__isnull=False)
    return [Part(str(row.pk), _words(row), starts=row.reopened_at) for row in rows]


def broken_promises(appeal: Any) -> list[Part]:
    """Each broken promise for which the firm has no new day yet, since it was found broken."""
    rows = appeal.promises.filter(kept=False, moved_to=None, superseded_at=None)
    return [Part(str(row.pk), _words(row), starts=row.checked_at) for row in rows]


def _words(promise: Promise) -> str:
    return f"承诺：{promise.text[:_WORDS_SHOWN]}"


def promise_keeper(appeal: Any) -> Desk:
    """Who answers for a broken promise: the lead unit's leader, else the office."""
    if appeal.lead_unit is None:
        return office_desk(BodyCode.TF3)
    return unit_desk(appeal.lead_unit, Post.LEADER)


def firm_desk(appeal: Any) -> Desk:
    """The firm that was promised something."""
    return enterprise_desk(appeal.enterprise)


# --- conditions


def promise_is_open(appeal: Any) -> str | None:
    """There is a promise to be checked."""
    return None if open_promises(appeal).exists() else "这件诉求没有待复核的承诺。"


def promise_may_move(appeal: Any) -> str | None:
    """There is a promise that may get another day."""
    return None if movable_promises(appeal).exists() else "这件诉求没有可以改期的承诺。"


def promise_may_be_denied(appeal: Any) -> str | None:
    """There is a promise whose day has come, and which the firm has not contradicted yet."""
    if deniable_promises(appeal).exists():
        return None
    return "没有到期的承诺，或者您已经反映过；办理单位会按期复核。"


# --- needs


def promises_fit(appeal: Any, given: Given) -> str | None:
    """Each promise says something for a day in the future whose calendar is known."""
    promises = given.get("promises") or ()
    if len(promises) > MOST_PROMISES:
        return Refusal(f"一次最多登记{MOST_PROMISES}项承诺。", "promises")
    for promise in promises:
        if not promise["text"].strip():
            return Refusal("承诺的内容不能为空。", "promises")
        refused = refuse_day(promise["on"], "promises")
        if refused:
            return refused
    return None


def new_day_fits(appeal: Any, given: Given) -> str | None:
    """A promise is put off to a later day, not called forward."""
    refused = refuse_day(given["promised_on"], "promised_on")
    if refused:
        return refused
    promise = given.get("promise")
    if promise is not None and given["promised_on"] <= promise.on:
        return Refusal("新的日期要晚于原来的承诺日期。", "promised_on")
    return None


def is_open_promise(appeal: Any, given: Given) -> str | None:
    """The promise checked is one of this appeal's open ones."""
    return _among(open_promises(appeal), given)


def is_movable_promise(appeal: Any, given: Given) -> str | None:
    """The promise moved is one of this appeal's that may be."""
    return _among(movable_promises(appeal), given)


def is_deniable_promise(appeal: Any, given: Given) -> str | None:
    """The promise contradicted is one of this appeal's that may be."""
    return _among(deniable_promises(appeal), given)


def _among(rows: Any, given: Given) -> str | None:
    promise = given.get("promise")
    if promise is not None and rows.filter(pk=promise.pk).exists():
        return None
    return Refusal("这项承诺不能这样办理，请刷新页面重新选择。", "promise")


def refuse_day(day: date, field: str) -> Refusal | None:
    """Refuse a day that is not ahead, or of which nobody could be reminded."""
    if day <= today():
        return Refusal("承诺日期要晚于今天，请核对。", field)
    if day.year not in calendar().years:
        # Asked for now, not when the answer has been checked and its duty cannot be opened.
        return Refusal(
            f"{day.year}年的工作日历还没有录入，到期无法提醒；请系统管理员先录入，或另定承诺日期。",
            field,
        )
    return None
