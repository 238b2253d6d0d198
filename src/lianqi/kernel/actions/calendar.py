"""Entering the State Council's calendar and the district's office hours."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db import IntegrityError, transaction

from lianqi.engines.worktime import OfficeHours
from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import today
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.journal import write_line
from lianqi.kernel.models import CalendarDay, OfficeHoursRow
from lianqi.kernel.models.calendar import DayKind
from lianqi.kernel.revisions import raise_revision

SATURDAY = 5
# A year counts as maintained from its first row on, so it may only be opened as a whole. These
# days are days off in every year (全国年节及纪念日放假办法), and stay in it.
ALWAYS_OFF = ((1, 1), (5, 1), (10, 1))


@dataclass(frozen=True)
class DayDraft:
    """A day as read from a form or a file, not entered yet."""

    date: date
    kind: str
    name: str


def _permit(actor: Actor) -> None:
    if not may(actor, "kernel.set_limits"):
        raise NotPermitted("修改工作日历和办公时间由系统管理员或联席会议办公室办理。")


def day_problem(draft: DayDraft, known: Mapping[date, CalendarDay]) -> str:
    """Return what is wrong with a day, or nothing."""
    if draft.kind not in DayKind.values:
        return f"“{draft.kind}”不是放假（off）也不是调休上班（shifted）。"
    if not draft.name.strip():
        return "没有写名称，如国庆节。"
    if draft.kind == DayKind.SHIFTED and draft.date.weekday() < SATURDAY:
        return "不是周末，本来就上班，不需要登记调休上班。"
    held = known.get(draft.date)
    if held is not None and held.kind != draft.kind:
        return f"已登记为{held.name}{held.get_kind_display()}，请先删除原来的登记。"
    return ""


def year_problem(drafts: Sequence[DayDraft], known_years: Collection[int]) -> str:
    """Return what is missing to open a year that has no data yet, or nothing."""
    off = {draft.date for draft in drafts if draft.kind == DayKind.OFF}
    for year in sorted({draft.date.year for draft in drafts} - set(known_years)):
        lacking = [date(year, *day) for day in ALWAYS_OFF if date(year, *day) not in off]
        if lacking:
            days = "、".join(f"{day.month}月{day.day}日" for day in lacking)
            return (
                f"{year}年还没有数据，第一次录入须一次录入全年安排，现在缺少{days}的放假。"
                "只录入几天会让系统把其余节假日当作工作日。"
            )
    return ""


@transaction.atomic
def enter_calendar_days(
    drafts: Sequence[DayDraft], *, actor: Actor, source: str
) -> list[CalendarDay]:
    """Enter days off and shifted working days; days already there with the same kind are left.

    Raises:
        NotPermitted: the actor may not change the calendar.
        RuleBroken: a day is wrong or named twice, a year is incomplete, no source is named.
    """
    _permit(actor)
    if not source.strip():
        raise RuleBroken("请写明依据，如国务院办公厅通知的文号。", field="source")
    days = [draft.date for draft in drafts]
    twice = sorted({day for day in days if days.count(day) > 1})
    if twice:
        raise RuleBroken(f"{twice[0]:%Y年%m月%d日}出现了不止一次，请删去多余的一行。")
    known = {row.date: row for row in CalendarDay.objects.filter(date__in=days)}
    for draft in drafts:
        problem = day_problem(draft, known)
        if problem:
            raise RuleBroken(f"{draft.date:%Y年%m月%d日}：{problem}")
    years = {day.year for day in CalendarDay.objects.dates("date", "year")}
    problem = year_problem(drafts, years)
    if problem:
        raise RuleBroken(problem)
    rows = [_enter(draft, actor, source.strip()) for draft in drafts if draft.date not in known]
    raise_revision("calendar")
    return rows


def _enter(draft: DayDraft, actor: Actor, source: str) -> CalendarDay:
    row = CalendarDay.objects.create(
        date=draft.date, kind=draft.kind, name=draft.name.strip(), source=source
    )
    write_line(
        row,
        actor=actor,
        verb="calendar.enter",
        label="录入日历",
        text=f"{draft.date:%Y年%m月%d日} {row.name}{row.get_kind_display()}。依据：{source}",
        data={"date": draft.date, "kind": draft.kind},
    )
    return row


@transaction.atomic
def remove_calendar_day(row: CalendarDay, *, actor: Actor, reason: str) -> None:
    """Make a day an ordinary one again.

    Raises:
        NotPermitted: the actor may not change the calendar.
        RuleBroken: no reason, or the day is a day off in every year.
    """
    _permit(actor)
    if not reason.strip():
        raise RuleBroken("请写明删除的原因。", field="reason")
    if (row.date.month, row.date.day) in ALWAYS_OFF:
        raise RuleBroken(f"{row.date:%m月%d日}每年都是法定放假日，不能删除。")
    write_line(
        row,
        actor=actor,
        verb="calendar.remove",
        label="删除日历",
        text=f"{row.date:%Y年%m月%d日} {row.name}{row.get_kind_display()}。原因：{reason.strip()}",
        data={"date": row.date, "kind": row.kind},
    )
    row.delete()
    raise_revision("calendar")


@transaction.atomic
def set_office_hours(
    *,
    actor: Actor,
    morning_start: time,
    morning_end: time,
    afternoon_start: time,
    afternoon_end: time,
    effective_from: date,
    source: str,
) -> OfficeHoursRow:
    """Decide the office hours from a day on; a running clock counts that day's hours anew.

    Raises:
        NotPermitted: the actor may not change office hours.
        RuleBroken: hours out of order, a day in the past or already taken, no source.
    """
    _permit(actor)
    try:
        OfficeHours(((morning_start, morning_end), (afternoon_start, afternoon_end)))
    except ValueError as wrong:
        raise RuleBroken(str(wrong)) from wrong
    if effective_from < today():
        raise RuleBroken("生效日期不能早于今天。", field="effective_from")
    if not source.strip():
        raise RuleBroken("请写明依据，如作息时间调整通知。", field="source")
    row = OfficeHoursRow(
        morning_start=morning_start,
        morning_end=morning_end,
        afternoon_start=afternoon_start,
        afternoon_end=afternoon_end,
        effective_from=effective_from,
        source=source.strip(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise RuleBroken(
            f"已有自{effective_from:%Y年%m月%d日}起的办公时间，旧设置不能改写，请选择另一天。",
            field="effective_from",
        ) from taken
    write_line(
        row,
        actor=actor,
        verb="office_hours.set",
        label="修改办公时间",
        text=f"自{effective_from:%Y年%m月%d日}起：{row}。依据：{row.source}",
        data={"effective_from": effective_from, "hours": str(row)},
    )
    raise_revision("calendar")
    return row
