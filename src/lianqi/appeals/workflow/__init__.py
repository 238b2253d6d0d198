"""The appeal's workflow: `table` is the rule, `holders` and `guards` are its words."""

from lianqi.appeals.workflow.table import APPEAL

__all__ = ["APPEAL"]
