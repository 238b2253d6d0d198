"""Reads a work plan (.docx, .txt, .xlsx, .csv) and returns its tasks: who does what by when.

A paragraph with a responsible unit is a task; one without belongs to the text, or is the heading,
of what stands around it. Nothing is dropped in silence: what is doubtful stands in `warnings`.
"""

from lianqi.engines.workplan.reading import cycle_years, read_plan
from lianqi.engines.workplan.task import PlanReading, PlanTask, PlanUnreadable
from lianqi.engines.workplan.units import UnitReading, read_units

__all__ = [
    "PlanReading",
    "PlanTask",
    "PlanUnreadable",
    "UnitReading",
    "cycle_years",
    "read_plan",
    "read_units",
]
