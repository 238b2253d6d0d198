"""The entrepreneurs' pages: signed in, and by signed link."""

from lianqi.appeals.portal_views.by_link import follow_by_link, rate_by_link
from lianqi.appeals.portal_views.cases import case_consent, consent_by_link
from lianqi.appeals.portal_views.likeness import appeal_like
from lianqi.appeals.portal_views.pages import (
    appeal_file,
    appeal_filed,
    appeal_list,
    appeal_step,
    home,
    portal_detail,
)

__all__ = [
    "appeal_file",
    "appeal_filed",
    "appeal_like",
    "appeal_list",
    "appeal_step",
    "case_consent",
    "consent_by_link",
    "follow_by_link",
    "home",
    "portal_detail",
    "rate_by_link",
]
