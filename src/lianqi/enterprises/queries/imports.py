"""An import before and after it is entered: counts, first rows, problems."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianqi.enterprises.access import visible_import_batches
from lianqi.enterprises.actions.facts import LABELS
from lianqi.enterprises.enums import BatchState, EnterpriseKind
from lianqi.enterprises.models import ImportBatch
from lianqi.kernel.phones import Phone
from lianqi.organisation.models import User

SHOWN_ROWS = 200
LABELS_WITH_CONTACT = {**LABELS, "contact": "联系人"}
ACTIONS = {
    "add": (_("新增"), "green"),
    "correct": (_("更正"), "blue"),
    "same": (_("无变化"), "grey"),
}


@dataclass(frozen=True)
class PreviewRow:
    """One row as the preview shows it."""

    line: int
    action: str
    tone: str
    name: str
    code: str
    told: list[str]


@dataclass(frozen=True)
class ProblemRow:
    """One thing that is wrong: where, with what, and how to put it right."""

    line: int
    column: str
    value: str
    message: str
    name: str


@dataclass(frozen=True)
class Counts:
    """How many rows of each kind; ``wrong`` without the ``repeated`` ones."""

    added: int
    corrected: int
    same: int
    wrong: int
    repeated: int

    @property
    def problems(self) -> int:
        """Rows that are not taken."""
        return self.wrong + self.repeated


def counts(batch: ImportBatch) -> Counts:
    """Count the rows of a batch by what entering does with them."""
    actions = [row["action"] for row in batch.rows]
    repeated = sum(1 for problem in batch.errors if problem["duplicate"])
    return Counts(
        added=actions.count("add"),
        corrected=actions.count("correct"),
        same=actions.count("same"),
        wrong=len(batch.errors) - repeated,
        repeated=repeated,
    )


def preview_rows(batch: ImportBatch) -> list[PreviewRow]:
    """Return the first rows with what entering them changes."""
    return [_preview(row) for row in batch.rows[:SHOWN_ROWS]]


def _preview(row: dict[str, Any]) -> PreviewRow:
    word, tone = ACTIONS[row["action"]]
    told = _what_is_new(row) if row["action"] == "add" else _what_changes(row["changes"])
    return PreviewRow(
        line=row["line"],
        action=str(word),
        tone=tone,
        name=row["facts"]["name"],
        code=row["uscc"] or "",
        told=[*told, *(f"提示：{warning}" for warning in row["warnings"])],
    )


def _what_changes(changed: dict[str, list[Any]]) -> list[str]:
    # In the order of the labels: PostgreSQL keeps JSON in an order of its own.
    return [
        f"{label}：{_shown(changed[name][0])} → {_shown(changed[name][1])}"
        for name, label in LABELS_WITH_CONTACT.items()
        if name in changed
    ]


def _what_is_new(row: dict[str, Any]) -> list[str]:
    facts = {name: value for name, value in row["facts"].items() if name != "name"}
    told = [f"{label}：{facts[name]}" for name, label in LABELS.items() if name in facts]
    if row["kind"]:
        told.insert(0, f"类别：{EnterpriseKind(row['kind']).label}")
    if row["contact_phone"]:
        phone = Phone.from_stored(row["contact_phone"])
        told.append(f"联系人：{row['contact_name']}（{phone}）")
    return told


def _shown(value: Any) -> str:
    return "（空）" if value in (None, "") else str(value)


def problem_rows(batch: ImportBatch, most: int | None = SHOWN_ROWS) -> list[ProblemRow]:
    """Return what is wrong, one line a problem, in the order of the file."""
    return [
        ProblemRow(
            row["line"],
            problem["column"],
            problem["value"],
            problem["message"],
            row["cells"].get("name", ""),
        )
        for row in batch.errors[:most]
        for problem in row["problems"]
    ]


def recent_batches(user: User) -> list[ImportBatch]:
    """Return the newest imports without their rows."""
    rows = visible_import_batches(user).select_related("uploaded_by").defer("rows", "errors")
    return list(rows.exclude(state=BatchState.DROPPED).order_by("-pk")[:20])
