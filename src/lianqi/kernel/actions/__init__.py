"""The write side of the shared pages: one function an act, permission and journal line inside."""

from lianqi.kernel.actions.calendar import (
    DayDraft,
    enter_calendar_days,
    remove_calendar_day,
    set_office_hours,
)
from lianqi.kernel.actions.jobs import release_job
from lianqi.kernel.actions.limits import set_limit
from lianqi.kernel.actions.lists import (
    choose_columns,
    drop_view,
    open_with_view,
    rename_view,
    save_view,
)
from lianqi.kernel.actions.messages import read_notices, retry_all_messages, retry_message
from lianqi.kernel.actions.phones import reveal_phone

__all__ = [
    "DayDraft",
    "choose_columns",
    "drop_view",
    "enter_calendar_days",
    "open_with_view",
    "read_notices",
    "release_job",
    "remove_calendar_day",
    "rename_view",
    "retry_all_messages",
    "retry_message",
    "reveal_phone",
    "save_view",
    "set_limit",
    "set_office_hours",
]
