"""The ledger in the world: an item for each unit, statements in each state; how they are asked for."""

from datetime import date
from typing import Any

from lianqi.kernel.clock import now
from lianqi.kernel.uploads import CleanFile
from lianqi.ledger.actions import (
    apply_closing,
    assign_item,
    docket_item,
    draft_item,
    grade_closing,
    open_statement,
    sign_item,
)
from lianqi.ledger.actions.statements import Answer, answer_statement
from lianqi.ledger.actions.uploads import keep_upload
from lianqi.ledger.enums import ItemSource, UploadKind
from lianqi.ledger.models import Item, PlanTask, WorkPlan

MONTH = "2026-11"
DUE = date(2026, 12, 15)
NOBODY = 2**31 - 1
_FILE = CleanFile("办结佐证.txt", b"done", "text/plain", 4, "0" * 64)
_STEPS: dict[str, dict[str, object]] = {
    "report_progress": {"percent": 40, "text": "完成初稿。"},
    "apply_closing": {"result": "已办。", "files": ("佐证.txt", "已办。".encode())},
    "request_extension": {"to_day": "2026-12-31", "reason": "数据未齐。"},
    "sign_extension": {},
    "decide_extension": {"approve": "true"},
    "issue_slip": {"text": "请抓紧。"},
    "cancel": {"reason": "重复立项。"},
    "docket": {},
    "sign": {},
    "nothing": {},
}


class LedgerWorld:
    """Items, statements, uploads and a plan, one for each way of asking."""

    def __init__(self, world: Any) -> None:
        """Let the office draft, the units handle, the statements be answered."""
        self._who, self._units = world.who, world.units
        units, who = world.units, world.who
        self.lead = self._underway("甲", units.lead, who["liaison_lead"], [units.co])
        self.other = self._underway("乙", units.other, who["liaison_other"])
        self.draft = self._drafted("丙", units.lead)
        self.assigned = self._assigned("丁", units.lead)
        self.done = self._done(self._underway("戊", units.lead, who["liaison_lead"]))
        helping = self._underway("己", units.co, who["liaison_co"])
        office = who["conference_clerk"]
        self.settled = open_statement(units.lead, MONTH, actor=office)
        self._answer(self.settled, who["liaison_lead"], Answer("agreed", "对账说明金丝雀甲"))
        self.opened = open_statement(units.other, MONTH, actor=office)
        self.disputed = open_statement(units.co, MONTH, actor=office)
        self._answer(self.disputed, who["liaison_co"], Answer("disputed", "对账异议金丝雀己"))
        self.reports = self._uploaded(UploadKind.REPORTS, who["liaison_lead"], self.lead.number)
        self.items = self._uploaded(UploadKind.ITEMS, office, helping.number)
        self.plan = WorkPlan.objects.create(
            title="计划金丝雀", year=2026, state="read", read_by=office, read_at=now()
        )
        self.task = PlanTask.objects.create(
            plan=self.plan, mark="一", order=1, title="任务", text="任务原文金丝雀", units=["主办局"],
            deadline_text="12月底前", dates=["2026-12-31"],
        )  # fmt: skip

    def _drafted(self, mark: str, unit: Any, others: list[Any] | None = None) -> Item:
        return draft_item(
            actor=self._who["conference_clerk"],
            title=f"台账标题{mark}",
            text=f"台账正文金丝雀{mark}",
            source=ItemSource.INSTRUCTION,
            lead_unit=unit,
            units=others or [],
            deadline_text="12月中旬前",
            dates=[DUE],
        )

    def _assigned(self, mark: str, unit: Any, others: list[Any] | None = None) -> Item:
        item = docket_item(self._drafted(mark, unit, others), actor=self._who["conference_clerk"])
        return assign_item(item, actor=self._who["conference_clerk"])

    def _underway(self, mark: str, unit: Any, liaison: Any, others: Any = None) -> Item:
        return sign_item(self._assigned(mark, unit, others), actor=liaison, owner=liaison)

    def _done(self, item: Item) -> Item:
        apply_closing(item, actor=self._who["liaison_lead"], result="已办。", files=[_FILE])
        return grade_closing(item, actor=self._who["conference_clerk"], grade="good")

    def _answer(self, statement: Any, actor: Any, answer: Answer) -> None:
        answers = {line.pk: answer for line in statement.lines.all()}
        answer_statement(statement, actor=actor, answers=answers)

    def _uploaded(self, kind: UploadKind, actor: Any, number: str) -> Any:
        said = f"上传金丝雀{kind.value}"
        row = {
            "line": 2, "number": number, "title": "上传标题", "percent": 10, "text": said,
            "units": ["lead"], "unknown": [], "source": "plan", "deadline_text": said,
            "dates": [DUE.isoformat()], "recurs": "", "year": DUE.year, "programme": "", "basis": "",
            "mark": "样本",
        }  # fmt: skip
        return keep_upload(kind, [row], [], actor=actor, name="进展.xlsx")


_PLAN_STEPS: dict[str, dict[str, object]] = {
    "docket_plan": {"assign": "false"},
    "discard_plan": {"reason": "已有新版。"},
    "nothing": {},
}


