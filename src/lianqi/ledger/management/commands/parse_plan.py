"""`lianqi parse_plan`: show the tasks of a work plan before anything is docketed."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from lianqi.engines.workplan import PlanReading, PlanTask, PlanUnreadable, read_plan
from lianqi.organisation.queries.roster_file import known_units

YEARS = range(1949, 2150)


class Command(BaseCommand):
    """`lianqi parse_plan FILE [--year Y] [--json]`."""

    help = "读出工作要点、方案、任务分解表里的任务（docx、txt、xlsx、csv）；只显示，不改数据"

    def add_arguments(self, parser: Any) -> None:
        """Take the file, the plan's year, and the form of the answer."""
        parser.add_argument("file", metavar="FILE", help="工作计划文件")
        parser.add_argument("--year", type=int, help="计划年度；不写则从文中读取")
        parser.add_argument("--json", action="store_true", help="打印 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the tasks; a file that cannot be read ends with its reason and exit code 1."""
        if options["year"] is not None and options["year"] not in YEARS:
            raise CommandError("计划年度应为四位数的年份，如 --year 2021。")
        path = Path(options["file"])
        try:
            reading = read_plan(
                path.name, path.read_bytes(), plan_year=options["year"], known_units=_known()
            )
        except OSError as problem:
            raise CommandError(f"打不开文件“{path}”：{problem.strerror}。") from problem
        except PlanUnreadable as problem:
            raise CommandError(str(problem)) from problem
        if options["json"]:
            tasks = [task.as_json() for task in reading.tasks]
            self.stdout.write(json.dumps(tasks, ensure_ascii=False, indent=2))
        else:
            self._print(reading)

    def _print(self, reading: PlanReading) -> None:
        for number, task in enumerate(reading.tasks, 1):
            self.stdout.write(f"{number:>3} {task.title}")
            self.stdout.write(f"    {' / '.join(task.path)}")
            self.stdout.write(f"    牵头：{task.lead_unit}　责任单位：{'、'.join(task.units)}")
            self.stdout.write(f"    时限：{task.deadline.text or '（没有写）'} → {_days(task)}")
            for warning in task.warnings:
                self.stdout.write(f"    存疑：{warning}")
        for warning in reading.warnings:
            self.stdout.write(f"存疑：{warning}")
        year = f"，计划年度 {reading.year}" if reading.year else ""
        self.stdout.write(f"共 {len(reading.tasks)} 项任务{year}")


def _days(task: PlanTask) -> str:
    days = "、".join(day.isoformat() for day in task.deadline.dates)
    return days or ("持续，定期报进展" if task.deadline.open_ended else "没有读出日期")


def _known() -> dict[str, list[str]]:
    """Return the registered units; reading a plan needs no database at all."""
    try:
        return known_units()
    except DatabaseError:
        return {}
