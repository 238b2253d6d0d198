"""Turns the time expressions of work plans (完成时限) into days, recurrences or "no end".

`read_deadline("2020年12月中旬前完成，2021-2022年于当年11月底前").dates` is three days. Nothing is
guessed in silence: what had to be assumed, and what could not be read, stands in `warnings`.
"""

from lianqi.engines.deadlines.reading import DeadlineReading, read_deadline, years_named

__all__ = ["DeadlineReading", "read_deadline", "years_named"]
