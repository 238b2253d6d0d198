"""How far an appeal has come, who is at it and by when, in words for the firm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianqi.appeals.enums import AppealState as S
from lianqi.appeals.models import Appeal
from lianqi.enterprises.access import enterprise_ids
from lianqi.kernel.models import Duty, JournalEntry
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.remaining import remaining_text
from lianqi.organisation.access import head_desk, office_desk
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import User

_WORDS = {
    S.SUBMITTED: _("等待受理"),
    S.SUPPLEMENT: _("请您补充材料"),
    S.ACCEPTED: _("已受理，正在安排承办单位"),
    S.DISPATCHED: _("已转交承办单位"),
    S.DISPUTED: _("正在落实承办单位"),
    S.HANDLING: _("办理中"),
    S.SIGNING: _("办理中，答复正在审核"),
    S.REVIEW: _("办理中，答复正在审核"),
    S.ANSWERED: _("已答复，请您评价"),
    S.RATED: _("已评价，等待归档"),
    S.DISSATISFIED: _("正在核实您的评价"),
    S.ESCALATED: _("已提请专班组长督办"),
    S.CLOSED: _("已办结"),
    S.DECLINED: _("不予受理"),
    S.MERGED: _("与同类诉求合并办理"),
    S.WITHDRAWN: _("您已撤回"),
}
ENDED = (S.CLOSED, S.DECLINED, S.MERGED, S.WITHDRAWN)
# Each stage's name when it is done, and when it lies ahead.
_STAGES = (
    (_("已提交"), _("提交")),
    (_("已受理"), _("受理")),
    (_("已办理"), _("办理")),
    (_("已答复"), _("答复")),
    (_("已评价"), _("评价")),
    (_("已办结"), _("办结")),
)
_PLACES = {
    S.SUBMITTED: 1,
    S.ACCEPTED: 2,
    S.DISPATCHED: 2,
    S.DISPUTED: 2,
    S.HANDLING: 2,
    S.SIGNING: 3,
    S.REVIEW: 3,
    S.ANSWERED: 4,
    S.RATED: 5,
    S.DISSATISFIED: 5,
    S.ESCALATED: 5,
}
# Where the state's words would repeat the stages before.
_HERE = {
    S.ACCEPTED: _("正在安排承办单位"),
    S.SIGNING: _("答复正在审核"),
    S.REVIEW: _("答复正在审核"),
    S.ANSWERED: _("请您评价"),
    S.RATED: _("等待归档"),
}
# Which duty is the firm's date in a state, and what that date means.
_ANSWER_BY = ("request_closing", _("承诺答复时间"))
_PROMISES = {
    S.SUBMITTED: ("accept", _("承诺受理时间")),
    S.SUPPLEMENT: ("supplement", _("请在此前补充")),
    S.ACCEPTED: ("dispatch", _("承诺转交承办单位时间")),
    S.DISPATCHED: _ANSWER_BY,
    S.DISPUTED: _ANSWER_BY,
    S.HANDLING: _ANSWER_BY,
    S.SIGNING: _ANSWER_BY,
    S.REVIEW: _ANSWER_BY,
    S.ANSWERED: ("rate", _("可以评价到")),
    S.DISSATISFIED: ("redo", _("承诺核实时间")),
    S.ESCALATED: ("instruct", _("承诺研究时间")),
}


@dataclass(frozen=True)
class Stage:
    """One point of the progress line: ``status`` is done, now or next."""

    label: str
    status: str
    at: datetime | None = None


@dataclass(frozen=True)
class Promise:
    """The date that matters to the firm now, how it was reckoned, and its light."""

    label: str
    due_at: datetime | None
    light: str
    light_word: str
    remaining_text: str
    explanation: Sequence[dict[str, str]]

    @property
    def late(self) -> bool:
        """Whether the promise has been broken."""
        return self.light == "red"


@dataclass(frozen=True)
class Joined:
    """The appeal that a merged one is handled with: named and linked only if it is the firm's own."""

    number: str
    url: str
    answered: bool


