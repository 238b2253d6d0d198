"""Opening, pausing, re-reckoning and closing duties; only the workflow engine calls this."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models

from lianqi.engines.worktime import CalendarNotMaintainedError, Deadline, Extension, Pause
from lianqi.kernel.access import Actor, Desk
from lianqi.kernel.clock import local, today
from lianqi.kernel.errors import CalendarMissing
from lianqi.kernel.limits import time_limit
from lianqi.kernel.models import ClockExtension, ClockPause, Duty, TimeLimit
from lianqi.kernel.models.about import pointer
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.outbox import tell_keeper
from lianqi.kernel.workdays import calendar

RECKONED = (
    "state", "due_at", "amber_at", "red_at", "explanation", "reminded_at", "urge_level",
)  # fmt: skip
Reckoning = Callable[..., tuple[Deadline | None, TimeLimit | None]]
Holders = Callable[[Any], Desk | Iterable[Desk] | None]


@dataclass(frozen=True)
class Part:
    """One of several things on a subject that each owe the same step, e.g. one of its promises.

    ``on`` is its own fixed day, ``starts`` the moment its own clock began; either may be missing.
    """

    key: str
    words: str
    on: date | None = None
    starts: datetime | None = None


_WHOLE = Part("", "")


@dataclass(frozen=True)
class Owes:
    """A line of the workflow table: in this state these desks owe this step within this limit.

    ``within`` is the key of a time limit, or a function that picks one for the subject; ``None``
    with ``on`` (a function to a date) means a fixed day; neither means "no deadline".
    ``starts`` is the moment the clock began, if that is not the moment the duty arises.
    ``lead_days`` working days are taken off, for helpers who must be ready before the lead.
    ``parts`` lists what the subject owes this step for, once each; without it, it owes it once.
    """

    key: str
    label: str
    holder: Holders
    within: str | Callable[[Any], str] | None = None
    on: Callable[[Any], date | None] | None = None
    starts: Callable[[Any], datetime | None] | None = None
    lead_days: int = 0
    waiting: str | Callable[[Any], str] = ""
    advisory: bool = False
    # It turns amber when its time is up, and never red: a missing report is a reminder, not a breach.
    never_red: bool = False
    # Keys of the duties whose pauses and extensions count for this clock; its own, if none is named.
    runs_with: Sequence[str] = ()
    parts: Callable[[Any], Iterable[Part]] | None = None

    def owed_parts(self, subject: models.Model) -> list[Part]:
        """Return for what it is owed now: the subject as a whole, if it has no parts."""
        return list(self.parts(subject)) if self.parts else [_WHOLE]

    def desks(self, subject: models.Model) -> dict[str, Desk]:
        """Return who owes it now, by desk key; empty when nobody does."""
        found = self.holder(subject)
        desks = [found] if isinstance(found, Desk) else list(found or ())
        return {desk.key: desk for desk in desks}

    def limit_row(self, subject: models.Model, at: datetime) -> TimeLimit | None:
        """Return the settings row of the moment the clock began: later rows leave it alone."""
        if self.within is None:
            return None
        key = self.within if isinstance(self.within, str) else self.within(subject)
        return time_limit(key, at)


def deadline(
    rule: Owes,
    subject: models.Model,
    started_at: datetime,
    part: Part = _WHOLE,
    *,
    fresh: bool = False,
) -> tuple[Deadline | None, TimeLimit | None]:
    """Return the reckoned deadline and the limit behind it.

    A ``fresh`` clock begins this moment: it has neither stood nor been extended.

    Raises:
        CalendarMissing: the calendar has no data for a year that the reckoning needs.
    """
    row = rule.limit_row(subject, started_at)
    if row is None:
        return _fixed_day(rule, subject, started_at, part), None
    pauses, extensions = ([], []) if fresh else _stops(rule, subject, started_at)
    try:
        return calendar().deadline(
            started_at,
            row.limit,
            pauses=pauses,
            extensions=extensions,
            lead_days=rule.lead_days,
        ), row
    except CalendarNotMaintainedError as missing:
        raise CalendarMissing(str(missing.args[0]), missing.year) from missing


def _stops(
    rule: Owes, subject: models.Model, started_at: datetime
) -> tuple[list[Pause], list[Extension]]:
    """Return when this clock stood since its start, and by what it was extended."""
    clocks = rule.runs_with or (rule.key,)
    # What lies before this clock's start belongs to an earlier round of the same matter.
    pauses = ClockPause.objects.about(subject).filter(
        duty_key__in=clocks, began_at__gte=started_at, ended_at__isnull=False
    )
    extensions = ClockExtension.objects.about(subject).filter(
        duty_key__in=clocks, granted_at__gte=started_at
    )
    return (
        [Pause(p.began_at, p.ended_at, p.reason) for p in pauses],
        [Extension(e.days, e.reason, local(e.granted_at).date()) for e in extensions],
    )


def _fixed_day(
    rule: Owes, subject: models.Model, started_at: datetime, part: Part
) -> Deadline | None:
    day = part.on or (rule.on(subject) if rule.on else None)
    if day is None:
        return None
    try:
        return calendar().fixed_day(day, started_at)
    except CalendarNotMaintainedError as missing:
        raise CalendarMissing(str(missing.args[0]), missing.year) from missing


def _deadline_or_none(
    rule: Owes,
    subject: models.Model,
    started_at: datetime,
    part: Part = _WHOLE,
    *,
    fresh: bool = False,
) -> tuple[Deadline | None, TimeLimit | None]:
    """Return the deadline; where a year's calendar is missing, none for now, and tell the keeper."""
    try:
        return deadline(rule, subject, started_at, part, fresh=fresh)
    except CalendarMissing as missing:
        tell_keeper(
            missing.year,
            text="已有事项因此暂时算不出期限。请尽快按国务院办公厅的放假通知录入，录入后期限自动补上。",
            once=f"calendar:{missing.year}:undated:{today()}",
        )
        return None, rule.limit_row(subject, started_at)


