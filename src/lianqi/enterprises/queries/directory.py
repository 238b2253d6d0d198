"""The directory: search, filters, saved views, and the rows that page and export share."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Prefetch, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from lianqi.engines.enterprise_size import SECTIONS
from lianqi.enterprises.access import visible_enterprises
from lianqi.enterprises.enums import EnterpriseState
from lianqi.enterprises.models import Contact, Enterprise
from lianqi.enterprises.queries.search import firms_asked
from lianqi.kernel.paging import COUNT_CEILING, Page, keyset_page, query_url
from lianqi.organisation.models import User

ORDER = ("-pk",)
TONES = {
    EnterpriseState.PENDING: "amber",
    EnterpriseState.VERIFIED: "green",
    EnterpriseState.REFUSED: "grey",
    EnterpriseState.LEFT: "grey",
}


@dataclass(frozen=True)
class DirectoryRow:
    """A firm with the words its row shows."""

    firm: Enterprise
    industry: str
    tone: str
    contact: Contact | None


@dataclass(frozen=True)
class View:
    """A saved view of the list."""

    label: str
    url: str
    active: bool
    count: str


def enterprise_list(user: User, chosen: Mapping[str, str]) -> QuerySet[Enterprise]:
    """Return the firms of the list page and of its export, narrowed by what was chosen."""
    rows = visible_enterprises(user)
    for name in ("state", "kind"):
        if chosen.get(name):
            rows = rows.filter(**{name: chosen[name]})
    if chosen.get("size"):
        rows = rows.filter(size="" if chosen["size"] == "none" else chosen["size"])
    if chosen.get("section"):
        rows = rows.filter(industry_code__startswith=chosen["section"])
    if chosen.get("q"):
        rows = rows.filter(firms_asked(chosen["q"]))
    mains = Contact.objects.filter(main=True)
    return rows.prefetch_related(Prefetch("contacts", mains, to_attr="main_contacts"))


def enterprise_page(rows: QuerySet[Enterprise], asked: QueryDict) -> Page:
    """Return one page of the list, newest first, each row with what it shows."""
    page = keyset_page(rows, asked, order=ORDER, unit="家")
    return replace(page, rows=[directory_row(firm) for firm in page.rows])


def directory_row(firm: Enterprise) -> DirectoryRow:
    """Return a firm of ``enterprise_list`` with its industry, tone and main contact."""
    section = SECTIONS.get(firm.industry_code[:1])
    mains: list[Contact] = firm.main_contacts  # type: ignore[attr-defined]
    return DirectoryRow(
        firm=firm,
        industry=f"{firm.industry_code} {section.name}" if section else "",
        tone=TONES[EnterpriseState(firm.state)],
        contact=mains[0] if mains else None,
    )


def directory_views(user: User, active: str) -> list[View]:
    """Return the saved views with their counts, counted up to a thousand."""
    path = reverse("enterprises:enterprise_list")
    states = [
        (EnterpriseState.PENDING, EnterpriseState.PENDING.label),
        (EnterpriseState.VERIFIED, EnterpriseState.VERIFIED.label),
        (EnterpriseState.REFUSED, EnterpriseState.REFUSED.label),
        (EnterpriseState.LEFT, EnterpriseState.LEFT.label),
        ("", _("全部")),
    ]
    rows = visible_enterprises(user)
    return [
        View(
            label=str(label),
            url=query_url(path, state=state),
            active=state == active,
            count=_capped(rows.filter(state=state) if state else rows),
        )
        for state, label in states
    ]


def _capped(rows: QuerySet[Enterprise]) -> str:
    count = rows.order_by()[: COUNT_CEILING + 1].count()
    return f"{COUNT_CEILING:,}+" if count > COUNT_CEILING else f"{count:,}"
