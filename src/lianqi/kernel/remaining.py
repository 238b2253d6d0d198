"""How much working time a duty still has, in words."""

from datetime import date, datetime, timedelta

from lianqi.engines.worktime import Calendar
from lianqi.kernel.clock import local, now
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.workdays import calendar as calendar_in_force

HOUR = 60


def remaining_text(duty: Duty, calendar: Calendar | None = None) -> str:
    """Say what is left of a duty's time, or by how much it is late; empty for a settled duty.

    Pages with several duties load the calendar once and pass it in. A year without calendar data
    is said as such, never guessed.
    """
    if not duty.live:
        return ""
    if duty.state == DutyState.PAUSED:
        return "暂停计时"
    if duty.due_at is None:
        return "无固定期限"
    moment, due = local(now()), local(duty.due_at)
    late = duty.red_at is not None and moment >= duty.red_at and not duty.advisory
    try:
        days = calendar or calendar_in_force()
        if late:
            return _late_text(days, due, moment)
        return _left_text(days, moment, due) if moment < due else "已到期"
    except LookupError:
        return "已逾期（日历未维护）" if late else "日历未维护"


def _left_text(calendar: Calendar, moment: datetime, due: datetime) -> str:
    whole_days = calendar.working_days_between(moment.date(), due.date())
    minutes = calendar.working_minutes_between(moment, due)
    if whole_days and minutes >= _minutes_of_a_day(calendar):
        return f"剩 {whole_days} 个工作日"
    if minutes:
        return f"剩 {_hours_text(minutes)}（工作时间）"
    return _rest_days_text(moment.date(), due.date())


def _late_text(calendar: Calendar, due: datetime, moment: datetime) -> str:
    whole_days = calendar.working_days_between(due.date(), moment.date())
    if whole_days:
        return f"逾期 {whole_days} 个工作日"
    minutes = calendar.working_minutes_between(due, moment)
    return f"逾期 {_hours_text(minutes)}（工作时间）" if minutes else "已逾期"


def _minutes_of_a_day(calendar: Calendar) -> int:
    return timedelta(microseconds=calendar.hours.day_length) // timedelta(minutes=1)


def _hours_text(minutes: int) -> str:
    return f"{minutes // HOUR} 小时" if minutes >= HOUR else f"{minutes} 分钟"


def _rest_days_text(today: date, due: date) -> str:
    """Only rest days lie between, or the evening of the due day itself."""
    left = (due - today).days
    return f"剩 {left} 天（休息日）" if left else "今日到期"
