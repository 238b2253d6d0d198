"""How much working time a duty still has, in words."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
        return _("暂停计时")
    if duty.due_at is None:
        return _("日历未维护") if duty.undated else _("无固定期限")
    moment, due = local(now()), local(duty.due_at)
    late = duty.red_at is not None and moment >= duty.red_at and not duty.advisory
    try:
        days = calendar or calendar_in_force()
        if late:
            return _late_text(days, due, moment)
        return _left_text(days, moment, due) if moment < due else _("已到期")
    except LookupError:
        return _("已逾期（日历未维护）") if late else _("日历未维护")


def _left_text(calendar: Calendar, moment: datetime, due: datetime) -> str:
    whole_days = calendar.working_days_between(moment.date(), due.date())
    minutes = calendar.working_minutes_between(moment, due)
    if whole_days and minutes >= _minutes_of_a_day(calendar):
        return _("剩 %s") % _days_text(whole_days)
    if minutes:
        return _("剩 %s（工作时间）") % _hours_text(minutes)
    return _rest_days_text(moment.date(), due.date())


def _late_text(calendar: Calendar, due: datetime, moment: datetime) -> str:
    whole_days = calendar.working_days_between(due.date(), moment.date())
    if whole_days:
        return _("逾期 %s") % _days_text(whole_days)
    minutes = calendar.working_minutes_between(due, moment)
    return _("逾期 %s（工作时间）") % _hours_text(minutes) if minutes else _("已逾期")


def _minutes_of_a_day(calendar: Calendar) -> int:
    return timedelta(microseconds=calendar.hours.day_length) // timedelta(minutes=1)


def _hours_text(minutes: int) -> str:
    hours = minutes // HOUR
    if hours:
        return ngettext("%(hours)d 小时", "%(hours)d 小时", hours) % {"hours": hours}
    return ngettext("%(minutes)d 分钟", "%(minutes)d 分钟", minutes) % {"minutes": minutes}


def _days_text(days: int) -> str:
    return ngettext("%(days)d 个工作日", "%(days)d 个工作日", days) % {"days": days}


def _rest_days_text(today: date, due: date) -> str:
    """Only rest days lie between, or the evening of the due day itself."""
    left = (due - today).days
    if not left:
        return _("今日到期")
    return ngettext("剩 %(days)d 天（休息日）", "剩 %(days)d 天（休息日）", left) % {"days": left}
