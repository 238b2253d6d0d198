"""Frozen rates: counted again from what was kept, compared with today, and fit for the public."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lianqi.appeals.access import handling_units, oversees_appeals
from lianqi.appeals.enums import ContactFact, FirmWord, Kind, Level, Outcome, RateKey
from lianqi.appeals.models import Appeal, CaseFact, CaseFacts, Exclusion, FrozenFact, FrozenRates
from lianqi.appeals.models.rates import FACT_NAMES
from lianqi.appeals.queries.periods import Period
from lianqi.appeals.queries.rates import (
    CELLS,
    RatesTable,
    counts_by_unit,
    facts_between,
    percent_text,
    table_of,
    total_of,
)
from lianqi.kernel.crypto import sm3
from lianqi.kernel.models import JournalEntry
from lianqi.kernel.paging import query_url
from lianqi.kernel.templatetags.ui import word
from lianqi.organisation.models import Unit, User

MOST_CHANGES = 200
_NAMES = {field.attname: str(field.verbose_name) for field in CaseFacts._meta.local_fields}
_WORDS: dict[str, Mapping[Any, Any]] = {
    "kind": dict(Kind.choices),
    "contact": dict(ContactFact.choices),
    "outcome": dict(Outcome.choices),
    "word": dict(FirmWord.choices),
    "level": dict(Level.choices),
}


@dataclass(frozen=True)
class Changed:
    """An appeal whose facts are not today what they were at the freeze, and what happened since."""

    appeal: Appeal
    differences: list[tuple[str, str, str]]
    since: list[str]


@dataclass(frozen=True)
class PublicCell:
    """A rate as everybody may read it; ``closed`` where it is too small to show."""

    label: str
    hits: int = 0
    of: int = 0
    closed: bool = False

    @property
    def percent(self) -> str:
        """The rate in percent."""
        return percent_text(self.hits, self.of)


def visible_tables(user: User) -> QuerySet[FrozenRates]:
    """Return the frozen tables an official may open; a unit finds its own line in each."""
    if oversees_appeals(user) or handling_units(user):
        return FrozenRates.objects.select_related("frozen_by")
    return FrozenRates.objects.none()


def frozen_counts(table: FrozenRates) -> dict[str, dict[str, int]]:
    """Count a frozen table's figures from its own rows."""
    return counts_by_unit(FrozenFact.objects.filter(table=table))


def digest_of(table: FrozenRates) -> str:
    """Return the SM3 digest over every fact of every frozen row, in order of the appeals."""
    rows = FrozenFact.objects.filter(table=table).order_by("appeal_id")
    told = [list(row) for row in rows.values_list("appeal_id", *FACT_NAMES)]
    return sm3(json.dumps(told, default=str).encode())


def is_intact(table: FrozenRates) -> bool:
    """Whether counting again gives the same figures from the same rows."""
    return table.figures == frozen_counts(table) and table.digest == digest_of(table)


def frozen_rates_table(user: User, table: FrozenRates) -> RatesTable:
    """Return the table as it was frozen: every unit for overseers, else one's own and the sum."""
    everything, own = oversees_appeals(user), handling_units(user)
    units = [
        (one.code, one.name)
        for one in Unit.objects.filter(code__in=table.figures).order_by("code")
        if everything or one.pk in own
    ]

    def link(cell: str, code: str) -> str:
        if not (code or everything):
            return ""
        return query_url(
            reverse("appeals:frozen_rate_rows", args=[table.number]), cell=cell, unit=code
        )

    return table_of(
        Period(table.first_day, table.last_day),
        table.figures,
        units,
        link=link,
        least=table.settings_then["least"],
    )


def frozen_rate_rows(
    user: User, table: FrozenRates, cell: str, *, unit: str = ""
) -> QuerySet[FrozenFact]:
    """Return the frozen rows a figure was counted from; KeyError for an unknown figure."""
    rows = FrozenFact.objects.filter(CELLS[cell], table=table)
    if not oversees_appeals(user):
        rows = rows.filter(unit_id__in=handling_units(user))
    if unit:
        rows = rows.filter(unit__code=unit)
    return rows.select_related("appeal", "appeal__enterprise", "unit")


