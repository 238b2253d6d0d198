"""The officials' pages of the appeals room."""

from lianqi.appeals.views.cases import case_detail, case_list, case_new, case_step
from lianqi.appeals.views.filing import appeal_new
from lianqi.appeals.views.lists import appeal_export, appeal_list
from lianqi.appeals.views.overview import board_page
from lianqi.appeals.views.records import appeal_detail, appeal_step
from lianqi.appeals.views.unsealing import (
    unsealing_detail,
    unsealing_list,
    unsealing_new,
    unsealing_step,
)

__all__ = [
    "appeal_detail",
    "appeal_export",
    "appeal_list",
    "appeal_new",
    "appeal_step",
    "board_page",
    "case_detail",
    "case_list",
    "case_new",
    "case_step",
    "unsealing_detail",
    "unsealing_list",
    "unsealing_new",
    "unsealing_step",
]
