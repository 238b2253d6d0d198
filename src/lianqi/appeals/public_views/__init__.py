"""Pages that everybody may read without signing in."""

from lianqi.appeals.public_views.cases import case_detail, case_list

__all__ = ["case_detail", "case_list"]
