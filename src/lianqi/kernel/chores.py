"""The kernel's own periodic jobs: sealing the journal, ending sessions, watching the calendar."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.urls import reverse

from lianqi.kernel.actions.duties import remind_of_amber
from lianqi.kernel.clock import today
from lianqi.kernel.files import sweep_files
from lianqi.kernel.jobs import job
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import KEEPER, enqueue, tell_keeper
from lianqi.kernel.queries.machinery import volume_label
from lianqi.kernel.queries.settings import missing_years
from lianqi.kernel.rate_limits import forget_old_counts
from lianqi.kernel.seals import seal_journal
from lianqi.kernel.space import MIB, volumes
from lianqi.kernel.workflow import date_undated_duties


@job(name="kernel.seal_journal", every=timedelta(hours=1), title="封存办理记录")
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
        tell_keeper(
            year,
            text="没有日历就无法计算办理时限。请按国务院办公厅的放假通知录入全年安排。",
            once=f"calendar:{year}:{week.year}-{week.week}",
        )
    return f"缺少 {'、'.join(map(str, missing))} 年" if missing else "日历齐全"


@job(name="kernel.date_duties", every=timedelta(minutes=15), title="补算期限")
def date_duties() -> str:
    """Reckon the dates that waited for a calendar, now that it may have been entered."""
    return f"补算 {date_undated_duties()} 件"


@job(name="kernel.remind_due", every=timedelta(minutes=15), title="临期提醒")
def remind_due() -> str:
    """Tell holders whose duty has turned amber."""
    return f"提醒 {remind_of_amber()} 件"


@job(name="kernel.sweep_files", every=timedelta(days=1), title="清理无主附件")
def sweep() -> str:
    """Remove what killed uploads left behind."""
    return f"清理 {sweep_files()} 个文件"


@job(name="kernel.watch_space", every=timedelta(minutes=10), title="检查存储空间")
def watch_space() -> str:
    """Tell the keeper, once a day, that a disk is nearly full."""
    scarce = [volume for volume in volumes() if volume.status != "ok"]
    for volume in scarce:
        names = volume_label(volume)
        enqueue(
            Channel.DESK,
            KEEPER,
            title=f"存储空间紧张：{names}所在磁盘已用 {volume.used_percent}%",
            text=f"还剩 {volume.free // MIB} MB。用到只剩保留空间时，系统将暂停提交，只能登录和查询。"
            "请尽快清理或扩容。",
            url=reverse("kernel:jobs"),
            once=f"space:{volume.names[0]}:{today().isoformat()}",
        )
    return f"{len(scarce)} 个磁盘空间紧张" if scarce else "空间充足"