def owe(
    rules: Iterable[Owes],
    subject: models.Model,
    *,
    workflow: str,
    pauses: frozenset[str],
    settled: frozenset[str],
    lapsed: frozenset[str],
    actor: Actor,
    at: datetime,
    undated: bool = False,
    new: bool = False,
) -> list[Duty]:
    """Bring the live duties of a subject into line with its state; return those newly opened.

    ``undated``: where a year's calendar is missing, a duty stands without a date until
    ``Workflow.date_duties`` finds one; otherwise CalendarMissing is raised. A ``new`` subject has
    just been written: nothing is owed on it yet.

    A live duty that is not owed any more is done if its key is ``settled``, lapsed if ``lapsed``
    and its time was up, stands still if the state ``pauses`` it, and is moot otherwise.
    """
    reckon = _deadline_or_none if undated else deadline
    live = {(duty.key, duty.part, duty.holder): duty for duty in _live(subject, new)}
    wanted = {
        (rule.key, part.key, key): (rule, part, desk)
        for rule in rules
        for part in rule.owed_parts(subject)
        for key, desk in rule.desks(subject).items()
    }
    _end_pauses(subject, {duty.key for slot, duty in live.items() if slot in wanted}, at)
    for slot, duty in live.items():
        if slot in wanted:
            _reckon_again(duty, *wanted[slot][:2], subject, at, reckon)
        elif duty.key in pauses - settled - lapsed:
            _pause(duty, subject, at)
        else:
            ended = DutyState.MOOT
            if duty.key in settled:
                ended = DutyState.DONE
            elif duty.key in lapsed and _is_over(duty, at):
                ended = DutyState.LAPSED
            _close(duty, ended, actor, at)
    fresh = [slot for slot in wanted if slot not in live]
    return [_open(*wanted[slot], subject, workflow, at, reckon) for slot in fresh]


def _is_over(duty: Duty, at: datetime) -> bool:
    end = duty.red_at or duty.amber_at
    return end is not None and at >= end


