"""三率: every figure is a named condition on the facts of appeals, so that it opens its rows.

An appeal belongs to the day of its first dispatch and to the unit that leads it now. See README.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqi.appeals.access import handling_units, oversees_appeals, visible_appeals, visible_facts
from lianqi.appeals.enums import BAD_LEVEL, ContactFact, FirmWord, Outcome, RateKey
from lianqi.appeals.models import CaseFact
from lianqi.appeals.queries.board import Figure
from lianqi.appeals.queries.listing import day_range
from lianqi.appeals.queries.periods import Period
from lianqi.engines.proportions import wilson
from lianqi.kernel.limits import time_limit
from lianqi.kernel.paging import query_url
from lianqi.organisation.models import Unit, User

RATED = Q(level__isnull=False)
# A rate: who is counted, who of them is a hit, and of whom nothing is known yet.
_RATES: dict[str, tuple[Q, Q, Q]] = {
    RateKey.RESPONSE.value: (
        Q(),
        Q(contact=ContactFact.KEPT),
        Q(contact=ContactFact.OPEN),
    ),
    RateKey.RESOLUTION.value: (
        Q(),
        Q(outcome=Outcome.SOLVED, word=FirmWord.CONFIRMED),
        Q(word=FirmWord.SILENT),
    ),
    RateKey.SATISFACTION.value: (
        RATED,
        Q(level__gt=BAD_LEVEL),
        Q(answered=True, level__isnull=True),
    ),
}
OPEN_WORDS: dict[str, str | Promise] = {
    RateKey.RESPONSE.value: _("尚未联系"),
    RateKey.RESOLUTION.value: _("企业未表态"),
    RateKey.SATISFACTION.value: _("已答复未评价"),
}
APART: dict[str, tuple[str | Promise, Q]] = {
    "apart.waiting": (_("尚无答复"), Q(outcome="")),
    "apart.confirmed": (_("已解决，企业认可"), Q(outcome=Outcome.SOLVED, word=FirmWord.CONFIRMED)),
    "apart.silent": (_("已解决，企业未表态"), Q(outcome=Outcome.SOLVED, word=FirmWord.SILENT)),
    "apart.denied": (_("已解决，企业不认可"), Q(outcome=Outcome.SOLVED, word=FirmWord.DENIED)),
    **{
        f"apart.{outcome.value}": (outcome.label, Q(outcome=outcome))
        for outcome in Outcome
        if outcome != Outcome.SOLVED
    },
}
SUPERVISED: dict[str, tuple[str | Promise, Q]] = {
    "supervised.returned": (_("退单退稿两次以上"), Q(returned__gte=2)),
    "supervised.twice_bad": (_("两次以上不满意"), Q(bad_ratings__gte=2)),
    "supervised.refused": (_("延期未获批"), Q(extension_refused=True)),
    "supervised.nudged": (_("企业催办过"), Q(nudges__gte=1)),
    "supervised.no_contact": (_("没有联系记录"), Q(contact=ContactFact.NONE)),
    "supervised.late_contact": (_("超时联系"), Q(contact=ContactFact.LATE)),
}


def _cells() -> dict[str, Q]:
    cells = {
        "dispatched": Q(),
        "answered": Q(answered=True),
        "bad_once": Q(bad_ratings__gte=1),
        "reopened.of": Q(closed=True),
        "reopened.hit": Q(closed=True, reopened=True),
    }
    for rate, (of, hit, silent) in _RATES.items():
        out = Q(**{f"out_{rate}": True})
        cells[f"{rate}.of"], cells[f"{rate}.hit"] = of, of & hit
        cells[f"{rate}.kept_of"], cells[f"{rate}.kept_hit"] = of & ~out, of & hit & ~out
        cells[f"{rate}.open"], cells[f"{rate}.out"] = silent, out
    cells.update({cell: condition for cell, (_, condition) in (APART | SUPERVISED).items()})
    return cells


CELLS = _cells()
Counts = Mapping[str, int]
Link = Callable[[str, str], str]


@dataclass(frozen=True)
class Rate:
    """One rate of one unit: raw and with the ledger applied, and how much it says."""

    key: str
    label: str
    hits: int
    of: int
    kept_hits: int
    kept_of: int
    open: int = 0
    open_word: str | Promise = ""
    out: int = 0
    least: int = 0
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def percent(self) -> str:
        """The raw rate in percent, one decimal; "" where nothing was counted."""
        return percent_text(self.hits, self.of)

    @property
    def kept_percent(self) -> str:
        """The rate without the approved exclusions."""
        return percent_text(self.kept_hits, self.kept_of)

    @property
    def interval_text(self) -> str:
        """Wilson's 95 % interval of the raw rate, e.g. 39.1%–86.2%."""
        interval = wilson(self.hits, self.of)
        return f"{interval.low:.1%}–{interval.high:.1%}" if interval else ""

    @property
    def enough(self) -> bool:
        """Whether there are cases enough to say something."""
        return self.of >= self.least

    @property
    def kept_enough(self) -> bool:
        """Whether enough cases are left after the exclusions."""
        return self.kept_of >= self.least


