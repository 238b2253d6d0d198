"""The appeal's workflow: `table` is the rule, `holders` and `guards` are its words; `unsealing` and `cases` beside."""

from lianqi.appeals.workflow.cases import PUBLIC_CASE
from lianqi.appeals.workflow.table import APPEAL
from lianqi.appeals.workflow.unsealing import UNSEALING

__all__ = ["APPEAL", "PUBLIC_CASE", "UNSEALING"]