def changes_since(table: FrozenRates) -> list[Changed]:
    """Return the appeals whose facts have changed since the freeze, with the steps in between."""
    then = {row.appeal_id: row for row in FrozenFact.objects.filter(table=table)}
    now_rows = {row.appeal_id: row for row in facts_between(table.first_day, table.last_day)}
    moved = [
        appeal_id
        for appeal_id in sorted(then.keys() | now_rows.keys())
        if _values(then.get(appeal_id)) != _values(now_rows.get(appeal_id))
    ][:MOST_CHANGES]
    appeals = Appeal.objects.in_bulk(moved)
    units = dict(Unit.objects.values_list("pk", "name"))
    told = _told_since(table, moved)
    return [
        Changed(
            appeals[one], _differences(then.get(one), now_rows.get(one), units), told.get(one, [])
        )
        for one in moved
    ]


def _values(row: CaseFacts | None) -> list[Any] | None:
    return [getattr(row, name) for name in FACT_NAMES] if row else None


def _differences(
    then: FrozenFact | None, live: CaseFact | None, units: Mapping[int, str]
) -> list[tuple[str, str, str]]:
    if then is None or live is None:
        was = _("不在表内") if then is None else _("在表内")
        return [(_("是否在表内"), was, _("在表内") if live else _("不在表内"))]
    return [
        (
            _NAMES[name],
            _said(name, getattr(then, name), units),
            _said(name, getattr(live, name), units),
        )
        for name in FACT_NAMES
        if getattr(then, name) != getattr(live, name)
    ]


def _said(name: str, value: Any, units: Mapping[int, str]) -> str:
    if name == "unit_id":
        return units.get(value, str(value))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    known = _WORDS.get(name, {})
    return str(known.get(value, value)) if value not in (None, "") else _("无")


def _told_since(table: FrozenRates, appeal_ids: list[int]) -> dict[int, list[str]]:
    """Return the steps taken on these appeals and their exclusions since the freeze, in words."""
    excluded = dict(
        Exclusion.objects.filter(appeal_id__in=appeal_ids).values_list("pk", "appeal_id")
    )
    about = [(Appeal._meta.label_lower, appeal_ids), (Exclusion._meta.label_lower, list(excluded))]
    told: dict[int, list[str]] = {}
    for kind, ids in about:
        lines = JournalEntry.objects.filter(
            subject_type=kind, subject_id__in=ids, at__gt=table.frozen_at
        )
        for line in lines.order_by("subject_id", "seq"):
            appeal_id = excluded.get(line.subject_id, 0) if kind != about[0][0] else line.subject_id
            told.setdefault(appeal_id, []).append(f"{line.at:%Y-%m-%d} {word(line.label)}")
    return told


# --- for everybody


def public_tables() -> QuerySet[FrozenRates]:
    """Return what has been made public, newest period first."""
    return FrozenRates.objects.filter(published_at__isnull=False).order_by("-last_day", "-pk")


def public_lines(table: FrozenRates) -> list[tuple[str, list[PublicCell]]]:
    """Return (unit, its three rates) with the district first; small cells are closed.

    Where few cases are closed, one more unit is closed with them: else the district's sum less the
    open ones would tell them.
    """
    names = dict(Unit.objects.filter(code__in=table.figures).values_list("code", "name"))
    codes = sorted(table.figures)
    least = table.settings_then["public_least"]
    whole = total_of(table.figures.values())
    rows = [
        (
            _("全区合计"),
            [_cell(key, whole, closed=0 < whole[f"{key}.of"] < least) for key in RateKey],
        )
    ]
    shut = {key: closed_units(table.figures, f"{key}.of", least) for key in RateKey}
    for code in codes:
        counted = table.figures[code]
        cells = [_cell(key, counted, closed=code in shut[key]) for key in RateKey]
        rows.append((names.get(code, code), cells))
    return rows


def _cell(key: RateKey, counted: Mapping[str, int], *, closed: bool) -> PublicCell:
    if closed:
        return PublicCell(str(key.label), closed=True)
    return PublicCell(str(key.label), counted[f"{key}.hit"], counted[f"{key}.of"])


def closed_units(counts: Mapping[str, Mapping[str, int]], cell: str, least: int) -> frozenset[str]:
    """Return the units whose count of a cell is not shown: below ``least``, and those that cover them.

    A unit without a single case hides nobody and stays open.
    """
    size = {code: counted.get(cell, 0) for code, counted in counts.items()}
    by_size = sorted(size, key=lambda code: (size[code], code))
    shut = [code for code in by_size if 0 < size[code] < least]
    for code in (code for code in by_size if size[code] >= least):
        if not shut or (len(shut) > 1 and sum(size[one] for one in shut) >= least):
            break
        shut.append(code)
    return frozenset(shut)
