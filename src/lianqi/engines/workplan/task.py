"""What comes out of a plan: its tasks, as the ledger and `lianqi parse_plan` take them."""

from dataclasses import dataclass, field
from typing import Any

from lianqi.engines.deadlines import DeadlineReading


class PlanUnreadable(ValueError):
    """The file holds no plan that can be read; the text says why and what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class PlanTask:
    """One task: ``path`` are the headings above it, ``units`` begin with the lead unit."""

    path: tuple[str, ...]
    title: str
    text: str
    units: tuple[str, ...]
    deadline: DeadlineReading
    line: int
    warnings: tuple[str, ...] = ()

    @property
    def lead_unit(self) -> str:
        """The unit that leads: marked as such, else the first named (附件1 第七条（二）)."""
        return self.units[0]

    def as_json(self) -> dict[str, Any]:
        """Return the task as other programs read it."""
        return {
            "path": list(self.path),
            "title": self.title,
            "text": self.text,
            "lead_unit": self.lead_unit,
            "units": list(self.units),
            "deadline_text": self.deadline.text,
            "dates": [day.isoformat() for day in self.deadline.dates],
            "recurs": self.deadline.recurs,
            "open_ended": self.deadline.open_ended,
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class PlanReading:
    """All tasks in the order of the plan, the plan's year, and what concerns the plan as a whole."""

    tasks: tuple[PlanTask, ...]
    year: int | None
    warnings: tuple[str, ...] = field(default=())