def ledger_cases(world: Any) -> dict[str, list[dict[str, Any]]]:
    """Return by route the fields of each case."""
    ledger: LedgerWorld = world.ledger
    numbers = {
        "甲": ledger.lead,
        "乙": ledger.other,
        "拟立项的": ledger.draft,
        "办结的": ledger.done,
    }
    items = {name: item.number for name, item in numbers.items()} | {"无此号": "DB2020-0001"}
    statements = {
        "主办的": ledger.settled.number, "无关的": ledger.opened.number,
        "协办的": ledger.disputed.number, "无此号": "DZ2020-0001",
    }  # fmt: skip
    uploads = {"报送的": ledger.reports.pk, "导入的": ledger.items.pk, "无此号": NOBODY}
    steps = [
        {"name": f"甲 {key}", "parts": {"number": ledger.lead.number, "key": key}, "valid": valid}
        for key, valid in _STEPS.items()
    ]
    grade = {"number": ledger.done.number, "key": "strike_off"}
    asked = "statements/<str:number>/"
    return {
        "ledger/new/": [{"valid": _new_item()}],
        "ledger/board/": [{}, {"name": "去年", "query": "year=2025"}],
        "ledger/units/<str:code>/": _one("code", {"主办": "lead", "无关": "other", "无此单位": "no"}),
        "ledger/items/<str:number>/": _one("number", items),
        "ledger/items/<str:number>/steps/<str:key>/": [
            *steps,
            {"name": "办结的 strike_off", "parts": grade, "valid": {}},
            {"name": "无此号", "parts": {"number": "DB2020-0001", "key": "sign"}},
        ],
        "ledger/plans/<int:pk>/": _one("pk", {"计划": ledger.plan.pk, "无此号": NOBODY}),
        "ledger/plans/new/": [{"valid": {"source": "plan", "basis": "样本", "year": 2026, **_plan()}}],
        "ledger/plans/<int:pk>/steps/<str:key>/": [
            {"name": f"计划 {key}", "parts": {"pk": ledger.plan.pk, "key": key}, "valid": valid}
            for key, valid in _PLAN_STEPS.items()
        ],
        "ledger/plans/<int:pk>/tasks/": _one(
            "pk", {"计划": ledger.plan.pk, "无此号": NOBODY},
            {"key": "leave_out", "numbers": ledger.task.pk, "reason": "重复"},
        ),
        "ledger/plans/<int:pk>/tasks/<int:task_pk>/": [
            {
                "name": "任务",
                "parts": {"pk": ledger.plan.pk, "task_pk": ledger.task.pk},
                "valid": {"title": "任务", "lead_unit": "主办局", "deadline_text": "12月底前", "dates": "2026-12-31"},
            },
            {"name": "无此号", "parts": {"pk": ledger.plan.pk, "task_pk": NOBODY}},
        ],
        "ledger/reports/upload/": [{"valid": _table("编号,本期进度,本期进展", ledger.lead.number)}],
        "ledger/import/": [{"valid": {"year": 2026, **_table("事项,牵头单位,时限", "新事项")}}],
        "ledger/uploads/<int:pk>/": _one("pk", uploads),
        "ledger/uploads/<int:pk>/enter/": _one("pk", uploads, {}),
        "ledger/uploads/<int:pk>/drop/": _one("pk", uploads, {}),
        "ledger/statements/": [{}, {"name": "主办的", "query": "unit=lead"}],
        "ledger/statements/new/": [{"valid": {"month": "2026-10", "unit": ""}}],
        f"ledger/{asked}": _one("number", statements),
        f"ledger/{asked}export/": _one("number", statements),
        f"ledger/{asked}strike-off/": _one("number", statements, {"idempotency_key": "一次"}),
        f"ledger/{asked}steps/<str:key>/": [
            _step("无关的", ledger.opened, "answer_statement", {"agree_all": "1"}),
            _step("协办的", ledger.disputed, "rule_statement", _ruling(ledger.disputed)),
            _step("主办的", ledger.settled, "answer_statement", {"agree_all": "1"}),
            _step("无此步", ledger.opened, "nothing", None),
        ],
        "api/v1/ledger/items": [{}, {"name": "主办的", "query": "lead=lead"}],
        "api/v1/ledger/items/<number>": _one("number", items),
        "api/v1/ledger/items/<number>/steps/<key>": [
            {
                "name": f"{name} {key}",
                "parts": {"number": number, "key": key},
                "valid": {k: v for k, v in _STEPS[key].items() if k != "files"},
            }
            for name, number in items.items()
            for key in ("report_progress", "issue_slip", "nothing")
        ],
    }  # fmt: skip


def _one(part: str, named: dict[str, Any], valid: Any = None) -> list[dict[str, Any]]:
    return [{"name": name, "parts": {part: value}, "valid": valid} for name, value in named.items()]


def _step(name: str, statement: Any, key: str, valid: Any) -> dict[str, Any]:
    parts = {"number": statement.number, "key": key}
    return {"name": f"{name} {key}", "parts": parts, "valid": valid}


def _ruling(statement: Any) -> dict[str, object]:
    return {f"ruling-{line.pk}": "adopted" for line in statement.lines.all()}


def _new_item() -> dict[str, object]:
    return {
        "title": "新事项",
        "lead_unit": "lead",
        "deadline_text": "12月底前",
        "period": "monthly",
        "source": "instruction",
        "basis": "批示",
        "year": 2026,
    }


def _table(head: str, first: str) -> dict[str, object]:
    row = f"{first},40,推进。" if head.startswith("编号") else f"{first},主办局,12月底前"
    return {"file": ("表.csv", f"{head}\n{row}\n".encode())}


def _plan() -> dict[str, object]:
    text = "2026年工作要点\n一、优化服务\n建立企业名录。责任单位：主办局。完成时限：12月底前。"
    return {"title": "另一份计划", "file": ("计划.txt", text.encode())}
