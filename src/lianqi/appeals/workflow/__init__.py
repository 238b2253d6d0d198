"""The workflows of the room: `table` is the appeal's rule, `holders` and `guards` are its words."""

from lianqi.appeals.workflow.exclusions import EXCLUSION
from lianqi.appeals.workflow.table import APPEAL

__all__ = ["APPEAL", "EXCLUSION"]
