"""Everything the page of one appeal shows, shaped for the person who looks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from lianqi.appeals.enums import SEALED_FIRM, AppealState, CommunicationKind
from lianqi.appeals.models import (
    Appeal,
    Callback,
    CoHandler,
    Communication,
    ExtensionRequest,
    Promise,
    Rating,
    ReturnOrder,
)
from lianqi.appeals.queries.duties import LiveDuty, duties_told, live_duties
from lianqi.appeals.queries.identity import (
    Identity,
    SealedParts,
    identities,
    identity,
    sealed_parts,
)
from lianqi.appeals.queries.promises import PromiseLine, promises_of
from lianqi.appeals.queries.timeline import (
    FOR_FIRMS,
    FileRow,
    TimelineEntry,
    appeal_timeline,
    audiences,
    file_rows,
    visible_files,
)
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import may
from lianqi.kernel.models import Attachment, ClockPause
from lianqi.kernel.templatetags.ui import moment
from lianqi.organisation.enums import Post
from lianqi.organisation.models import Appointment, User

# What may stand beside an appeal: the table, and the column that points to the appeal.
BESIDE: dict[str, tuple[type[Model], str]] = {
    "merged": (Appeal, "merged_into_id"),
    "ratings": (Rating, "appeal_id"),
    "callbacks": (Callback, "appeal_id"),
    "returns": (ReturnOrder, "appeal_id"),
    "extensions": (ExtensionRequest, "appeal_id"),
    "promises": (Promise, "appeal_id"),
    "helpers": (CoHandler, "appeal_id"),
    "communications": (Communication, "appeal_id"),
}
ABOUT: dict[str, type[Model]] = {"pauses": ClockPause, "files": Attachment}
FILED = 1  # the journal line with which the appeal came in


@dataclass(frozen=True)
class StepLink:
    """A step this person may take now."""

    key: str
    label: str
    url: str
    tone: str


@dataclass(frozen=True)
class Party:
    """A unit or firm concerned, what it is to the appeal, and whom to ask for there."""

    name: str
    post: str
    unit: str = ""
    phone: str = ""
    url: str = ""


@dataclass(frozen=True)
class AppealRecord:
    """One appeal as one person may see it."""

    appeal: Appeal
    internal: bool
    facts: list[tuple[str, Any]]
    steps: list[StepLink]
    duties: list[LiveDuty]
    timeline: list[TimelineEntry]
    files: list[FileRow]
    parties: list[Party]
    communications: list[Communication]
    ratings: list[Rating]
    callbacks: list[Callback]
    returns: list[ReturnOrder]
    extensions: list[ExtensionRequest]
    pauses: list[ClockPause]
    promises: list[PromiseLine]
    merged: list[tuple[Appeal, Identity]]
    identity: Identity
    sealed: SealedParts

    @property
    def light(self) -> LiveDuty | None:
        """The most urgent duty, whose light stands beside the title."""
        return next(iter(self.duties), None)

    @property
    def reply_note(self) -> str:
        """What the answer on the page is, while it is not the one the firm has now."""
        if self.appeal.answered_at or not self.appeal.reply:
            return ""
        if self.appeal.state in (AppealState.SIGNING, AppealState.REVIEW):
            return _("拟稿，审核通过后发给企业。")
        if self.appeal.round > 1:
            return _("上一轮的答复，已发企业；本轮正在重新办理。")
        return _("退回修改的拟稿，还没有发给企业。")

    @property
    def drafted(self) -> list[dict[str, Any]]:
        """What the drafted answer would promise: words and day."""
        return [
            {"text": promise["text"], "on": date.fromisoformat(promise["on"])}
            for promise in self.appeal.promises_drafted
        ]

    @property
    def added(self) -> list[tuple[Communication, str]]:
        """What helpers and the firm added, with its author; the rest of what was said is in the timeline."""
        kinds = (CommunicationKind.OPINION, CommunicationKind.SUPPLEMENT)
        return [(said, self._author(said)) for said in self.communications if said.kind in kinds]

    def _author(self, said: Communication) -> str:
        by_firm = said.kind == CommunicationKind.SUPPLEMENT
        return SEALED_FIRM if by_firm and self.identity.hidden else str(said.author)


def appeal_record(
    user: User, appeal: Appeal, *, step_address: str = "appeals:appeal_step"
) -> AppealRecord:
    """Return what this person may see of an appeal that the row filter has let through.

    ``step_address`` names the address of the steps' forms (number, step key).
    """
    internal = may(user, "appeals.see_internal", appeal)
    there = _what_is_there(appeal)
    everything = audiences(user, appeal) is None
    said = appeal.communications.select_related("unit", "author")  # type: ignore[attr-defined]
    said_all = list(said) if there["communications"] else []
    extensions = appeal.extensions.all()  # type: ignore[attr-defined]
    files = list(visible_files(user, appeal)) if there["files"] else []
    whose = identity(user, appeal)
    merged = (
        list(appeal.merged.select_related("enterprise")) if internal and there["merged"] else []
    )  # type: ignore[attr-defined]
    merged_from = identities(user, merged)
    return AppealRecord(
        appeal=appeal,
        internal=internal,
        facts=_facts(appeal, whose),
        steps=open_steps(user, appeal, step_address),
        duties=duties_told(user, appeal, live_duties([appeal])[appeal.pk], everything=everything),
        timeline=appeal_timeline(user, appeal, files),
        files=file_rows(file for file in files if file.line <= FILED),
        parties=_parties(appeal, internal, said_all, helped=there["helpers"]),
        communications=said_all
        if everything
        else [one for one in said_all if one.audience in FOR_FIRMS],
        ratings=list(appeal.ratings.all()) if there["ratings"] else [],  # type: ignore[attr-defined]
        callbacks=list(appeal.callbacks.select_related("called_by"))
        if internal and there["callbacks"]
        else [],  # type: ignore[attr-defined]
        returns=list(appeal.returns.select_related("unit", "new_unit"))
        if internal and there["returns"]
        else [],  # type: ignore[attr-defined]
        extensions=list(extensions if internal else extensions.filter(approved=True))
        if there["extensions"]
        else [],
        pauses=list(ClockPause.objects.about(appeal).order_by("began_at"))
        if there["pauses"]
        else [],
        promises=promises_of(appeal) if there["promises"] else [],
        merged=[(one, merged_from[one.pk]) for one in merged],
        identity=whose,
        sealed=sealed_parts(user, appeal),
    )


def _what_is_there(appeal: Appeal) -> dict[str, bool]:
    """Say in one query what the appeal has any of; most have few of these, and each is a query."""
    with connection.cursor() as cursor:
        cursor.execute(_question(), {"pk": appeal.pk, "kind": Appeal._meta.label_lower})
        return dict(zip([*BESIDE, *ABOUT], map(bool, cursor.fetchone()), strict=True))


@cache
def _question() -> str:
    about = "subject_type = %(kind)s AND subject_id = %(pk)s"
    places = [(model, f"{column} = %(pk)s") for model, column in BESIDE.values()]
    places += [(model, about) for model in ABOUT.values()]
    parts = [
        f'EXISTS (SELECT 1 FROM "{model._meta.db_table}" WHERE {where})'  # noqa: S608 our own names
        for model, where in places
    ]
    return f"SELECT {', '.join(parts)}"


def open_steps(
    user: User, appeal: Appeal, step_address: str = "appeals:appeal_step"
) -> list[StepLink]:
    """Return the steps this person may take now, the main one first, the grave ones last."""
    order = ("primary", "normal", "danger")
    steps = APPEAL.open_steps(appeal, user)
    return [
        StepLink(
            step.key,
            str(step.label),
            reverse(step_address, args=[appeal.number, step.key]),
            step.tone,
        )
        for step in sorted(steps, key=lambda step: order.index(step.tone))
    ]


def _facts(appeal: Appeal, whose: Identity) -> list[tuple[str, Any]]:
    facts = [
        (_("类别"), appeal.get_kind_display()),
        (_("渠道"), appeal.get_channel_display()),
        (_("市平台编号"), whose.upstream_id),
        (_("提交时间"), moment(appeal.submitted_at)),
        (_("答复时间"), moment(appeal.answered_at)),
        (_("办理结果"), appeal.get_outcome_display()),
        (_("不予受理原因"), appeal.get_decline_reason_display()),
        (_("建议途径"), appeal.decline_route),
        (_("办结时间"), moment(appeal.closed_at)),
    ]
    if appeal.round > 1:
        facts.append((_("办理轮次"), _("第 %(round)s 轮") % {"round": appeal.round}))
    return [(label, value) for label, value in facts if value]


# --- people and units


def _parties(
    appeal: Appeal, internal: bool, said: Iterable[Communication], *, helped: bool
) -> list[Party]:
    active = appeal.cohandlers.filter(active=True).select_related("unit")  # type: ignore[attr-defined]
    helpers = list(active) if helped else []
    units = [helper.unit_id for helper in helpers]
    if appeal.lead_unit_id:
        units.append(appeal.lead_unit_id)
    people = _people_of(units) if internal and units else {}
    spoken = _rounds_spoken(said)
    parties = []
    if appeal.lead_unit is not None:
        lead = appeal.lead_unit
        told = people.get(lead.pk, "") if internal else ""
        parties.append(Party(lead.name, _("主办"), told))
    for helper in helpers:
        given = _opinions_text(appeal, helper, spoken[helper.unit_id])
        told = people.get(helper.unit_id, "") if internal else ""
        role = f"{_('协办')} · {given}" if internal else _("协办")
        parties.append(Party(helper.unit.name, role, told))
    return parties


def _rounds_spoken(said: Iterable[Communication]) -> dict[int, list[int]]:
    """Return the rounds in which each helping unit has given its opinion."""
    opinions = {(one.round, one.unit_id) for one in said if one.kind == CommunicationKind.OPINION}
    rounds: defaultdict[int, list[int]] = defaultdict(list)
    for number, unit in sorted(opinions, key=lambda given: given[0]):
        rounds[unit or 0].append(number)
    return rounds


def _opinions_text(appeal: Appeal, helper: CoHandler, spoken: list[int]) -> str:
    """Say in which rounds the helper has spoken, and whether it owes this round's opinion."""
    if appeal.round == 1:
        return _("意见已交") if helper.opinion_at else _("意见未交")
    rounds = sorted({*spoken, appeal.round})
    given = [number in spoken for number in rounds]
    words = {True: _("第 %(round)s 轮意见已交"), False: _("第 %(round)s 轮意见未交")}
    told = (words[done] % {"round": number} for number, done in zip(rounds, given, strict=True))
    return " · ".join(told)


def _people_of(unit_ids: Iterable[int]) -> dict[int, str]:
    """Return who is liaison and leader of each unit, in words."""
    held = Q(post__in=[Post.LIAISON, Post.LEADER], unit_id__in=list(unit_ids), body=None)
    rows = Appointment.objects.in_force().filter(held, user__is_active=True).select_related("user")
    told: dict[int, list[str]] = {}
    for row in rows:
        acting = _("（代理）") if row.acting_for_id else ""
        told.setdefault(row.unit_id or 0, []).append(f"{row.get_post_display()} {row.user}{acting}")
    return {unit: "，".join(sorted(names, reverse=True)) for unit, names in told.items()}
