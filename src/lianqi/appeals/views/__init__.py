"""The officials' pages of the appeals room."""

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
from lianqi.appeals.views.likeness import appeal_like, appeal_like_this
from lianqi.appeals.views.lists import appeal_export, appeal_list
from lianqi.appeals.views.overview import board_page
from lianqi.appeals.views.rates import rate_rows_page, rates, rates_export
from lianqi.appeals.views.records import appeal_detail, appeal_step
from lianqi.appeals.views.supervision import facts_pack, sample_list, supervision_page

__all__ = [
    "appeal_detail",
    "appeal_export",
    "appeal_like",
    "appeal_like_this",
    "appeal_list",
    "appeal_new",
    "appeal_step",
    "board_page",
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
    "rate_rows_page",
    "rates",
    "rates_export",
    "sample_list",
    "supervision_page",
]
