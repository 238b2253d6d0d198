"""Uploaded tables: a unit's reports, the office's existing ledger; columns in any order."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianqi.engines.deadlines import read_deadline
from lianqi.engines.tabular import (
    Table,
    TableUnreadable,
    clean_cell,
    find_header,
    formula_cells,
    read_table,
)
from lianqi.engines.workplan import read_units
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import today
from lianqi.kernel.crypto import sm3
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.fields import LineField
from lianqi.kernel.files import inspect_all
from lianqi.kernel.uploads import IMPORT_FILE, CleanFile
from lianqi.ledger.access import visible_items, working_units
from lianqi.ledger.actions.uploads import keep_upload
from lianqi.ledger.enums import ItemSource, ItemState, UploadKind
from lianqi.ledger.models import Item, Upload
from lianqi.ledger.queries.uploads import marked_items, reported_items
from lianqi.organisation.models import Unit, User
from lianqi.organisation.queries.roster_file import known_units

MOST_ROWS = 5_000
MOST_PERCENT = 100
_TITLE_MOST, _TEXT_MOST, _DEADLINE_MOST = 120, 5_000, 120
Headings = Mapping[str, tuple[str, ...]]
REPORT_COLUMNS: Headings = {
    "number": ("编号", "事项编号", "台账编号"),
    "percent": ("本期进度", "本期进度（%）", "本月进度"),
    "text": ("本期进展", "进展情况", "本期进展情况"),
}
ITEM_COLUMNS: Headings = {
    "title": ("事项", "工作事项", "任务", "工作任务", "督办事项", "重点任务"),
    "lead": ("牵头单位", "牵头部门", "主办单位", "牵头单位及责任人"),
    "units": ("责任单位", "配合单位", "协办单位", "责任部门"),
    "deadline": ("时限", "完成时限", "办理时限", "完成时间", "时间节点"),
    "source": ("来源", "任务来源", "事项来源"),
    "percent": ("进度", "完成进度", "现进度", "完成比例"),
}
_MUST = {
    UploadKind.REPORTS: ("number", "percent", "text"),
    UploadKind.ITEMS: ("title", "lead", "deadline"),
}
_SOURCES = {
    "批示": ItemSource.INSTRUCTION, "会议": ItemSource.RESOLUTION, "决议": ItemSource.RESOLUTION,
    "上级": ItemSource.UPSTREAM, "诉求": ItemSource.APPEAL, "调研": ItemSource.FINDING,
}  # fmt: skip


@dataclass
class Sheet:
    """What was read of a table: the rows that read well, what is wrong with the others."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)


class _UploadForm(forms.Form):
    """A table to be checked; nothing is entered before it has been looked at."""

    kind: ClassVar[UploadKind]
    columns: ClassVar[Headings]

    file = forms.FileField(
        label=_("表格"),
        help_text=_("xlsx 或 csv，最多 5,000 行、20 MB。先检查后导入，上传后还可以放弃。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": _("请选择要上传的文件。"),
            "empty": _("文件是空的。请确认选对了文件，再重新上传。"),
        },
    )
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        """Keep whose table it is: rows are checked against what this person may see."""
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_file(self) -> CleanFile:
        """Inspect the file, and find the columns."""
        try:
            [clean] = inspect_all([self.cleaned_data["file"]], rule=IMPORT_FILE)
            table = read_table(clean.name, clean.content)
            self.found = list(_texts(table, clean.content, self.columns, _MUST[self.kind]))
        except RuleBroken as refused:
            raise ValidationError(refused.message, code=refused.code) from refused
        except TableUnreadable as unreadable:
            raise ValidationError(str(unreadable), code="unreadable") from unreadable
        if not self.found:
            raise ValidationError(_("表头下面没有数据。"), code="unreadable")
        return clean

    @abstractmethod
    def read(self) -> Sheet:
        """Check the rows."""

    def save(self, *, actor: Actor) -> Upload:
        """Keep the table for a look before it is entered."""
        sheet = self.read()
        name = self.cleaned_data["file"].name
        return keep_upload(self.kind, sheet.rows, sheet.errors, actor=actor, name=name)


