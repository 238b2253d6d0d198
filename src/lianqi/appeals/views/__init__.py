"""The officials' pages of the appeals room."""

from lianqi.appeals.views.bulk import appeal_bulk
from lianqi.appeals.views.cases import case_detail, case_list, case_new, case_step
from lianqi.appeals.views.exclusions import (
    exclusion_detail,
    exclusion_export,
    exclusion_list,
    exclusion_new,
    exclusion_step,
)
from lianqi.appeals.views.filing import appeal_new
from lianqi.appeals.views.frozen import (
    frozen_rate_rows_page,
    frozen_rates_detail,
    frozen_rates_export,
    frozen_rates_list,
    frozen_rates_new,
    frozen_rates_publish,
)
from lianqi.appeals.views.intake import appeal_intake
from lianqi.appeals.views.likeness import appeal_like, appeal_like_this
from lianqi.appeals.views.lists import appeal_export, appeal_list
from lianqi.appeals.views.overview import board_page
from lianqi.appeals.views.precedents import precedent_list
from lianqi.appeals.views.promises import promise_export, promise_list, promise_rows_found
from lianqi.appeals.views.rates import rate_rows_page, rates, rates_export
from lianqi.appeals.views.records import appeal_detail, appeal_step
from lianqi.appeals.views.supervision import facts_pack, sample_list, supervision_page
from lianqi.appeals.views.unsealing import (
    unsealing_detail,
    unsealing_list,
    unsealing_new,
    unsealing_step,
)

__all__ = [
    "appeal_bulk",
    "appeal_detail",
    "appeal_export",
    "appeal_intake",
    "appeal_like",
    "appeal_like_this",
    "appeal_list",
    "appeal_new",
    "appeal_step",
    "board_page",
    "case_detail",
    "case_list",
    "case_new",
    "case_step",
    "exclusion_detail",
    "exclusion_export",
    "exclusion_list",
    "exclusion_new",
    "exclusion_step",
    "facts_pack",
    "frozen_rate_rows_page",
    "frozen_rates_detail",
    "frozen_rates_export",
    "frozen_rates_list",
    "frozen_rates_new",
    "frozen_rates_publish",
    "precedent_list",
    "promise_export",
    "promise_list",
    "promise_rows_found",
    "rate_rows_page",
    "rates",
    "rates_export",
    "sample_list",
    "supervision_page",
    "unsealing_detail",
    "unsealing_list",
    "unsealing_new",
    "unsealing_step",
]