@dataclass(frozen=True)
class RateLine:
    """A unit, or the district, in the table."""

    code: str
    name: str
    dispatched: Figure
    rates: list[Rate]
    reopened: Rate
    answered: Figure
    bad_once: Figure
    apart: list[Figure]


@dataclass(frozen=True)
class RatesTable:
    """The three rates of a period."""

    period: Period
    district: RateLine
    units: list[RateLine]
    medians: list[tuple[str, str, int]]
    least: int


def percent_text(hits: int, of: int) -> str:
    """Return a share in percent with one decimal, or "" where there is nothing to share."""
    return f"{100 * hits / of:.1f}%" if of else ""


def settings_now() -> dict[str, int]:
    """Return the settings under which rates are shown today."""
    return {
        "least": time_limit("appeal.rates.least").amount,
        "public_least": time_limit("appeal.rates.public_least").amount,
    }


def facts_between(first: date, last: date, *, kind: str = "") -> QuerySet[CaseFact]:
    """Return the facts of all appeals first dispatched in a period, whoever asks."""
    rows = CaseFact.objects.filter(dispatched_on__gte=first, dispatched_on__lte=last)
    return rows.filter(kind=kind) if kind else rows


def counts_by_unit(facts: QuerySet[Any]) -> dict[str, dict[str, int]]:
    """Return every cell of every unit in one GROUP BY, by unit code."""
    # Neither dots nor the names of the facts' own columns may name what is counted.
    columns = {cell: f"n_{cell.replace('.', '_')}" for cell in CELLS}
    counted = {
        columns[cell]: Count("appeal_id", filter=condition) if condition else Count("appeal_id")
        for cell, condition in CELLS.items()
    }
    rows = facts.order_by().values("unit__code").annotate(**counted)
    return {
        row["unit__code"]: {cell: row[column] for cell, column in columns.items()} for row in rows
    }


def rate_rows(
    user: User, cell: str, *, first: date, last: date, unit: str = "", kind: str = ""
) -> QuerySet[CaseFact]:
    """Return exactly the appeals a figure counts, as far as this person may open them.

    Raises:
        KeyError: there is no such figure.
    """
    rows = visible_facts(user).filter(
        CELLS[cell], dispatched_on__gte=first, dispatched_on__lte=last
    )
    if unit:
        rows = rows.filter(unit__code=unit)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.select_related("appeal", "appeal__enterprise", "unit")


def cell_label(cell: str) -> str:
    """Return a figure's name as the page of its rows is headed; KeyError for an unknown one."""
    if cell in APART or cell in SUPERVISED:
        return str((APART | SUPERVISED)[cell][0])
    plain = {
        "dispatched": _("派单"),
        "answered": _("已答复"),
        "bad_once": _("曾评不满意"),
        "reopened.of": _("曾办结"),
        "reopened.hit": _("办结后重启"),
    }
    if cell in plain:
        return str(plain[cell])
    rate, part = cell.split(".")
    words = {
        "of": _("分母"),
        "hit": _("分子"),
        "kept_of": _("剔除后分母"),
        "kept_hit": _("剔除后分子"),
        "open": OPEN_WORDS.get(rate, ""),
        "out": _("已剔除"),
    }
    return f"{RateKey(rate).label} · {words[part]}"


