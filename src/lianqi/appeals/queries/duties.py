"""What is owed on appeals now: the live duties behind lights, dates and the next step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow.covering import firm_label
from lianqi.kernel.access import desks_of
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.remaining import remaining_text
from lianqi.kernel.workdays import calendar
from lianqi.organisation.models import User

ABOUT_APPEALS = Appeal._meta.label_lower
ON_A_LINE = (
    "subject_id", "key", "label", "holder", "holder_label", "unit_code", "state", "advisory",
    "due_at", "amber_at", "red_at", "limit_key",
)  # fmt: skip
_URGENCY = ("red", "amber", "green", "blue", "grey")


@dataclass(frozen=True)
class LiveDuty:
    """A duty that is still owed, as pages show it."""

    duty: Duty
    remaining_text: str

    @property
    def light(self) -> str:
        """The duty's light."""
        return self.duty.light

    @property
    def light_word(self) -> str:
        """The word of a grey light that says more than its usual one."""
        if self.duty.state == DutyState.PAUSED:
            return _("暂停计时")
        return _("提示") if self.duty.advisory else ""

    @property
    def due_at(self) -> datetime | None:
        """When it is due."""
        return self.duty.due_at

    @property
    def explanation(self) -> list[dict[str, str]]:
        """How the date was reckoned, line by line."""
        return list(self.duty.explanation)

    @property
    def _rank(self) -> tuple[Any, ...]:
        due = self.due_at
        return (self.duty.advisory, _URGENCY.index(self.light), due is None, due, self.duty.pk)


def duties_told(
    user: User, appeal: Appeal, duties: list[LiveDuty], *, everything: bool
) -> list[LiveDuty]:
    """Return those of the live duties that this person is told of, on pages and in the API.

    Who does not see ``everything`` (the internal work) sees what it owes itself and what the firm
    waits for, not what units and offices owe each other.
    """
    if everything:
        return duties
    desks, firm = desks_of(user), firm_label(appeal)
    return [live for live in duties if live.duty.holder in desks or live.duty.waiting == firm]


def live_duties(appeals: Iterable[Appeal], *, explained: bool = True) -> dict[int, list[LiveDuty]]:
    """Return the live duties of each appeal, the most urgent first, in two queries for all.

    Lists leave out how the dates were reckoned (``explained``): they show a line, not the reasons.
    """
    found: dict[int, list[LiveDuty]] = {appeal.pk: [] for appeal in appeals}
    if not found:
        return found
    rows = Duty.objects.filter(
        subject_type=ABOUT_APPEALS,
        subject_id__in=list(found),
        state__in=[DutyState.OPEN, DutyState.PAUSED],
    )
    if not explained:
        rows = rows.only(*ON_A_LINE)
    working = calendar()
    for duty in rows:
        # The light of a clock that stands says so already.
        left = "" if duty.state == DutyState.PAUSED else remaining_text(duty, working)
        found[duty.subject_id].append(LiveDuty(duty, left))
    for duties in found.values():
        duties.sort(key=lambda live: live._rank)
    return found
