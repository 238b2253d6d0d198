"""Plans that are read and documents that are written: no database, no server."""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import docx

from benchmarks.texts import PLAN_TASKS
from lianqi.engines.officialdoc import KINDS, write_document
from lianqi.engines.workplan import read_plan

ANNEXES = Path(__file__).resolve().parents[1] / "tests" / "data" / "annex_tasks.txt"
CHARACTERS_A_PAGE = 22 * 28
ROUNDS = 3


@dataclass(frozen=True)
class PaperResult:
    """What was done, how long the best of three rounds took, and the goal in seconds."""

    title: str
    seconds: float
    goal: float


def measured() -> list[PaperResult]:
    """Measure each engine on its own."""
    annexes, plan, document = ANNEXES.read_bytes(), _plan(300), _document(20)
    return [
        _result("Read the task tables of the annexes", 0.5, lambda: read_plan("附件.txt", annexes)),
        _result("Read a plan of 300 pages (.docx)", 5, lambda: read_plan("要点.docx", plan)),
        _result("Write a document of 20 pages", 1, lambda: write_document(document)),
    ]


def _result(title: str, goal: float, act: Callable[[], object]) -> PaperResult:
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        took.append(time.perf_counter() - begun)
    return PaperResult(title, min(took), goal)


def _plan(pages: int) -> bytes:
    """Return a plan in Word: numbered tasks with units and deadlines."""
    word, characters, number = docx.Document(), 0, 0
    word.add_paragraph("2026年民营经济工作要点")
    while characters < pages * CHARACTERS_A_PAGE:
        number += 1
        text = f"{number}.{PLAN_TASKS[number % len(PLAN_TASKS)]}"
        word.add_paragraph(text)
        characters += -(-len(text) // 28) * 28
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _document(pages: int) -> object:
    """Return a notice of so many pages of plain paragraphs and headings."""
    lines = []
    while len(lines) * 3 < pages * 22:
        lines.append(
            f"（{'一二三四五六七八九'[len(lines) % 9]}）{PLAN_TASKS[len(lines) % len(PLAN_TASKS)]}"
        )
    kind = KINDS["notice"]
    content = {
        "title": "关于印发民营经济工作要点的通知",
        "recipients": ["各成员单位"],
        "text": "\n".join(lines),
        "organ": "民营经济工作联席会议办公室",
        "dated": "2026-11-04",
    }
    return kind.document(content, number=kind.number_text("民联办", 2026, 1))