class ReportUploadForm(_UploadForm):
    """A unit's reports of this period."""

    kind, columns = UploadKind.REPORTS, REPORT_COLUMNS

    def read(self) -> Sheet:
        """Check each filled row: its number, whose it is, its percent, that it is not reported yet."""
        units = working_units(self.user)
        numbers = {texts["number"] for _line, texts, _wrong in self.found}
        rows = visible_items(self.user).filter(number__in=numbers).prefetch_related("shares")
        items = {item.number: item for item in rows}
        reported, sheet, seen = reported_items(items.values(), units), Sheet(), set[str]()
        for line, texts, formulas in self.found:
            if not (texts["percent"] or texts["text"] or formulas):
                continue  # a row that was left empty reports nothing
            item = items.get(texts["number"])
            problems = [*formulas, *_wrong_report(texts), *_unfit(item, units, reported)]
            if texts["number"] in seen:
                problems.append("这个编号在表里出现了两次。")
            seen.add(texts["number"])
            told = {"line": line, "number": texts["number"], "title": item.title if item else ""}
            if problems:
                sheet.errors.append({**told, "problems": problems})
            else:
                percent = _percent(texts["percent"])
                sheet.rows.append({**told, "percent": percent, "text": texts["text"]})
        return sheet


class ItemImportForm(_UploadForm):
    """The office's existing ledger: each row becomes a draft."""

    kind, columns = UploadKind.ITEMS, ITEM_COLUMNS

    year = forms.IntegerField(
        label=_("年度"),
        min_value=2000,
        max_value=2100,
        help_text=_("时限里没有写年份的，按这一年读。"),
    )
    basis = LineField(label=_("依据"), max_length=200, required=False)
    programme = LineField(label=_("专项标签"), max_length=40, required=False)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        """Begin with this year."""
        kwargs["initial"] = {"year": today().year, **kwargs.get("initial", {})}
        super().__init__(user, *args, **kwargs)

    def read(self) -> Sheet:
        """Read units and deadline of each row; what is in the ledger already is left out."""
        known = known_units()
        codes = dict(Unit.objects.filter(active=True).values_list("name", "code"))
        sheet, seen = Sheet(), dict[str, int]()
        for line, texts, formulas in self.found:
            row, problems = _read_item(texts, self.cleaned_data, known, codes)
            problems = [*formulas, *problems]
            told = {"line": line, "number": "", "title": texts["title"][:_TITLE_MOST]}
            if row["mark"] in seen:
                problems.append(f"与第{seen[row['mark']]}行重复。")
            seen.setdefault(row["mark"], line)
            if problems:
                sheet.errors.append({**told, "problems": problems})
            else:
                sheet.rows.append({**told, **row})
        there = marked_items(row["mark"] for row in sheet.rows)
        for row in [row for row in sheet.rows if row["mark"] in there]:
            problems = [f"已在台账中（{there[row['mark']]}），不重复导入。"]
            told = {name: row[name] for name in ("line", "number", "title")}
            sheet.errors.append({**told, "problems": problems})
        sheet.rows = [row for row in sheet.rows if row["mark"] not in there]
        sheet.errors.sort(key=lambda error: error["line"])
        return sheet


def _texts(
    table: Table, content: bytes, columns: Headings, must: Sequence[str]
) -> Iterator[tuple[int, dict[str, str], list[str]]]:
    """Yield each filled line with its cells by name, and what is wrong because of formulas.

    Raises:
        TableUnreadable: no header, a column is missing, or too many rows.
    """
    header = find_header(table.rows, columns)
    missing = [columns[name][0] for name in must if name in header.missing]
    if header.row_index is None or missing:
        raise TableUnreadable(
            f"缺少列：{'、'.join(missing)}。请在前 20 行内放一行表头，列名照样表填写，顺序不限；"
            "表头有合并单元格或分成两行的，请取消合并、改成一行。"
        )
    first = header.row_index + 1
    if len(table.rows) - first > MOST_ROWS:
        raise TableUnreadable(f"一次最多 {MOST_ROWS:,} 行，请分成几个文件上传。")
    formulas = formula_cells(content, table.sheet) if table.kind == "xlsx" else frozenset()
    for cells, line in zip(table.rows[first:], table.lines[first:], strict=True):
        texts = {
            name: clean_cell(cells[header.columns[name]]) if name in header.columns else ""
            for name in columns
        }
        if any(texts.values()):
            yield (
                line,
                texts,
                [
                    f"“{columns[name][0]}”是公式，请改成数值或文字（复制后“选择性粘贴—数值”）。"
                    for name, at in header.columns.items()
                    if (line, at + 1) in formulas or texts[name].startswith("=")
                ],
            )


