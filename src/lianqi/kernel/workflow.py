"""The engine: a workflow is a table of states with what they owe, and steps with who may.

Guard, buttons, journal line, duties, diagram and permission sheet all come from the table.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from lianqi.kernel.access import SYSTEM, Actor, desk_name, may, signature_for
from lianqi.kernel.clock import now
from lianqi.kernel.duties import Owes, owe
from lianqi.kernel.errors import CalendarMissing, NotPermitted, RuleBroken, StaleState, StepUnfit
from lianqi.kernel.journal import last_act, write_line
from lianqi.kernel.language import in_record_language
from lianqi.kernel.models import Duty, JournalEntry
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.outbox import noting_recipients, tell_desk

__all__ = ["Owes", "State", "Step", "Taking", "Workflow", "date_undated_duties", "workflows"]

Condition = Callable[[Any], str | None]
Need = Callable[[Any, Mapping[str, Any]], str | None]
Target = str | None | Callable[[Any, Mapping[str, Any]], str]


@dataclass(frozen=True)
class State:
    """A state, its name in the office, what is owed in it, and which duties stand still in it."""

    key: str
    label: str
    owes: Sequence[Owes] = ()
    pauses: Sequence[str] = ()
    final: bool = False


@dataclass(frozen=True)
class Step:
    """A step: its name, from which states, to which (None: stays), and who may take it.

    ``when`` conditions look at the subject alone: if one refuses (returns a sentence), the step is
    not offered and taking it is a 409. ``needs`` look at what was handed in: a refusal is a 422.
    A firm's step is ``undated``: taken also where the calendar of a year is missing, which is not
    its fault; the duties it opens wait for their dates.
    ``settles`` and ``lapses`` name the duties that are done, or passed over, by this step besides
    the duty of the step's own key.
    """

    key: str
    label: str
    sources: Sequence[str]
    to: Target
    may: str
    when: Sequence[Condition] = ()
    needs: Sequence[Need] = ()
    settles: Sequence[str] = ()
    lapses: Sequence[str] = ()
    audience: str = Audience.INTERNAL
    tone: str = "normal"
    by_clock: bool = False
    undated: bool = False
    basis: str = ""


@dataclass
class Taking:
    """A step being taken: what the action adds to it before the engine finishes."""

    step: Step
    actor: Actor
    at: datetime
    given: Mapping[str, Any]
    before: str
    signature: str = ""
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    line: JournalEntry | None = None
    opened: list[Duty] = field(default_factory=list)
    told: list[str] = field(default_factory=list)  # the desks that were written to

    def says(self, text: str, **data: Any) -> None:
        """Say what the journal line tells, in words and as data."""
        self.text = text
        self.data.update(data)


_workflows: dict[str, "Workflow"] = {}


def workflows() -> dict[str, "Workflow"]:
    """Return all workflows by key."""
    return dict(_workflows)


def date_undated_duties() -> int:
    """Give dates to the duties that waited for a calendar; return how many have one now."""
    live = [DutyState.OPEN, DutyState.PAUSED]
    waiting = Duty.objects.filter(state__in=live, due_at=None).exclude(limit_key="")
    before = waiting.count()
    for duty in waiting.order_by("pk"):
        # Still missing: the next run tries again.
        with suppress(CalendarMissing):
            _workflows[duty.workflow].date_duties(duty.subject)
    return before - waiting.count()


class Workflow:
    """A named table of states and steps; the only code that writes a ``state`` column."""

    def __init__(
        self,
        key: str,
        label: str,
        states: Sequence[State],
        steps: Sequence[Step],
        keeps: Callable[[Any], None] | None = None,
        signs: Callable[[Any, Actor], str] | None = None,
        calls: Callable[[Any, str], str] | None = None,
    ) -> None:
        """Check that the table is consistent and register it.

        ``keeps`` brings columns derived from duties into line after duties have changed. ``signs``
        returns how an actor signs this subject's lines, "" for the usual signature; ``calls`` what
        a desk is called in them, "" for its usual name.
        """
        self.key, self.label = key, label
        self._keeps, self._signs, self._calls = keeps, signs, calls
        self.states = {state.key: state for state in states}
        self.steps = {step.key: step for step in steps}
        self._after: dict[str, list[Callable[[Any, Taking], None]]] = {}
        self._once_written: dict[str, list[Callable[[Any, Taking], None]]] = {}
        for step in steps:
            unknown = set(step.sources) - set(self.states)
            if isinstance(step.to, str) and step.to not in self.states:
                unknown.add(step.to)
            if unknown:
                raise ValueError(f"{key}.{step.key} names unknown states {unknown}")
        _workflows[key] = self

    # --- asking

    def open_steps(self, subject: Any, actor: Actor) -> list[Step]:
        """Return the steps this person may take now, in the order of the table."""
        return [
            step
            for step in self.steps.values()
            if subject.state in step.sources
            and may(actor, step.may, subject)
            and not any(condition(subject) for condition in step.when)
        ]

    def check_open(self, step_key: str, subject: Any, actor: Actor) -> None:
        """Ask whether this person may take the step now, before looking at what is handed in.

        Raises:
            KeyError: the workflow has no such step.
            NotPermitted: the actor may not take this step on this subject (asked first).
            StepUnfit: the step does not fit the state, or a ``when`` condition refuses it.
        """
        step = self.steps[step_key]
        self._permit(step, subject, actor)
        self._check_fit(step, subject, actor)

    def stale(self, subject: Any, actor: Actor) -> StaleState:
        """Return the refusal that says who moved the matter, and when, as far as he may know."""
        done = last_act(subject, actor)
        if not done:
            return StaleState()
        label = self.states[subject.state].label
        return StaleState(f"别人刚刚处理过：{done}，现在是“{label}”。请看最新情况后再操作。")

    def after(
        self, step_key: str
    ) -> Callable[[Callable[[Any, Taking], None]], Callable[[Any, Taking], None]]:
        """Register a listener of a higher room; it runs in the step's own transaction."""
        if step_key not in self.steps:
            raise ValueError(f"{self.key} has no step {step_key}")

        def register(listener: Callable[[Any, Taking], None]) -> Callable[[Any, Taking], None]:
            self._after.setdefault(step_key, []).append(listener)
            return listener

        return register

    def once_written(
        self, step_key: str
    ) -> Callable[[Callable[[Any, Taking], None]], Callable[[Any, Taking], None]]:
        """Register what reads the record with the step's own line in it; the last in its transaction.

        Whom it tells is not named in the line.
        """
        if step_key not in self.steps:
            raise ValueError(f"{self.key} has no step {step_key}")

        def register(reader: Callable[[Any, Taking], None]) -> Callable[[Any, Taking], None]:
            self._once_written.setdefault(step_key, []).append(reader)
            return reader

        return register

    # --- acting

    @contextmanager
    def starting(
        self, step_key: str, subject: Any, *, actor: Actor, **given: Any
    ) -> Iterator[Taking]:
        """Create a subject by its first step: the body fills it in, the engine does the rest."""
        step = self.steps[step_key]
        self._permit(step, subject, actor)
        self._check_needs(step, subject, given)
        with transaction.atomic(), in_record_language(), noting_recipients() as told:
            signature = signature_for(actor, step.may, subject)
            taking = Taking(step, actor, now(), given, "", signature, told=told)
            subject.state = self._target(step, subject, given)
            yield taking
            subject.save(force_insert=True)
            self._finish(subject, taking)

    @contextmanager
    def taking(
        self, step_key: str, subject: Any, *, actor: Actor, **given: Any
    ) -> Iterator[Taking]:
        """Take a step: check, compare-and-set the state, run the body, settle duties and journal.

        Raises:
            NotPermitted: the actor may not take this step on this subject (asked first).
            StaleState: the subject moved since the actor's copy was read.
            StepUnfit: the step does not fit the state, or a ``when`` condition refuses it.
            RuleBroken: a need is not met by what was given.
        """
        step = self.steps[step_key]
        self._permit(step, subject, actor)
        with transaction.atomic(), in_record_language(), noting_recipients() as told:
            seen = subject.state
            self._lock(subject)
            # Asked again on what the row holds now: a dispatch in between may have ended the right.
            self._permit(step, subject, actor)
            if subject.state != seen:
                raise self.stale(subject, actor)
            self._check_fit(step, subject, actor)
            self._check_needs(step, subject, given)
            signature = signature_for(actor, step.may, subject)
            taking = Taking(step, actor, now(), given, seen, signature, told=told)
            self._compare_and_set(subject, seen, self._target(step, subject, given))
            yield taking
            subject.save()
            self._finish(subject, taking)

    def settle(
        self, subject: Any, *, actor: Actor, at: datetime, undated: bool = False
    ) -> list[Duty]:
        """Bring duties into line with the subject outside a step, e.g. after a handover of posts."""
        return self._owe(subject, frozenset(), frozenset(), actor, at, undated=undated)

    def date_duties(self, subject: Any, *, undated: bool = False) -> None:
        """Reckon again what a subject owes and by when, and nothing else.

        ``undated``: where a year's calendar is missing, the duties stand without their dates.

        Raises:
            CalendarMissing: the year's calendar has still not been entered.
        """
        with transaction.atomic(), in_record_language():
            self._lock(subject)
            self.settle(subject, actor=SYSTEM, at=now(), undated=undated)

    def _permit(self, step: Step, subject: Any, actor: Actor) -> None:
        allowed = step.by_clock if actor is SYSTEM else may(actor, step.may, subject)
        if not allowed:
            raise NotPermitted(f"您的岗位不能对这件{self.label}“{step.label}”。")

    def _lock(self, subject: Any) -> None:
        # SQLite's IMMEDIATE transaction already holds the write lock; PostgreSQL locks the row.
        rows = type(subject)._base_manager.filter(pk=subject.pk)
        if connection.features.has_select_for_update:
            rows.select_for_update().values_list("pk").get()
        subject.refresh_from_db()

    def _check_fit(self, step: Step, subject: Any, actor: Actor) -> None:
        if subject.state not in step.sources:
            label = self.states[subject.state].label
            done = last_act(subject, actor)
            raise StepUnfit(
                f"这件{self.label}现在是“{label}”，不能“{step.label}”{done and '：'}{done}。请刷新页面。"
            )
        for condition in step.when:
            refusal = condition(subject)
            if refusal:
                raise StepUnfit(refusal)

    def _check_needs(self, step: Step, subject: Any, given: Mapping[str, Any]) -> None:
        for need in step.needs:
            refusal = need(subject, given)
            if refusal:
                raise RuleBroken(refusal, field=getattr(refusal, "field", ""))

    def _target(self, step: Step, subject: Any, given: Mapping[str, Any]) -> str:
        if step.to is None:
            return subject.state
        return step.to if isinstance(step.to, str) else step.to(subject, given)

    def _compare_and_set(self, subject: Any, old: str, new: str) -> None:
        rows = type(subject)._base_manager.filter(pk=subject.pk, state=old)
        if not rows.update(state=new):
            raise StaleState()
        subject.state = new

    def _finish(self, subject: Any, taking: Taking) -> None:
        step = taking.step
        settled = frozenset({step.key, *step.settles})
        taking.opened = self._owe(
            subject,
            settled,
            frozenset(step.lapses),
            taking.actor,
            taking.at,
            undated=step.undated,
            new=not taking.before,
        )
        for duty in taking.opened:
            if not duty.advisory:  # an invitation is put in words by the room that issues it
                tell_desk(duty)
        for listener in self._after.get(step.key, ()):
            listener(subject, taking)
        told = [name for key in taking.told if (name := self._called(subject, key))]
        # Last, because it names whom the step was told to.
        taking.line = write_line(
            subject,
            actor=taking.actor,
            verb=f"{self.key}.{step.key}",
            label=str(step.label),
            text=taking.text,
            data={
                **taking.data,
                "from": taking.before,
                "to": subject.state,
                **({"told": told} if told else {}),
            },
            audience=step.audience,
            at=taking.at,
            signature=(self._signs(subject, taking.actor) if self._signs else "")
            or taking.signature,
            new=not taking.before,
        )
        for reader in self._once_written.get(step.key, ()):
            reader(subject, taking)

    def _called(self, subject: Any, desk_key: str) -> str:
        return (self._calls(subject, desk_key) if self._calls else "") or desk_name(desk_key)

    def _owe(
        self,
        subject: Any,
        settled: frozenset[str],
        lapsed: frozenset[str],
        actor: Actor,
        at: datetime,
        *,
        undated: bool = False,
        new: bool = False,
    ) -> list[Duty]:
        state = self.states[subject.state]
        opened = owe(
            state.owes,
            subject,
            workflow=self.key,
            pauses=frozenset(state.pauses),
            settled=settled,
            lapsed=lapsed,
            actor=actor,
            at=at,
            undated=undated,
            new=new,
        )
        if self._keeps:
            self._keeps(subject)
        return opened

    # --- showing

    def diagram(self) -> str:
        """Return the table as a mermaid state diagram, for the room's README."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {state.key}: {state.label}" for state in self.states.values()]
        for step in self.steps.values():
            if step.to is None or callable(step.to):
                continue
            lines += [
                f"    {source or '[*]'} --> {step.to}: {step.label}"
                for source in step.sources or [""]
            ]
        return "\n".join(lines)
