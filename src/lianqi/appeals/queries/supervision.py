"""监督: what happened how often, by unit; each figure opens its rows, none of them judges."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from lianqi.appeals.queries.board import Figure, rows_url
from lianqi.appeals.queries.listing import appeal_duties, lit
from lianqi.appeals.queries.periods import Period
from lianqi.appeals.queries.rates import SUPERVISED, counts_by_unit, facts_between, total_of
from lianqi.kernel.paging import query_url
from lianqi.organisation.models import Unit


@dataclass(frozen=True)
class SupervisedLine:
    """A unit, or the district: what is overdue now, and what happened to the period's appeals."""

    name: str
    figures: list[Figure]


@dataclass(frozen=True)
class Supervision:
    """The page: the district above, the units below in order of their codes."""

    period: Period
    labels: list[str]
    district: SupervisedLine
    units: list[SupervisedLine]


def supervision(period: Period) -> Supervision:
    """Return the figures of a period, for those who supervise: four queries, whatever the number."""
    counts = counts_by_unit(facts_between(period.first, period.last))
    overdue_duties = appeal_duties().filter(lit("red")).order_by()
    red = dict(
        overdue_duties.values_list("unit_code").annotate(n=Count("subject_id", distinct=True))
    )
    # Not the sum: two units may be late on one appeal.
    all_red = overdue_duties.aggregate(n=Count("subject_id", distinct=True))["n"]
    codes = [*counts, *(code for code in red if code and code not in counts)]
    units = Unit.objects.filter(code__in=codes).order_by("code")
    whole = total_of(counts.values())
    everything = Figure(_("现在逾期"), all_red, rows_url(light="red"))

    def figures(counted: dict[str, int], code: str, overdue: Figure) -> list[Figure]:
        told = [
            Figure(str(label), counted.get(cell, 0), _rows(cell, period, code))
            for cell, (label, _q) in SUPERVISED.items()
        ]
        return [overdue, *told]

    lines = [
        SupervisedLine(
            unit.name,
            figures(
                counts.get(unit.code, {}),
                unit.code,
                Figure(
                    _("现在逾期"),
                    red.get(unit.code, 0),
                    rows_url(owed_by=unit.code, light="red"),
                ),
            ),
        )
        for unit in units
    ]
    district = SupervisedLine(_("全区合计"), figures(whole, "", everything))
    labels = [_("现在逾期"), *(str(label) for label, _q in SUPERVISED.values())]
    return Supervision(period, labels, district, lines)


def _rows(cell: str, period: Period, code: str) -> str:
    return query_url(
        reverse("appeals:rate_rows"),
        cell=cell,
        since=period.first.isoformat(),
        until=period.last.isoformat(),
        unit=code,
    )
