"""The kernel's own periodic jobs: sealing the journal, ending sessions, watching the calendar."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.urls import reverse

from lianqi.kernel.clock import today
from lianqi.kernel.jobs import job
from lianqi.kernel.journal import seal_journal
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue
from lianqi.kernel.queries.settings import missing_years
from lianqi.kernel.rate_limits import forget_old_counts

# Who looks after the calendar sits at this desk of the organisation room.
KEEPER = "system:sysadmin"


@job(name="kernel.seal_journal", every=timedelta(days=1), title="封存办理记录")
def seal() -> str:
    """Write the ends of all grown chains outside the database."""
    return f"封存 {seal_journal()} 条记录链"


@job(name="kernel.clear_sessions", every=timedelta(hours=6), title="清理过期会话")
def clear_sessions() -> str:
    """Remove sessions that have ended."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return "已清理过期会话"


@job(name="kernel.clear_counts", every=timedelta(hours=1), title="清理频次计数")
def clear_counts() -> str:
    """Remove the counts of hours and minutes that are over."""
    return f"清理 {forget_old_counts()} 条频次计数"


@job(name="kernel.watch_calendar", every=timedelta(hours=12), title="检查工作日历")
def watch_calendar() -> str:
    """Tell the keeper, once a week, that a year of the calendar is missing."""
    missing = missing_years()
    for year in missing:
        week = today().isocalendar()
        enqueue(
            Channel.DESK,
            KEEPER,
            title=f"{year}年工作日历还没有录入",
            text="没有日历就无法计算办理时限。请按国务院办公厅的放假通知录入全年安排。",
            url=reverse("kernel:calendar_year", args=[year]),
            once=f"calendar:{year}:{week.year}-{week.week}",
        )
    return f"缺少 {'、'.join(map(str, missing))} 年" if missing else "日历齐全"
