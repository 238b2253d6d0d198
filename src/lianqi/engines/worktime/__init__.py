"""Working time: the State Council calendar, office hours, deadlines that explain themselves."""

from lianqi.engines.worktime.calendar import Calendar
from lianqi.engines.worktime.days import CalendarNotMaintainedError
from lianqi.engines.worktime.deadlines import Deadline, light
from lianqi.engines.worktime.explanation import ExplanationLine
from lianqi.engines.worktime.hours import SHANGHAI, OfficeHours
from lianqi.engines.worktime.limits import Extension, Limit, Pause, Unit

__all__ = [
    "SHANGHAI",
    "Calendar",
    "CalendarNotMaintainedError",
    "Deadline",
    "ExplanationLine",
    "Extension",
    "Limit",
    "OfficeHours",
    "Pause",
    "Unit",
    "light",
]
