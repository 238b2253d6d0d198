"""The journal for auditors: lines by subject, person, act and date; where it was last sealed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import rules
from django.apps import apps
from django.db.models import F, Q, QuerySet
from django.utils.dateparse import parse_datetime

from lianqi.kernel.access import secret_signers, visible_subjects
from lianqi.kernel.clock import SHANGHAI
from lianqi.kernel.models import JournalEntry, JournalHead
from lianqi.kernel.seals import read_seals


@dataclass(frozen=True)
class LastSeal:
    """When the journal was last sealed, how many chains grew since, and what is wrong."""

    at: datetime | None
    unsealed: int
    problem: str = ""


def journal_list(
    user: Any,
    *,
    subject_type: str = "",
    subject_id: int | None = None,
    actor: str = "",
    verb: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[JournalEntry]:
    """Return journal lines, newest first; both dates are included."""
    rows = JournalEntry.objects.all()
    if subject_type:
        rows = rows.filter(subject_type=subject_type)
    if subject_id is not None:
        rows = rows.filter(subject_id=subject_id)
    if actor:
        rows = rows.filter(actor_label__icontains=actor).exclude(secret_signers(user))
    if verb:
        rows = rows.filter(Q(verb__icontains=verb) | Q(label__icontains=verb))
    if since:
        rows = rows.filter(at__gte=datetime.combine(since, time.min, SHANGHAI))
    if until:
        rows = rows.filter(at__lt=datetime.combine(until + timedelta(days=1), time.min, SHANGHAI))
    return rows.order_by("-pk")


def withhold_matters(user: Any, lines: Iterable[Any]) -> None:
    """Mark the lines whose words are a matter this person does not see; the act stays readable.

    A room that has internal work (``<room>.see_internal``) shows its words only to those inside
    its row filter: an audit proves who did what and when, it does not read the firms' affairs.
    """
    by_kind: dict[str, list[Any]] = {}
    for line in lines:
        by_kind.setdefault(line.subject_type, []).append(line)
    for kind, told in by_kind.items():
        if not rules.perm_exists(f"{kind.partition('.')[0]}.see_internal"):
            continue
        rows = visible_subjects(user, kind)
        asked = {line.subject_id for line in told}
        seen = (
            set() if rows is None else set(rows.filter(pk__in=asked).values_list("pk", flat=True))
        )
        for line in told:
            line.withheld = line.subject_id not in seen


def subject_types() -> list[tuple[str, str]]:
    """Return (label, Chinese name) of every kind of record of the product."""
    found = [
        (model._meta.label_lower, str(model._meta.verbose_name))
        for model in apps.get_models()
        if model.__module__.startswith("lianqi.")
    ]
    return sorted(found, key=lambda pair: pair[1])


def subject_name(kinds: dict[str, str], line: Any) -> str:
    """Return the record of a line in words, e.g. 诉求 12."""
    return f"{kinds.get(line.subject_type, line.subject_type)} {line.subject_id}"


def last_seal() -> LastSeal:
    """Return the state of the seals outside the database."""
    unsealed = JournalHead.objects.filter(seq__gt=F("sealed_seq")).count()
    at: datetime | None = None
    for problem, seal in read_seals():
        if problem:
            return LastSeal(at, unsealed, problem)
        at = parse_datetime(seal["at"])
    lost = at is None and JournalHead.objects.filter(sealed_seq__gt=0).exists()
    return LastSeal(at, unsealed, "封存文件丢失，请从备份恢复后再校验。" if lost else "")
