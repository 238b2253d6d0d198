"""Pages that everybody may read without signing in."""

from lianqi.appeals.public_views.cases import case_detail, case_list
from lianqi.appeals.public_views.rates import public_rates, public_rates_table

__all__ = ["case_detail", "case_list", "public_rates", "public_rates_table"]