def rates_table(user: User, period: Period, *, unit: str = "", kind: str = "") -> RatesTable:
    """Return the rates of a period: overseers see every unit, a unit itself and the district.

    One GROUP BY over the period whoever asks; links lead only to rows that the person may open.
    """
    counts = counts_by_unit(facts_between(period.first, period.last, kind=kind))
    everything = oversees_appeals(user)
    own = handling_units(user)
    units = [
        one
        for one in Unit.objects.filter(code__in=counts).order_by("code")
        if (everything or one.pk in own) and unit in ("", one.code)
    ]

    def link(cell: str, code: str) -> str:
        if not (code or everything):
            return ""
        return query_url(
            reverse("appeals:rate_rows"),
            cell=cell,
            since=period.first.isoformat(),
            until=period.last.isoformat(),
            unit=code,
            kind=kind,
        )

    return table_of(period, counts, [(one.code, one.name) for one in units], link=link)


def table_of(
    period: Period,
    counts: Mapping[str, Counts],
    units: Iterable[tuple[str, str]],
    *,
    link: Link,
    least: int | None = None,
) -> RatesTable:
    """Shape counts, live or frozen, into the table; ``units`` are those whose lines are shown."""
    least = settings_now()["least"] if least is None else least
    whole = total_of(counts.values())
    everyone = [_line("", "", counted, lambda cell, code: "", least) for counted in counts.values()]
    return RatesTable(
        period=period,
        district=_line("", str(_("全区合计")), whole, link, least),
        units=[_line(code, name, counts[code], link, least) for code, name in units],
        medians=_medians(everyone),
        least=least,
    )


def total_of(counts: Iterable[Counts]) -> dict[str, int]:
    """Return the sums over all units, cell by cell."""
    whole = dict.fromkeys(CELLS, 0)
    for counted in counts:
        for cell in CELLS:
            whole[cell] += counted.get(cell, 0)
    return whole


def _line(code: str, name: str, counted: Counts, link: Link, least: int) -> RateLine:
    def figure(cell: str, label: str | Promise) -> Figure:
        return Figure(str(label), counted.get(cell, 0), link(cell, code))

    return RateLine(
        code=code,
        name=name,
        dispatched=figure("dispatched", _("派单")),
        rates=[_rate(key, counted, link, code, least) for key in _RATES],
        reopened=Rate(
            "reopened",
            str(_("办结后重启")),
            counted.get("reopened.hit", 0),
            counted.get("reopened.of", 0),
            counted.get("reopened.hit", 0),
            counted.get("reopened.of", 0),
            least=least,
            links={part: link(f"reopened.{part}", code) for part in ("hit", "of")},
        ),
        answered=figure("answered", _("已答复")),
        bad_once=figure("bad_once", _("曾评不满意")),
        apart=[figure(cell, label) for cell, (label, _q) in APART.items()],
    )


def _rate(key: str, counted: Counts, link: Link, code: str, least: int) -> Rate:
    parts = ("hit", "of", "kept_hit", "kept_of", "open", "out")
    number = {part: counted.get(f"{key}.{part}", 0) for part in parts}
    return Rate(
        key=key,
        label=str(RateKey(key).label),
        hits=number["hit"],
        of=number["of"],
        kept_hits=number["kept_hit"],
        kept_of=number["kept_of"],
        open=number["open"],
        open_word=OPEN_WORDS[key],
        out=number["out"],
        least=least,
        links={part: link(f"{key}.{part}", code) for part in parts},
    )


def _medians(lines: list[RateLine]) -> list[tuple[str, str, int]]:
    """Return (rate, median of the units with cases enough, how many those are)."""
    found = []
    for place, key in enumerate(_RATES):
        shares = [
            100 * rate.hits / rate.of
            for rate in (line.rates[place] for line in lines)
            if rate.of and rate.enough
        ]
        middle = f"{median(shares):.1f}%" if shares else ""
        found.append((str(RateKey(key).label), middle, len(shares)))
    return found


def direct_answers(user: User, period: Period) -> int:
    """Return how many appeals the office answered itself: they are in no unit's rate."""
    begin, end = day_range(period.first)[0], day_range(period.last)[1]
    return (
        visible_appeals(user)
        .filter(submitted_at__gte=begin, submitted_at__lt=end)
        .filter(answered_at__isnull=False, lead_unit=None)
        .count()
    )
