"""The workflows of the room: `table` is the appeal's rule, `holders` and `guards` are its words."""

from lianqi.appeals.workflow.cases import PUBLIC_CASE
from lianqi.appeals.workflow.exclusions import EXCLUSION
from lianqi.appeals.workflow.table import APPEAL
from lianqi.appeals.workflow.unsealing import UNSEALING

__all__ = ["APPEAL", "EXCLUSION", "PUBLIC_CASE", "UNSEALING"]
