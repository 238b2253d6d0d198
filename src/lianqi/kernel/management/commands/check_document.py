"""`lianqi check_document`: hold a Word file against GB/T 9704-2012."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lianqi.engines.officialdoc import DocumentUnreadable, check_document


class Command(BaseCommand):
    """`lianqi check_document FILE.docx [--json]`; exit code 1 if anything deviates."""

    help = "检查 Word 公文的格式是否符合 GB/T 9704-2012，逐条列出不符之处和条款"

    def add_arguments(self, parser: Any) -> None:
        """Take the file and the form of the answer."""
        parser.add_argument("file", metavar="FILE.docx", help="公文文件")
        parser.add_argument("--json", action="store_true", help="打印 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each deviation with its clause."""
        path = Path(options["file"])
        try:
            deviations = check_document(path.read_bytes())
        except OSError as problem:
            raise CommandError(f"打不开文件“{path}”：{problem.strerror}。") from problem
        except DocumentUnreadable as problem:
            raise CommandError(str(problem)) from problem
        if options["json"]:
            told = [deviation.as_json() for deviation in deviations]
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            for one in deviations:
                self.stdout.write(f"{one.clause} {one.place}：{one.found}；应为{one.expected}")
            self.stdout.write(f"不符 {len(deviations)} 处" if deviations else "符合 GB/T 9704-2012")
        if deviations:
            sys.exit(1)
