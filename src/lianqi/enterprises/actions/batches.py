"""An uploaded table of firms: compared with the directory, entered whole or not at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from lianqi.enterprises.actions.corrections import apply_correction
from lianqi.enterprises.actions.facts import changes, fill, kind_of_code, plain
from lianqi.enterprises.actions.registration import start_entered
from lianqi.enterprises.enums import BatchState, EnterpriseState, Origin
from lianqi.enterprises.models import Contact, Enterprise, FormerCode, ImportBatch
from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import now
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.journal import write_line
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.phones import Phone

# Below SQLite's limit of parameters in one statement.
CHUNK = 500
OUTSIDE = {EnterpriseState.REFUSED, EnterpriseState.LEFT}
_FROM_JSON = {"employees": int, "revenue_wan": Decimal, "assets_wan": Decimal}


@dataclass(frozen=True)
class FirmRow:
    """One row of the table that reads well: ``line`` is its line in the clerk's file.

    ``kind`` is "" where the table does not tell; then the code does.
    """

    line: int
    uscc: str | None
    facts: dict[str, Any]
    kind: str = ""
    contact_name: str = ""
    contact_phone: Phone | None = None
    warnings: list[str] = field(default_factory=list)

    def kept(self) -> dict[str, Any]:
        """Return the row as the batch keeps it, the phone sealed."""
        return {
            "line": self.line,
            "uscc": self.uscc,
            "kind": self.kind,
            "facts": {name: plain(value) for name, value in self.facts.items()},
            "contact_name": self.contact_name,
            "contact_phone": self.contact_phone.stored if self.contact_phone else "",
            "warnings": self.warnings,
        }

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "FirmRow":
        """Return the row that a batch has kept."""
        facts = {name: _FROM_JSON.get(name, str)(value) for name, value in kept["facts"].items()}
        phone = Phone.from_stored(kept["contact_phone"]) if kept["contact_phone"] else None
        return cls(kept["line"], kept["uscc"], facts, kept["kind"], kept["contact_name"], phone)


@dataclass(frozen=True)
class RowProblem:
    """Why a row is not taken: its line, what stood in its cells, and what is wrong where."""

    line: int
    cells: dict[str, str]
    problems: list[dict[str, str]]
    duplicate: bool = False

    def kept(self) -> dict[str, Any]:
        """Return the problem as the batch keeps it."""
        return dict(vars(self))


def preview_batch(
    rows: Sequence[FirmRow], problems: Sequence[RowProblem], *, actor: Actor, name: str
) -> ImportBatch:
    """Keep a table that was read, each row with what entering it would do; nothing is entered.

    Raises:
        NotPermitted: the actor's post may not import firms.
    """
    _require(actor)
    kept: list[dict[str, Any]] = []
    refused = [problem.kept() for problem in problems]
    for row, known, outcome in _against_directory(rows):
        if isinstance(outcome, str):
            refused.append(_refusal(row, outcome).kept())
        else:
            action = "add" if known is None else "correct" if outcome else "same"
            kept.append({**row.kept(), "action": action, "changes": outcome})
    return ImportBatch.objects.create(
        name=name,
        state=BatchState.PREVIEWED,
        rows=kept,
        errors=sorted(refused, key=lambda problem: problem["line"]),
        uploaded_by=actor,
        uploaded_at=now(),
    )


def _require(actor: Actor) -> None:
    if not may(actor, "enterprises.import_enterprises"):
        raise NotPermitted("您的岗位不能批量导入企业。")


def _refusal(row: FirmRow, message: str) -> RowProblem:
    cells = {"uscc": row.uscc or "", "name": row.facts["name"]}
    problem = {"column": "统一社会信用代码", "value": row.uscc or "", "message": message}
    return RowProblem(row.line, cells, [problem])


def _against_directory(
    rows: Sequence[FirmRow],
) -> Iterator[tuple[FirmRow, Enterprise | None, dict[str, list[Any]] | str]]:
    """Yield each row with the firm it names and what differs, or why it cannot be entered."""
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        codes = [row.uscc for row in chunk if row.uscc]
        found = Enterprise.objects.filter(uscc__in=codes).prefetch_related("contacts")
        known = {firm.uscc: firm for firm in found}
        former = dict(
            FormerCode.objects.filter(uscc__in=codes).values_list("uscc", "enterprise__name")
        )
        for row in chunk:
            firm = known.get(row.uscc) if row.uscc else None
            yield row, firm, _outcome(row, firm, former.get(row.uscc or ""))


def _outcome(
    row: FirmRow, firm: Enterprise | None, former_of: str | None
) -> dict[str, list[Any]] | str:
    if firm is None:
        return f"这是“{former_of}”的曾用代码，请改用现用代码。" if former_of else {}
    if firm.state in OUTSIDE:
        return f"该企业在名录中是“{firm.get_state_display()}”，请先在企业页面重新入库。"
    if row.kind not in ("", firm.kind):
        return f"该企业在名录中的类别是“{firm.get_kind_display()}”，请在企业页面变更。"
    changed = changes(firm, row.facts)
    if _new_contact(row, firm):
        changed["contact"] = ["", f"{row.contact_name}（{row.contact_phone}）"]
    return changed


def _new_contact(row: FirmRow, firm: Enterprise) -> bool:
    if not row.contact_name or row.contact_phone is None:
        return False
    return all(held.phone != row.contact_phone for held in firm.contacts.all())


def enter_batch(batch: ImportBatch, *, actor: Actor, skip_errors: bool = False) -> ImportBatch:
    """Enter a previewed import: new firms are added, known ones corrected; all rows or none.

    ``skip_errors`` says that the rows with problems are knowingly left out.

    Raises:
        NotPermitted: the actor's post may not import firms.
        RuleBroken: problem rows were not dealt with, or a row does not fit the directory any more.
        StepUnfit: the batch has been entered or dropped already.
    """
    _require(actor)
    if batch.errors and not skip_errors:
        raise RuleBroken(
            f"有{len(batch.errors)}行有问题。请改好原表后重新上传，或勾选“有误的行不导入”。",
            field="skip_errors",
        )
    if not batch.rows:
        raise RuleBroken("没有可以导入的行，请改好原表后重新上传。")
    try:
        with transaction.atomic():
            _claim(batch, BatchState.ENTERED)
            counts = _enter_rows([FirmRow.of(kept) for kept in batch.rows], actor, batch.pk)
            batch.result = {**counts, "skipped": len(batch.errors)}
            # Each firm's journal tells what came in; the copy of the table is needed no more.
            batch.rows, batch.entered_at = [], now()
            batch.save(update_fields=["rows", "entered_at", "result"])
            write_line(
                batch, actor=actor, verb="import.enter", label="批量导入企业", data=batch.result
            )
    except IntegrityError as clash:
        raise StepUnfit("导入期间名录有了变化，没有导入任何一行，请再试一次。") from clash
    return batch


def drop_batch(batch: ImportBatch, *, actor: Actor) -> ImportBatch:
    """Throw a previewed import away, with everything that was read."""
    _require(actor)
    with transaction.atomic():
        _claim(batch, BatchState.DROPPED)
        batch.rows, batch.errors = [], []
        batch.save(update_fields=["rows", "errors"])
        write_line(batch, actor=actor, verb="import.drop", label="放弃批量导入")
    return batch


def _claim(batch: ImportBatch, state: BatchState) -> None:
    """Take the batch by one UPDATE, so that of two clicks exactly one enters it."""
    waiting = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.PREVIEWED)
    if not waiting.update(state=state):
        raise StepUnfit("这批数据已经导入或放弃，不能再次办理。请刷新页面。")
    batch.state = state


def _enter_rows(rows: Sequence[FirmRow], actor: Actor, batch_id: int) -> dict[str, int]:
    counts = {"added": 0, "corrected": 0, "same": 0}
    contacts: list[Contact] = []
    for row, known, outcome in _against_directory(rows):
        try:
            if isinstance(outcome, str):
                raise RuleBroken(outcome)
            if known is None:
                counts["added"] += 1
                contacts += _contact(row, _add(row, actor, batch_id), main=True)
            elif outcome:
                counts["corrected"] += 1
                contacts += _correct(row, known, actor)
            else:
                counts["same"] += 1
        except RuleBroken as problem:
            raise RuleBroken(
                f"第{row.line}行：{problem.message}这批数据没有导入任何一行，请改好后重新上传。"
            ) from problem
    Contact.objects.bulk_create(contacts, batch_size=CHUNK)
    return counts


def _add(row: FirmRow, actor: Actor, batch_id: int) -> Enterprise:
    kind = row.kind or kind_of_code(row.uscc or "")
    enterprise = Enterprise(uscc=row.uscc, kind=kind, origin=Origin.IMPORTED)
    fill(enterprise, row.facts)
    start_entered(enterprise, actor=actor, batch=batch_id)
    return enterprise


def _correct(row: FirmRow, known: Enterprise, actor: Actor) -> list[Contact]:
    apply_correction(known, row.facts, actor=actor, label="批量更正资料")
    if not _new_contact(row, known):
        return []
    write_line(
        known,
        actor=actor,
        verb="enterprise.contact_add",
        label="新增联系人",
        text=f"{row.contact_name}（{row.contact_phone}）",
        audience=Audience.ENTERPRISE,
    )
    return _contact(row, known, main=not known.contacts.all())


def _contact(row: FirmRow, firm: Enterprise, *, main: bool) -> list[Contact]:
    if not row.contact_name or row.contact_phone is None:
        return []
    contact = Contact(enterprise=firm, name=row.contact_name, main=main)
    contact.phone = row.contact_phone  # type: ignore[assignment]
    return [contact]
