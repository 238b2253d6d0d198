"""Enters the roster of leaders and liaisons from a file, or shows what it would enter."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction

from lianqi.engines.roster import RosterReading
from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import today
from lianqi.kernel.errors import RuleBroken
from lianqi.organisation.actions import enter_roster, register_units
from lianqi.organisation.actions.roster import counts_text
from lianqi.organisation.models import Region
from lianqi.organisation.queries.region import region_changed
from lianqi.organisation.queries.roster_file import known_units, read_roster_file
from lianqi.organisation.queries.roster_plan import RosterPlan, roster_plan


class Command(BaseCommand):
    """`lianqi import_roster FILE [--json] [--create-units [--region CODE NAME]]`."""

    help = "导入责任领导及联络员名单（xlsx、csv、txt，或附件原文）；--json 只预演，不改数据"

    def add_arguments(self, parser: Any) -> None:
        """Take the file and how to go on."""
        parser.add_argument("file", metavar="FILE", help="名单文件")
        parser.add_argument("--json", action="store_true", help="只预演：打印 JSON，不改数据")
        parser.add_argument("--create-units", action="store_true", help="自动登记还没有的单位")
        parser.add_argument(
            "--region",
            nargs=2,
            metavar=("CODE", "NAME"),
            help="数据库里还没有区域时，先登记这个区域，如 --region 410771 高新区",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file; print the dry run, or enter the roster in one transaction."""
        path = Path(options["file"])
        content = _content(path)
        try:
            reading = read_roster_file(path.name, content, known=_known(dry=options["json"]))
            if options["json"]:
                text = json.dumps(reading.as_json(), ensure_ascii=False, indent=2)
                self.stdout.write(text)
                return
            self._enter(reading, f"名册文件“{path.name}”", options)
        except RuleBroken as refused:
            raise CommandError(refused.message) from refused
        except DatabaseError as failed:
            raise CommandError(
                "数据库还没有建好或连不上，请先运行 lianqi migrate 再导入。"
            ) from failed

    @transaction.atomic
    def _enter(self, reading: RosterReading, source: str, options: dict[str, Any]) -> None:
        plan = roster_plan(reading.rows)
        if plan.unknown and options["create_units"]:
            names = list(dict.fromkeys(name for _, name in plan.unknown))
            register_units(names, actor=SYSTEM, region=_region(options["region"]))
            plan = roster_plan(reading.rows)
        elif plan.unknown:
            named = "\n".join(f"  第{line}行 {name}" for line, name in plan.unknown)
            raise CommandError(
                f"有{len(plan.unknown)}个单位没有登记，没有改动任何数据：\n{named}\n"
                "请先登记这些单位（或其别名），或加 --create-units 自动登记。"
            )
        self._print_plan(plan)
        for warning in reading.warnings:
            if warning.code != "unknown_unit":
                self.stdout.write(f"提示：第{warning.line}行 {warning.message}")
        counts = enter_roster(reading.rows, actor=SYSTEM, source=source, valid_from=today())
        self.stdout.write(counts_text(counts))

    def _print_plan(self, plan: RosterPlan) -> None:
        for number, planned in enumerate(plan.seats, 1):
            before = "" if planned.kind == "unchanged" else f"（原：{planned.before}）"
            self.stdout.write(
                f"{number:>3} {planned.unit.name} {planned.post_label} {planned.after}"
                f" {planned.kind_label}{before}"
            )


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise CommandError(f"“{path}”是文件夹，不是文件。请给出名单文件（xlsx、csv、txt）。")
    try:
        return path.read_bytes()
    except FileNotFoundError as missing:
        raise CommandError(f"找不到文件“{path}”，请核对路径。") from missing
    except OSError as unreadable:
        raise CommandError(f"无法读取文件“{path}”，请检查读取权限。") from unreadable


def _known(*, dry: bool) -> dict[str, list[str]]:
    """Return the registered units; a dry run needs no database at all."""
    try:
        return known_units()
    except DatabaseError:
        if not dry:
            raise
        return {}


def _region(named: list[str] | None) -> Region:
    region = Region.objects.first()
    if region is not None:
        return region
    if named is None:
        raise CommandError(
            "数据库里还没有区域，没有改动任何数据。"
            "请加 --region 代码 名称，如 --region 410771 高新区。"
        )
    region_changed()
    return Region.objects.create(code=named[0], name=named[1], short_name=named[1][:20])
