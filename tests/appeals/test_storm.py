"""A storm: random steps by random roles on a few appeals, and what must hold whatever happens."""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from lianqi.appeals.enums import Level, Outcome
from lianqi.appeals.jobs import urge_overdue
from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import people_at
from lianqi.kernel.chores import remind_due
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import ClockPause, Duty
from tests.appeals.stage import MORNING, PROMISED, STEPS, WAYS, Stage

pytestmark = pytest.mark.django_db
# Its holder owes it while others have the next step: the answer, until it has been checked.
OWED_IN_ADVANCE = {("request_closing", state) for state in ("dispatched", "disputed", "signing")}
USUALLY = {
    "submitted": "accept",
    "supplement": "supplement",
    "accepted": "dispatch",
    "dispatched": "sign",
    "disputed": "rule_return",
    "handling": "request_closing",
    "signing": "sign_closing",
    "review": "approve_closing",
    "answered": "rate_badly",
    "rated": "close",
    "dissatisfied": "redo",
    "escalated": "instruct",
    "closed": "reopen",
}
CLOSED_FOR_GOOD = {"closed", "declined", "merged", "withdrawn"}


class Storm(RuleBasedStateMachine):
    """Two appeals of one district, one of them urgent, in a year with a calendar."""

    def __init__(self):
        """Open a transaction that is never committed, and stop the clock."""
        super().__init__()
        self.clock = time_machine.travel(MORNING, tick=False)
        self.now = self.clock.start()
        self.change = transaction.atomic()
        self.change.__enter__()
        self.numbers = {}

    @initialize(state=st.sampled_from(sorted(WAYS)))
    def begin(self, state):
        """One appeal has come to some state, an urgent one has just come in."""
        self.stage = Stage.at(state, kind="complaint")
        self.appeals = [self.stage.appeal, self.stage.twin]
        Appeal.objects.filter(pk=self.stage.twin.pk).update(urgent=True)
        self.numbers = {appeal.pk: appeal.number for appeal in self.appeals}

    def teardown(self):
        """Undo everything."""
        transaction.set_rollback(True)
        self.change.__exit__(None, None, None)
        self.clock.stop()

    def attempt(self, which, key, role, **given):
        """Take a step on a copy as it stands; only refusals in plain words may come out."""
        self.now.shift(timedelta(minutes=1))
        usual_role, act, usually = STEPS[key]
        appeal = Appeal.objects.get(pk=self.appeals[which].pk)
        actor = self.stage.who[role or usual_role]
        with suppress(RuleBroken), transaction.atomic():
            act(appeal, actor=actor, **{**usually(self.stage), **given})

    def roles_that_see(self, which):
        """Return the buttons shown now: step and role, without those that end the matter."""
        appeal = Appeal.objects.get(pk=self.appeals[which].pk)
        return [
            (step.key, role)
            for role, user in self.stage.who.items()
            for step in APPEAL.open_steps(appeal, user)
            if step.key not in ("merge", "withdraw", "decline")
        ]

    @rule(which=st.integers(0, 1), times=st.integers(1, 9), content=st.booleans())
    def the_work_goes_on(self, which, times, content):
        """What offices do all day: one usual step after the other."""
        for _ in range(times):
            key = USUALLY.get(Appeal.objects.get(pk=self.appeals[which].pk).state)
            role = dict(self.roles_that_see(which)).get(key.removesuffix("_badly")) if key else None
            if role is None:
                return
            self.attempt(which, key.removesuffix("_badly") if content else key, role)

    @rule(which=st.integers(0, 1), pick=st.randoms(use_true_random=False))
    def one_of_the_open_steps(self, which, pick):
        """Somebody presses one of the buttons shown."""
        shown = self.roles_that_see(which)
        if shown:
            key, role = pick.choice(shown)
            self.attempt(which, key, role)

    @rule(
        which=st.integers(0, 1),
        key=st.sampled_from(sorted(set(STEPS))),
        role=st.sampled_from(
            ["office", "liaison", "leader", "co_liaison", "stranger", "firm", "head"]
        ),
    )
    def step_by_anybody(self, which, key, role):
        """What nobody should, too."""
        self.attempt(which, key, role)

    @rule(
        which=st.integers(0, 1),
        uphold=st.booleans(),
        to=st.sampled_from(["lead", "helping", "other"]),
    )
    def ruling(self, which, uphold, to):
        """A return, and a ruling on it one way or the other."""
        self.attempt(which, "return_order", "liaison")
        unit = getattr(self.stage, to)
        self.attempt(which, "rule_return", "office", upheld=uphold, lead_unit=unit)

    @rule(which=st.integers(0, 1), approve=st.booleans(), days=st.integers(-1, 12))
    def extension(self, which, approve, days):
        """A request, and a decision."""
        self.attempt(which, "request_extension", "liaison", days=days)
        self.attempt(which, "decide_extension", "office", approve=approve)

    @rule(which=st.integers(0, 1), outcome=st.sampled_from(Outcome.values), direct=st.booleans())
    def answer(self, which, outcome, direct):
        """An answer of any outcome, checked at once."""
        given = {"outcome": outcome, "promised_on": PROMISED if outcome == "planned" else None}
        if direct:
            self.attempt(which, "answer_directly", "office", **given)
            return
        self.attempt(which, "request_closing", "liaison", **given)
        self.attempt(which, "sign_closing", "leader")
        self.attempt(which, "approve_closing", "office")

    @rule(which=st.integers(0, 1), level=st.sampled_from(Level.values), by_phone=st.booleans())
    def rating(self, which, level, by_phone):
        """A rating, on the page or on the phone."""
        if by_phone:
            self.attempt(which, "callback", "office", level=level)
        else:
            self.attempt(which, "rate", ("firm", "rival")[which], level=level)

    @rule(days=st.integers(0, 6), hours=st.integers(0, 23))
    def time_passes(self, days, hours):
        """The clock moves on and its jobs run."""
        self.now.shift(timedelta(days=days, hours=hours))
        remind_due()
        urge_overdue()

    @invariant()
    def live_duties_are_what_the_table_says(self):
        """No more and no less is owed, and what stands still is what the state pauses."""
        for appeal in Appeal.objects.all():
            state = APPEAL.states[appeal.state]
            owed = {
                (rule.key, part.key, desk)
                for rule in state.owes
                for part in rule.owed_parts(appeal)
                for desk in rule.desks(appeal)
            }
            live = Duty.objects.about(appeal)
            assert set(live.filter(state="open").values_list("key", "part", "holder")) == owed
            standing = set(live.filter(state="paused").values_list("key", flat=True))
            assert standing <= set(state.pauses)
            stopped = ClockPause.objects.about(appeal).filter(ended_at=None)
            assert set(stopped.values_list("duty_key", flat=True)) == standing

    @invariant()
    def whoever_owes_a_step_may_take_it(self):
        """No desk has a duty without a button."""
        for appeal in Appeal.objects.all():
            for owed in Duty.objects.about(appeal).filter(state="open"):
                if (owed.key, appeal.state) in OWED_IN_ADVANCE:
                    continue
                if appeal.state == "answered" and owed.key == "close":
                    continue  # opens when the firm's days are over, or the call has been made
                seated = people_at(owed.holder)
                shown = {step.key for user in seated for step in APPEAL.open_steps(appeal, user)}
                assert not seated or owed.key in shown, (appeal.state, appeal.round, owed.key)

    @invariant()
    def what_is_over_owes_nothing_but_its_promise_and_its_call(self):
        """A closed matter rests."""
        for appeal in Appeal.objects.filter(state__in=CLOSED_FOR_GOOD):
            live = Duty.objects.about(appeal).filter(state__in=["open", "paused"])
            drawn = appeal.samples.filter(round=appeal.round, callback=None).exists()
            owed = {"recheck_promise", "move_promise"} | ({"callback"} if drawn else set())
            assert set(live.values_list("key", flat=True)) <= owed

    @invariant()
    def the_record_is_whole(self):
        """The chain holds, numbers stay, an answer is rated once, dates agree with duties."""
        assert verify_journal().broken == ""
        for appeal in Appeal.objects.filter(pk__in=self.numbers):
            rounds = list(appeal.ratings.values_list("round", flat=True))
            assert (appeal.number, len(rounds)) == (self.numbers[appeal.pk], len(set(rounds)))
            assert appeal.returns.count() <= 1
            live = Duty.objects.about(appeal).filter(state__in=["open", "paused"], advisory=False)
            answer = live.filter(key="request_closing").first()
            leading = answer or live.exclude(due_at=None).order_by("due_at").first()
            assert appeal.due_at == (leading.due_at if leading else None)


def test_whatever_anybody_tries_the_rules_hold():
    run_state_machine_as_test(
        Storm,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_storm_would_notice_a_duty_that_is_not_owed():
    storm = Storm()
    storm.begin("submitted")
    Duty.objects.filter(key="accept").update(state="moot")

    with pytest.raises(AssertionError):
        storm.live_duties_are_what_the_table_says()
    storm.teardown()


def test_the_usual_way_goes_through_the_storm_unharmed():
    storm = Storm()
    storm.begin("submitted")
    for key in ("accept", "dispatch", "sign", "request_closing", "sign_closing", "approve_closing"):
        storm.attempt(0, key, "")
        storm.live_duties_are_what_the_table_says()
    storm.time_passes(6, 0)

    state = Appeal.objects.get(pk=storm.appeals[0].pk).state
    storm.teardown()

    assert state == "answered"