def state_words(appeal: Appeal) -> str:
    """Return where the appeal stands, as one would tell a friend."""
    return str(_WORDS[S(appeal.state)])


def responsible(appeal: Appeal) -> str:
    """Return the unit or office that the firm may turn to; never a person."""
    if appeal.state == S.ESCALATED:
        return head_desk(BodyCode.TF3).label
    if appeal.lead_unit is None or appeal.state in (S.DISPUTED, S.DISSATISFIED):
        return office_desk(BodyCode.TF3).label
    return appeal.lead_unit.name


def joined_to(user: User, appeal: Appeal) -> Joined | None:
    """Return what a merged appeal is handled together with; None for any other appeal.

    Another firm's number is none of this firm's business: it is told only of its own.
    """
    into = appeal.merged_into
    if appeal.state != S.MERGED or into is None:
        return None
    own = into.enterprise_id in enterprise_ids(user)
    return Joined(
        number=into.number if own else "",
        url=into.get_absolute_url() if own else "",
        answered=JournalEntry.objects.about(appeal).filter(verb="appeal.answered_with").exists(),
    )


def stages(appeal: Appeal) -> list[Stage]:
    """Return the progress line: what is done, what goes on, what follows."""
    times = _times(appeal)
    if appeal.state in (S.DECLINED, S.MERGED, S.WITHDRAWN):
        done = [place for place in range(4) if times[place]]
        told = [Stage(str(_STAGES[place][0]), "done", times[place]) for place in done]
        return [*told, Stage(state_words(appeal), "done", appeal.closed_at)]
    here = _place(appeal)
    shown = [place for place in range(len(_STAGES)) if not _passed_over(place, here, times)]
    words = str(_HERE.get(S(appeal.state), _WORDS[S(appeal.state)]))
    return [_stage(place, here, times[place], words) for place in shown]


def _stage(place: int, here: int, at: datetime | None, words: str) -> Stage:
    done, ahead = _STAGES[place]
    if place < here:
        return Stage(str(done), "done", at)
    return Stage(words, "now") if place == here else Stage(str(ahead), "next")


def _place(appeal: Appeal) -> int:
    if appeal.state == S.CLOSED:
        return len(_STAGES)
    stood = appeal.resume_state if appeal.state == S.SUPPLEMENT else appeal.state
    return _PLACES[S(stood)]


def _passed_over(place: int, here: int, times: Sequence[datetime | None]) -> bool:
    """A rating that the firm did not give is not shown as given."""
    return _STAGES[place][1] == _STAGES[4][1] and place < here and times[place] is None


def _times(appeal: Appeal) -> list[datetime | None]:
    rated = appeal.ratings.filter(round=appeal.round).values_list("at", flat=True).first()  # type: ignore[attr-defined]
    return [
        appeal.submitted_at,
        appeal.accepted_at,
        None,
        appeal.answered_at,
        rated,
        appeal.closed_at,
    ]


def promise(appeal: Appeal) -> Promise | None:
    """Return the date that matters to the firm in this state, if there is one."""
    key, label = _PROMISES.get(S(appeal.state), ("", ""))
    live = [DutyState.OPEN, DutyState.PAUSED]
    duty = Duty.objects.about(appeal).filter(key=key, state__in=live).first() if key else None
    if duty is None or duty.due_at is None:
        return None
    return Promise(
        label=str(label),
        due_at=duty.due_at,
        light=duty.light,
        light_word=_light_word(duty),
        remaining_text=remaining_text(duty),
        explanation=_without_office_words(duty.explanation),
    )


def _light_word(duty: Duty) -> str:
    if duty.state == DutyState.PAUSED:
        return gettext("暂停计时")
    return gettext("等您来办") if duty.advisory else ""


def _without_office_words(lines: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """Name a stop of the clock as the firm knows the state it happened in."""
    friendly = {str(state.label): str(_WORDS[state]) for state in S}
    told = []
    for line in lines:
        text = str(line["text"])
        for office_word, words in friendly.items():
            text = text.replace(f"（{office_word}）", f"（{words}）")
        told.append({"kind": str(line["kind"]), "text": text})
    return told
