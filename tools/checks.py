"""Runs every check and ends with a plain count; `--quick` leaves the tests out."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from postgres import scratch_server, server_programs

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUICK = [
    ("格式", ["ruff", "format", "--check", "src", "tests", "tools", "benchmarks"]),
    ("规范", ["ruff", "check", "src", "tests", "tools", "benchmarks"]),
    ("分层", ["lint-imports"]),
    # B608 is ruff's S608, where each answer stands beside its line.
    ("安全", ["bandit", "-q", "-ll", "-s", "B608", "-r", "src"]),
    ("类型", ["mypy", "src/lianqi"]),
    ("配置", ["lianqi", "check", "--fail-level", "WARNING"]),
    ("迁移", ["lianqi", "makemigrations", "--check", "--dry-run"]),
]


@dataclass
class Tally:
    """What has passed and failed so far; a check counts like a test."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: "Tally") -> None:
        """Count another run's results in."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def run(label: str, command: list[str], tally: Tally, **more: str) -> None:
    """Run one check, show what it prints only if it fails."""
    began = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": "src", **more}
    result = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    good = result.returncode == 0
    tally.passed += good
    tally.failed += not good
    say(f"{'通过' if good else '不通过'}  {label}（{time.monotonic() - began:.0f} 秒）")
    if not good:
        say(result.stdout[-8000:])
        say(result.stderr[-4000:])


def run_tests(label: str, environment: Mapping[str, str]) -> Tally:
    """Run the test suite on one database, show its lines under the label, return its counts."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        result = subprocess.Popen(
            [str(BIN / "python"), "-m", "pytest", "tests", f"--junitxml={report}"],
            cwd=ROOT,
            env={**os.environ, "LIANQI_HOME": folder, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for line in result.stdout or ():
            say(f"{label} | {line.rstrip()}")
        result.wait()
        if not report.exists():
            say(f"不通过  {label}：测试没有跑起来")
            return Tally(failed=1)
        suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 written a moment ago by pytest
        counts = {
            name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")
        }
    failed = counts["failures"] + counts["errors"]
    say(f"{'通过' if not result.returncode else '不通过'}  {label}：{counts['tests']} 项")
    return Tally(
        passed=counts["tests"] - failed - counts["skipped"],
        failed=failed or bool(result.returncode),
        skipped=counts["skipped"],
    )


def missing_on_this_machine() -> list[str]:
    """Return what the full run needs and this machine lacks."""
    missing = []
    if server_programs() is None:
        missing.append("PostgreSQL（apt-get install postgresql）")
    if not shutil.which(CHROMIUM):
        missing.append("Chromium（apt-get install chromium fonts-noto-cjk）")
    if not shutil.which("soffice"):
        missing.append("LibreOffice（apt-get install libreoffice-writer-nogui）")
    return missing


def say(text: str) -> None:
    """Print at once, so that a log shows where a run stands."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run all; the last line is the count."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as home:
        for label, command in QUICK:
            run(label, command, tally, LIANQI_HOME=home)
    if "--quick" not in sys.argv:
        for lack in missing_on_this_machine():
            tally.failed += 1
            say(f"不通过  这台机器缺 {lack}")
        if not tally.failed or not missing_on_this_machine():
            # Each suite keeps one core busy: side by side they take half the time.
            with scratch_server() as url, ThreadPoolExecutor() as side_by_side:
                suites = [
                    side_by_side.submit(run_tests, label, {"DATABASE_URL": database})
                    for label, database in (("SQLite", ""), ("PostgreSQL", url))
                ]
            for suite in suites:
                tally.add(suite.result())
    say(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
