"""The officials' pages of the appeals room."""

from lianqi.appeals.views.filing import appeal_new
from lianqi.appeals.views.likeness import appeal_like, appeal_like_this
from lianqi.appeals.views.lists import appeal_export, appeal_list
from lianqi.appeals.views.overview import board_page
from lianqi.appeals.views.records import appeal_detail, appeal_step

__all__ = [
    "appeal_detail",
    "appeal_export",
    "appeal_like",
    "appeal_like_this",
    "appeal_list",
    "appeal_new",
    "appeal_step",
    "board_page",
]
