"""After the answer: rating, call back, redo, escalation, closing, reopening."""

from collections.abc import Sequence

from lianqi.appeals.actions.sampling import sample_closing
from lianqi.appeals.actions.sealing import without_identity
from lianqi.appeals.enums import AppealState, Level, RatingSource
from lianqi.appeals.models import Appeal, Callback, Rating
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import Actor
from lianqi.kernel.workflow import Taking


@without_identity
def rate_appeal(
    appeal: Appeal,
    *,
    actor: Actor,
    level: int,
    comment: str = "",
    reasons: Sequence[str] = (),
    source: str = RatingSource.PORTAL,
) -> Appeal:
    """Rate the answer once a round; a bad rating is checked, after a redo it goes up."""
    with APPEAL.taking("rate", appeal, actor=actor, level=level) as step:
        _keep_rating(appeal, step, level, comment, reasons, source)
        step.says(f"{Level(level).label}。{comment}", level=level)
    return appeal


def _keep_rating(
    appeal: Appeal, step: Taking, level: int, comment: str, reasons: Sequence[str], source: str
) -> None:
    Rating.objects.create(
        appeal=appeal,
        round=appeal.round,
        level=level,
        reasons=list(reasons),
        comment=comment,
        source=source,
        at=step.at,
    )


@without_identity
def call_back(appeal: Appeal, *, actor: Actor, note: str, level: int | None = None) -> Appeal:
    """Call the firm; where it has not rated, what it says on the phone is its rating.

    On a closed appeal that was drawn, a bad word takes the case up again.
    """
    with APPEAL.taking("callback", appeal, actor=actor, level=level) as step:
        call = Callback.objects.create(
            appeal=appeal, round=appeal.round, level=level, note=note, called_by=actor, at=step.at
        )
        unrated = not appeal.ratings.filter(round=appeal.round).exists()
        if level and unrated and step.before in (AppealState.ANSWERED, AppealState.CLOSED):
            _keep_rating(appeal, step, level, note, (), RatingSource.CALLBACK)
        if step.before == AppealState.CLOSED:
            appeal.samples.filter(round=appeal.round).update(callback=call)
            if appeal.state != AppealState.CLOSED:
                appeal.closed_at = None  # the firm says it is not done
        said = f"{Level(level).label}。" if level else ""
        step.says(f"{said}{note}", level=level)
    return appeal


@without_identity
def redo_appeal(appeal: Appeal, *, actor: Actor, note: str) -> Appeal:
    """Have a bad answer redone, once, under the unit's leader and with a fresh clock."""
    with APPEAL.taking("redo", appeal, actor=actor) as step:
        _begin_round(appeal, step)
        step.says(note)
    return appeal


@without_identity
def instruct_redo(appeal: Appeal, *, actor: Actor, note: str) -> Appeal:
    """Let the task force's head order another round on an escalated appeal."""
    with APPEAL.taking("instruct", appeal, actor=actor) as step:
        _begin_round(appeal, step)
        step.says(note)
    return appeal


def _begin_round(appeal: Appeal, step: Taking) -> None:
    appeal.round += 1
    appeal.clock_started_at = step.at
    appeal.contacted_at = appeal.answered_at = appeal.closed_at = None
    supersede_promises(appeal, step)
    appeal.cohandlers.filter(active=True).update(opinion_at=None)


def supersede_promises(appeal: Appeal, step: Taking) -> None:
    """Let what was promised and not checked yet go with the answer or appeal that promised it."""
    waiting = appeal.promises.filter(superseded_at=None, moved_to=None)  # type: ignore[attr-defined]
    waiting.exclude(kept=True).update(superseded_at=step.at, reopened_at=None)
    appeal.promised_on = appeal.promise_kept = None
    appeal.promises_drafted = []


@without_identity
def close_appeal(appeal: Appeal, *, actor: Actor, note: str = "") -> Appeal:
    """File the appeal away; against the firm's opinion only with the reason in writing."""
    with APPEAL.taking("close", appeal, actor=actor, note=note) as step:
        appeal.closed_at = step.at
        sample = sample_closing(appeal, at=step.at)
        step.says(note, **({"sample": sample.reasons, "draw": sample.draw} if sample else {}))
        step.says(note)
    return appeal


@without_identity
def recheck_promise(appeal: Appeal, *, actor: Actor, kept: bool, note: str) -> Appeal:
    """Say whether what was promised for this day has been done."""
    with APPEAL.taking("recheck_promise", appeal, actor=actor) as step:
        appeal.promise_kept = kept
        step.says(f"承诺{'已' if kept else '未'}兑现。{note}", kept=kept)
    return appeal


@without_identity
def reopen_appeal(appeal: Appeal, *, actor: Actor, reason: str) -> Appeal:
    """Take up a closed appeal again; its history stays and the clock starts anew.

    One that had been merged into another goes on by itself, as it came in.
    """
    with APPEAL.taking("reopen", appeal, actor=actor) as step:
        if step.before == AppealState.MERGED:
            appeal.merged_into = appeal.closed_at = None
        else:
            _begin_round(appeal, step)
        step.says(reason)
    return appeal