def _live(subject: models.Model, new: bool) -> Iterable[Duty]:
    if new:
        return []
    return Duty.objects.about(subject).filter(state__in=[DutyState.OPEN, DutyState.PAUSED])


def _open(
    rule: Owes,
    part: Part,
    desk: Desk,
    subject: Any,
    workflow: str,
    at: datetime,
    reckon: Reckoning,
) -> Duty:
    started = part.starts or (rule.starts(subject) if rule.starts else None) or at
    due, row = reckon(rule, subject, started, part, fresh=started == at)
    waiting = rule.waiting if isinstance(rule.waiting, str) else rule.waiting(subject)
    duty = Duty(
        **pointer(subject),
        workflow=workflow,
        key=rule.key,
        part=part.key,
        label=rule.label,
        matter=f"{subject}{part.words and f'（{part.words}）'}"[:200],
        url=subject.get_absolute_url(),
        holder=desk.key,
        holder_label=desk.label,
        unit_code=desk.unit_code,
        waiting=waiting,
        advisory=rule.advisory,
        opened_at=at,
        started_at=started,
        limit_key=row.key if row else "",
        limit_text=f"{row.text}（{row.get_source_display()}：{row.basis}）"[:120] if row else "",
    )
    _set_deadline(duty, due, rule)
    duty.save(force_insert=True)
    return duty


def _set_deadline(duty: Duty, due: Deadline | None, rule: Owes) -> None:
    if due is None:
        duty.due_at = duty.amber_at = duty.red_at = None
        duty.explanation = []
        return
    duty.due_at, duty.amber_at, duty.red_at = due.due_at, due.amber_at, due.red_at
    if rule.never_red:
        duty.amber_at, duty.red_at = due.red_at, None
    duty.explanation = [{"kind": line.kind, "text": line.text} for line in due.explanation]


def _end_pauses(subject: models.Model, keys: set[str], at: datetime) -> None:
    if keys:
        running = ClockPause.objects.about(subject).filter(duty_key__in=keys, ended_at=None)
        running.update(ended_at=at)


def _reckon_again(
    duty: Duty, rule: Owes, part: Part, subject: models.Model, at: datetime, reckon: Reckoning
) -> None:
    due, _ = reckon(rule, subject, duty.started_at, part)
    before = (duty.due_at, duty.state)
    duty.state = DutyState.OPEN
    _set_deadline(duty, due, rule)
    if duty.due_at != before[0] and duty.red_at is not None and at < duty.red_at:
        # A new date ahead is reminded of, and urged for, afresh.
        duty.reminded_at, duty.urge_level = None, 0
    if (duty.due_at, duty.state) != before:
        duty.save(update_fields=RECKONED)


def _pause(duty: Duty, subject: Any, at: datetime) -> None:
    if duty.state == DutyState.PAUSED:
        return
    if not ClockPause.objects.about(subject).filter(duty_key=duty.key, ended_at=None).exists():
        reason = subject.get_state_display()
        ClockPause.objects.create(**pointer(subject), duty_key=duty.key, began_at=at, reason=reason)
    duty.state = DutyState.PAUSED
    duty.save(update_fields=["state"])


def _close(duty: Duty, ended: DutyState, actor: Actor, at: datetime) -> None:
    closed_at = at
    if duty.state == DutyState.PAUSED:
        closed_at = _clock_stopped_at(duty, at)
        _end_pauses(duty.subject, {duty.key}, at)
    duty.state, duty.closed_at, duty.closed_by_id = ended, closed_at, actor.pk
    duty.save(update_fields=["state", "closed_at", "closed_by"])


def _clock_stopped_at(duty: Duty, at: datetime) -> datetime:
    """A duty that ends while its clock stands was fulfilled when the clock stopped."""
    running = ClockPause.objects.about(duty.subject).filter(duty_key=duty.key, ended_at=None)
    began = running.values_list("began_at", flat=True).first()
    return began or at