def _unfit(item: Item | None, units: set[int], reported: set[int]) -> Iterator[str]:
    """Yield why nothing can be reported on the item that a row names."""
    if item is None:
        yield "没有这个编号，或不是本单位的事项。"
    elif not {share.unit_id for share in item.shares.all()} & units:  # type: ignore[attr-defined]
        yield "不是本单位的事项。"
    elif item.state != ItemState.UNDERWAY:
        yield f"这件事项现在是“{item.get_state_display()}”，不用报送进展。"
    elif item.pk in reported:
        yield "本期已经报送过。"


def _wrong_report(texts: Mapping[str, str]) -> Iterator[str]:
    if not texts["number"]:
        yield "没有写编号。"
    if _percent(texts["percent"]) is None:
        yield f"“本期进度”应为0至100的整数，现在是“{texts['percent'] or '空'}”。"
    if not texts["text"]:
        yield "没有写“本期进展”。"
    if len(texts["text"]) > _TEXT_MOST:
        yield f"“本期进展”最多{_TEXT_MOST}个字。"


def _percent(text: str) -> int | None:
    plain = text.removesuffix("%").strip()
    if not plain.isdecimal() or int(plain) > MOST_PERCENT:
        return None
    return int(plain)


def _read_item(
    texts: Mapping[str, str],
    given: Mapping[str, Any],
    known: Mapping[str, Sequence[str]],
    codes: Mapping[str, str],
) -> tuple[dict[str, Any], list[str]]:
    """Return what a row says as ``draft_series`` takes it, and what is wrong with it."""
    units = read_units(texts["units"], known, lead=texts["lead"])
    reading = read_deadline(texts["deadline"], plan_year=given["year"])
    percent = _percent(texts["percent"] or "0")
    lead = units.names[0] if texts["lead"] and units.names else ""
    checks: dict[str, Callable[[], bool]] = {
        "没有写“事项”。": lambda: not texts["title"],
        f"“事项”最多{_TITLE_MOST}个字。": lambda: len(texts["title"]) > _TITLE_MOST,
        "没有写“牵头单位”。": lambda: not lead,
        f"牵头单位“{lead}”没有在系统登记。": lambda: bool(lead) and lead not in codes,
        f"时限“{texts['deadline'] or '空'}”没有读出日期。": lambda: (
            not (reading.dates or reading.open_ended)
        ),
        f"“时限”最多{_DEADLINE_MOST}个字。": lambda: len(texts["deadline"]) > _DEADLINE_MOST,
        f"“进度”应为0至100的整数，现在是“{texts['percent']}”。": lambda: percent is None,
        f"来源“{texts['source']}”不认识。": lambda: _source(texts["source"]) is None,
    }
    content = "\n".join([texts["title"], lead, texts["deadline"], str(given["year"])])
    row = {
        "units": [codes[name] for name in units.names if name in codes],
        "unknown": [name for name in units.names if name not in codes],
        "source": _source(texts["source"]),
        "deadline_text": texts["deadline"],
        "dates": [day.isoformat() for day in reading.dates],
        "recurs": reading.recurs or "",
        "year": given["year"],
        "programme": given["programme"],
        "basis": given["basis"],
        "percent": percent,
        "mark": sm3(content.encode()),
    }
    return row, [sentence for sentence, wrong in checks.items() if wrong()]


def _source(text: str) -> str | None:
    """Return the source that a word means; a ledger that does not say comes from plans."""
    if not text:
        return ItemSource.PLAN.value
    for value, label in ItemSource.choices:
        if text in (value, str(label)):
            return value
    named = next((source for word, source in _SOURCES.items() if word in text), None)
    if named is None and any(word in text for word in ("要点", "方案", "计划", "任务")):
        return ItemSource.PLAN.value
    return named.value if named else None
