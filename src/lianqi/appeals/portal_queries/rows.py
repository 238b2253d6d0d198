"""The firm's own appeals as lists: newest first, in pages, and those that want something."""

from django.db.models import QuerySet
from django.http import QueryDict

from lianqi.appeals.access import visible_appeals
from lianqi.appeals.enums import AppealState, CaseState
from lianqi.appeals.models import Appeal, PublicCase
from lianqi.appeals.portal_queries.progress import ENDED
from lianqi.enterprises.access import enterprise_ids
from lianqi.kernel.paging import Page, keyset_page
from lianqi.organisation.models import User

PAGE_SIZE = 20
MOST_ON_HOME = 5


def my_appeals(user: User) -> QuerySet[Appeal]:
    """Return the appeals of the firms this account acts for, whatever else it may see."""
    mine = visible_appeals(user).filter(enterprise_id__in=enterprise_ids(user))
    return mine.select_related("enterprise", "lead_unit")


def appeals_to_rate(user: User) -> list[Appeal]:
    """Return the newest answered appeals that wait for the firm's rating."""
    waiting = my_appeals(user).filter(state=AppealState.ANSWERED)
    return list(waiting.order_by("-pk")[:MOST_ON_HOME])


def my_cases(user: User) -> QuerySet[PublicCase]:
    """Return the public cases made of this account's firms' appeals, once the firm has been asked."""
    mine = PublicCase.objects.filter(appeal__enterprise_id__in=enterprise_ids(user))
    return mine.exclude(state=CaseState.DRAFT).select_related("appeal__enterprise", "unit")


def cases_to_consent(user: User) -> list[PublicCase]:
    """Return the newest cases that wait for the firm's yes or no."""
    waiting = my_cases(user).filter(state=CaseState.CONSENT)
    return list(waiting.order_by("-pk")[:MOST_ON_HOME])


def appeals_under_way(user: User) -> list[Appeal]:
    """Return the newest open appeals for the front page; those to be rated stand apart."""
    settled = [*ENDED, AppealState.ANSWERED, AppealState.RATED]
    open_ones = my_appeals(user).exclude(state__in=settled)
    return list(open_ones.order_by("-pk")[:MOST_ON_HOME])


def appeal_rows(user: User, asked: QueryDict) -> Page:
    """Return the page of the firm's appeals that the query string asks for, newest first."""
    return keyset_page(my_appeals(user), asked, order=["-pk"], size=PAGE_SIZE, unit="件")
