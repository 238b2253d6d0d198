"""Hints about closings, and the sample of closed appeals that the office calls back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from lianqi.appeals.enums import BAD_LEVEL, AppealState, SampleReason
from lianqi.appeals.models import Appeal, CallbackSample, ClosingSignal
from lianqi.appeals.queries.closings import Found, signal_of_reopening, signals_of_answer
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import SYSTEM, Actor
from lianqi.kernel.clock import now
from lianqi.kernel.crypto import blind_index
from lianqi.kernel.journal import write_line
from lianqi.kernel.limits import time_limit

WHOLE = 10_000


def draw_of(number: str, round_: int) -> int:
    """Return the lot of an appeal's round, 0 to 9999: the same whenever it is drawn again.

    Keyed, so that nobody can foretell it without the key; with the key, everybody can repeat it.
    """
    return int(blind_index(f"{number}/{round_}", "callback-sample")[:12], 16) % WHOLE


def note_signals(appeal: Appeal, *, at: datetime) -> int:
    """Keep what stands out in the answer of this round, each hint once; return how many are new."""
    return _keep(appeal, appeal.round, signals_of_answer(appeal), at)


def note_reopening(appeal: Appeal, *, at: datetime) -> int:
    """Keep that the round before this one was closed and soon taken up again."""
    found = signal_of_reopening(appeal)
    ended = (
        appeal.round
        if appeal.state != AppealState.CLOSED and appeal.answered_at
        else appeal.round - 1
    )
    return _keep(appeal, max(ended, 1), [found] if found else [], at)


def _keep(appeal: Appeal, round_: int, found: Iterable[Found], at: datetime) -> int:
    known = set(
        ClosingSignal.objects.filter(appeal=appeal, round=round_).values_list("kind", flat=True)
    )
    fresh = [
        ClosingSignal(
            appeal=appeal, round=round_, kind=one.kind, text=one.text, facts=one.facts, found_at=at
        )
        for one in found
        if one.kind not in known
    ]
    # Two workers may look at once: the hint is kept once.
    return len(ClosingSignal.objects.bulk_create(fresh, ignore_conflicts=True))


def sample_closing(appeal: Appeal, *, at: datetime) -> CallbackSample | None:
    """Draw whether a closing is called back; all dissatisfied and flagged ones are.

    Called while the appeal is being closed, so that the closed state owes the call at once. An
    answer about which the firm has been called already is not called about again.
    """
    if appeal.callbacks.filter(round=appeal.round).exists():  # type: ignore[attr-defined]
        return None
    reasons = []
    if appeal.ratings.filter(round=appeal.round, level__lte=BAD_LEVEL).exists():  # type: ignore[attr-defined]
        reasons.append(SampleReason.BAD.value)
    if ClosingSignal.objects.filter(appeal=appeal, round=appeal.round).exists():
        reasons.append(SampleReason.SIGNAL.value)
    draw = draw_of(appeal.number, appeal.round)
    share = time_limit("appeal.sample.share").amount * WHOLE // 100
    if not reasons and draw < share:
        reasons.append(SampleReason.RANDOM.value)
    if not reasons:
        return None
    sample, _ = CallbackSample.objects.get_or_create(
        appeal=appeal,
        round=appeal.round,
        defaults={"reasons": reasons, "draw": draw, "share": share, "drawn_at": at},
    )
    return sample


@transaction.atomic
def sample_late(appeal: Appeal, *, actor: Actor = SYSTEM) -> CallbackSample | None:
    """Draw a closed appeal about which a hint came up only afterwards; the office owes the call."""
    appeal = Appeal.objects.select_for_update().get(pk=appeal.pk)
    if appeal.state != AppealState.CLOSED:
        return None
    if CallbackSample.objects.filter(appeal=appeal, round=appeal.round).exists():
        return None
    at = now()
    sample = sample_closing(appeal, at=at)
    if sample is None:
        return None
    reasons = "、".join(str(SampleReason(reason).label) for reason in sample.reasons)
    write_line(
        appeal,
        actor=actor,
        verb="appeal.sample",
        label="列入回访抽样",
        text=reasons,
        data={"reasons": sample.reasons, "draw": sample.draw, "share": sample.share},
        at=at,
    )
    APPEAL.settle(appeal, actor=actor, at=at)
    return sample
