"""The Chinese lines that say how a date was reached."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from lianqi.engines.worktime.days import Holiday, Passed
from lianqi.engines.worktime.limits import Extension, Limit, Pause, Unit

Kind = Literal["start", "limit", "rest", "shifted", "pause", "extension", "lead", "result"]
WEEKDAYS = "一二三四五六日"
MINUTES_PER_HOUR = 60


@dataclass(frozen=True)
class ExplanationLine:
    """One step on the way to the date."""

    kind: Kind
    text: str


def date_text(day: date) -> str:
    """Write a date as 2026年10月1日（周四）."""
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def moment_text(moment: datetime) -> str:
    """Write a moment as 2026年10月1日（周四）17:30."""
    return f"{date_text(moment)}{moment.hour:02}:{moment.minute:02}"


def start_line(start: datetime, first_moment: datetime, unit: Unit) -> ExplanationLine:
    """Say from when the clock runs."""
    text = f"起算：{moment_text(start)}"
    if unit != Unit.WORKING_HOUR:
        text += "，当日不计。"
    elif first_moment == start:
        text += "，即时计时。"
    else:
        text += f"，不在办公时间，自{moment_text(first_moment)}计时。"
    return ExplanationLine("start", text)


def arisen_line(start: datetime) -> ExplanationLine:
    """Say when a duty with a named day arose."""
    return ExplanationLine("start", f"产生：{moment_text(start)}。")


def fixed_line(day: date) -> ExplanationLine:
    """Name the day that is laid down."""
    return ExplanationLine("limit", f"时限：规定日期{date_text(day)}，含当日。")


def unmoved_line(day: date, eve: date) -> ExplanationLine:
    """Say that a rest day does not move the date."""
    return ExplanationLine(
        "rest",
        f"{date_text(day)}是休息日，日期不顺延：自上一工作日{date_text(eve)}起提醒，"
        "过了规定日期才算逾期。",
    )


def limit_line(limit: Limit) -> ExplanationLine:
    """Name the limit."""
    return ExplanationLine("limit", f"时限：{limit.text}。")


def natural_line() -> ExplanationLine:
    """Say that rest days count."""
    return ExplanationLine("rest", "按自然日计算，周末和节假日照计，期满日遇休息日不顺延。")


def passed_lines(passed: Passed) -> Iterator[ExplanationLine]:
    """List what was not counted, and the weekends that were."""
    if passed.weekend_days:
        yield ExplanationLine("rest", f"跳过周末{passed.weekend_days}天。")
    for holiday in passed.holidays:
        yield ExplanationLine("rest", f"跳过{holiday.name}：{_row_text(holiday)}。")
    for day, name in passed.shifted:
        told = f"（{name}）" if name else ""
        yield ExplanationLine("shifted", f"计入调休上班日{told}：{date_text(day)}。")


def pause_line(pause: Pause, began: datetime, ended: datetime, kept: str) -> ExplanationLine:
    """Tell one pause and what it gave."""
    until = moment_text(ended) if pause.ended else f"今（{moment_text(ended)}）"
    return ExplanationLine(
        "pause", f"暂停计时（{pause.reason}）：{moment_text(began)}至{until}，{kept}。"
    )


def extension_line(extension: Extension, unit: Unit) -> ExplanationLine:
    """Tell one extension."""
    counted = Unit.CALENDAR_DAY if unit == Unit.CALENDAR_DAY else Unit.WORKING_DAY
    return ExplanationLine(
        "extension",
        f"延期（{extension.reason}）：{date_text(extension.granted_on)}批准，"
        f"延长{extension.days}个{counted.label}。",
    )


def lead_line(lead_days: int, unit: Unit, *, floored: bool) -> ExplanationLine:
    """Tell how far a co-handler's date was brought forward."""
    if unit == Unit.WORKING_HOUR:
        return ExplanationLine("lead", "协办提前：按工作小时计的时限不提前。")
    text = f"协办提前：{lead_days}个{unit.label}"
    if floored:
        text += f"，但不早于起算后第1个{unit.label}"
    return ExplanationLine("lead", text + "。")


def result_line(due_at: datetime) -> ExplanationLine:
    """Name the date."""
    return ExplanationLine("result", f"结果：应于{moment_text(due_at)}前完成。")


def count_text(size: int, unit: Unit) -> str:
    """Write a number of days, or of minutes for working hours, in words."""
    if unit != Unit.WORKING_HOUR:
        return f"{size}个{unit.label}"
    hours, minutes = divmod(size, MINUTES_PER_HOUR)
    whole = f"{hours}个工作小时" if hours else ""
    return f"{whole}{minutes}分钟" if minutes or not hours else whole


def _row_text(holiday: Holiday) -> str:
    if holiday.days == 1:
        return f"{date_text(holiday.first)}，共1天"
    return f"{date_text(holiday.first)}至{date_text(holiday.last)}，共{holiday.days}天"
