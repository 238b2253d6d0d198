"""The officials' pages of the appeals room."""

from lianqi.appeals.views.bulk import appeal_bulk
from lianqi.appeals.views.filing import appeal_new
from lianqi.appeals.views.intake import appeal_intake
from lianqi.appeals.views.lists import appeal_export, appeal_list
from lianqi.appeals.views.overview import board_page
from lianqi.appeals.views.precedents import precedent_list
from lianqi.appeals.views.promises import promise_export, promise_list, promise_rows_found
from lianqi.appeals.views.records import appeal_detail, appeal_step

__all__ = [
    "appeal_bulk",
    "appeal_detail",
    "appeal_export",
    "appeal_intake",
    "appeal_list",
    "appeal_new",
    "appeal_step",
    "board_page",
    "precedent_list",
    "promise_export",
    "promise_list",
    "promise_rows_found",
]
