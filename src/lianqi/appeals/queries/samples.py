"""回访抽样: the closed appeals drawn for a call, what each was drawn for, and what came of it."""

from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet

from lianqi.appeals.enums import AppealState, SampleReason
from lianqi.appeals.models import CallbackSample, ClosingSignal

# A draw whose appeal has been taken up again meanwhile owes no call any more.
_WAITS = Q(callback=None, appeal__state=AppealState.CLOSED, round=F("appeal__round"))
VIEWS = ("open", "done", "all")


@dataclass(frozen=True)
class SampleCounts:
    """How many draws wait for their call, how many have had it."""

    open: int
    done: int
    all: int


def sample_rows(view: str = "open", unit: str = "") -> QuerySet[CallbackSample]:
    """Return the draws of a view: "open" waits for its call, "done" has had it, "all"."""
    signals = ClosingSignal.objects.order_by("pk")
    rows = CallbackSample.objects.select_related(
        "appeal", "appeal__enterprise", "appeal__lead_unit", "callback", "callback__called_by"
    ).prefetch_related(Prefetch("appeal__signals", queryset=signals))
    if view == "open":
        rows = rows.filter(_WAITS)
    if view == "done":
        rows = rows.filter(callback__isnull=False)
    return rows.filter(appeal__lead_unit__code=unit) if unit else rows


def sample_counts() -> SampleCounts:
    """Return the numbers of the views, in one query."""
    return SampleCounts(
        **CallbackSample.objects.aggregate(
            open=Count("pk", filter=_WAITS),
            done=Count("pk", filter=Q(callback__isnull=False)),
            all=Count("pk"),
        )
    )


def reason_words(sample: CallbackSample) -> str:
    """Say why an appeal was drawn."""
    return "、".join(str(SampleReason(reason).label) for reason in sample.reasons)


def hints_of(sample: CallbackSample) -> list[ClosingSignal]:
    """Return the hints about the answer of the draw's round, from what the list has loaded."""
    return [one for one in sample.appeal.signals.all() if one.round == sample.round]  # type: ignore[attr-defined]
