"""An uploaded table of firms: its columns found, each cell cleaned by the field of the page."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianqi.engines.identifiers import mask_phone, uscc_warnings
from lianqi.engines.tabular import (
    HeaderMatch,
    Table,
    TableUnreadable,
    clean_cell,
    find_header,
    read_table,
)
from lianqi.enterprises.actions import enter_batch, preview_batch
from lianqi.enterprises.actions.batches import FirmRow, RowProblem
from lianqi.enterprises.enums import EnterpriseKind
from lianqi.enterprises.forms.facts import IdentityForm
from lianqi.enterprises.models import ImportBatch
from lianqi.kernel.access import Actor
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.files import inspect_all
from lianqi.kernel.uploads import IMPORT_FILE, CleanFile

# Entering this many holds the database for some twenty seconds, about as long as others wait.
MOST_ROWS = 10_000
_FIELDS = IdentityForm.base_fields


@dataclass(frozen=True)
class Column:
    """A column of the table: its heading in our template and what others call it."""

    name: str
    heading: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    example: str = ""


COLUMNS = (
    Column(
        "uscc",
        "统一社会信用代码",
        ("信用代码", "社会信用代码", "统一信用代码", "统一代码", "纳税人识别号"),
        True,
        "91410700MA0000000U",
    ),
    Column(
        "name",
        "企业名称",
        ("单位名称", "名称", "公司名称", "市场主体名称"),
        True,
        "某某机械有限公司",
    ),
    Column("kind", "类别", ("主体类别", "企业类别", "市场主体类型"), example="企业"),
    Column("industry_code", "行业代码", ("国民经济行业代码", "行业分类代码"), example="C34"),
    Column("employees", "从业人员", ("从业人数", "职工人数", "从业人员期末人数"), example="120"),
    Column(
        "revenue_wan",
        "营业收入（万元）",
        ("营业收入", "主营业务收入", "年营业收入"),
        example="5600",
    ),
    Column("assets_wan", "资产总额（万元）", ("资产总额", "资产总计"), example="8000"),
    Column("address", "地址", ("住所", "经营地址", "注册地址", "企业地址"), example="示例路 1 号"),
    Column("contact_name", "联系人", ("联系人姓名", "企业联系人"), example="王某"),
    Column(
        "contact_phone",
        "联系电话",
        ("联系人电话", "手机", "手机号", "电话", "联系方式"),
        example="13800138000",
    ),
)
HEADINGS = {column.name: column.heading for column in COLUMNS}
_KINDS = {
    **{str(label): value for value, label in EnterpriseKind.choices},
    "个体": EnterpriseKind.SELF_EMPLOYED.value,
    "个体户": EnterpriseKind.SELF_EMPLOYED.value,
    "合作社": EnterpriseKind.COOPERATIVE.value,
    "公司": EnterpriseKind.COMPANY.value,
}
_UNIT_REMARK = re.compile(r"[(（【\[]\s*(?:单位[:：]?)?\s*(.*?元)\s*[)）】\]]")


class ImportForm(forms.Form):
    """The file with the firms."""

    file = forms.FileField(
        label=_("企业信息表"),
        help_text=_("xlsx 或 csv，最多 10,000 行、20 MB。先检查后导入，上传后还可以放弃。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": _("请选择要导入的文件。"),
            "empty": _("文件是空的。请确认选对了文件，再重新上传。"),
        },
    )
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def clean_file(self) -> CleanFile:
        """Inspect the file and read its table."""
        try:
            [clean] = inspect_all([self.cleaned_data["file"]], rule=IMPORT_FILE)
            table = read_table(clean.name, clean.content)
            self.rows, self.problems = read_firms(table)
        except RuleBroken as refused:
            raise ValidationError(refused.message, code=refused.code) from refused
        except TableUnreadable as unreadable:
            raise ValidationError(str(unreadable), code="unreadable") from unreadable
        return clean

    def save(self, *, actor: Actor) -> ImportBatch:
        """Keep the table for a look before it is entered."""
        name = self.cleaned_data["file"].name[:160]
        return preview_batch(self.rows, self.problems, actor=actor, name=name)


class EnterBatchForm(forms.Form):
    """The word that the rows are to be entered, and that wrong ones stay out."""

    skip_errors = forms.BooleanField(label=_("有误的行不导入"), required=False)

    def save(self, batch: ImportBatch, *, actor: Actor) -> ImportBatch:
        """Enter the rows."""
        return enter_batch(batch, actor=actor, **self.cleaned_data)


def read_firms(table: Table) -> tuple[list[FirmRow], list[RowProblem]]:
    """Return the rows that read well and what is wrong with the others.

    Raises:
        TableUnreadable: no header, a column is missing, too many rows, or amounts not in 万元.
    """
    header = find_header(table.rows, {c.name: (c.heading, *c.aliases) for c in COLUMNS})
    _check_header(table, header)
    first = (header.row_index or 0) + 1
    if len(table.rows) - first > MOST_ROWS:
        raise TableUnreadable(
            f"表头下面有 {len(table.rows) - first:,} 行，一次最多导入 {MOST_ROWS:,} 行。"
            "请分成几个文件上传。"
        )
    rows: list[FirmRow] = []
    problems: list[RowProblem] = []
    seen: dict[str, int] = {}
    for cells, line in zip(table.rows[first:], table.lines[first:], strict=True):
        texts = {name: clean_cell(cells[at]) for name, at in header.columns.items()}
        if not any(texts.values()):
            continue
        read = _read_row(texts, line, seen)
        if isinstance(read, FirmRow):
            rows.append(read)
        else:
            problems.append(read)
    if not rows and not problems:
        raise TableUnreadable("表头下面没有数据。请从表头的下一行起每行填写一家企业。")
    return rows, problems


def _check_header(table: Table, header: HeaderMatch) -> None:
    required = {column.name for column in COLUMNS if column.required}
    missing = [HEADINGS[name] for name in header.missing if name in required]
    if header.row_index is None or missing:
        raise TableUnreadable(
            f"缺少列：{'、'.join(missing)}。请在前 20 行内放一行表头，"
            "列名照导入模板填写；其余列可以没有，顺序不限。"
        )
    for name in ("revenue_wan", "assets_wan"):
        at = header.columns.get(name)
        heading = clean_cell(table.rows[header.row_index][at]) if at is not None else ""
        unit = _UNIT_REMARK.search(heading)
        if unit and unit[1] != "万元":
            raise TableUnreadable(
                f"列“{heading}”的单位是{unit[1]}，本系统按万元登记。"
                f"请换算成万元，并把列名改为“{HEADINGS[name]}”。"
            )


def _read_row(texts: dict[str, str], line: int, seen: dict[str, int]) -> FirmRow | RowProblem:
    values: dict[str, Any] = {}
    problems: list[dict[str, str]] = []
    for name, text in texts.items():
        try:
            values[name] = _CLEANERS[name](text)
        except ValidationError as wrong:
            problems.append(_problem(name, text, " ".join(wrong.messages)))
    problems += _together(values, texts, {problem["column"] for problem in problems})
    if problems:
        return RowProblem(line, _shown(texts), problems)
    code = values["uscc"]
    if code and code in seen:
        repeated = _problem("uscc", code, f"与第 {seen[code]} 行重复，只取先出现的一行。")
        return RowProblem(line, _shown(texts), [repeated], duplicate=True)
    seen[code] = line
    return _firm_row(values, line)


def _firm_row(values: dict[str, Any], line: int) -> FirmRow:
    # An empty cell says nothing, it does not erase what the directory knows.
    facts = {
        name: values[name]
        for name in ("name", "industry_code", "employees", "revenue_wan", "assets_wan", "address")
        if values.get(name) not in (None, "")
    }
    return FirmRow(
        line=line,
        uscc=values["uscc"] or None,
        facts=facts,
        kind=values.get("kind", ""),
        contact_name=values.get("contact_name", ""),
        contact_phone=values.get("contact_phone"),
        warnings=uscc_warnings(values["uscc"]) if values["uscc"] else [],
    )


def _together(
    values: dict[str, Any], texts: dict[str, str], wrong: set[str]
) -> list[dict[str, str]]:
    """What is wrong between the cells of a row, cell by cell being right."""
    problems = []
    person = values.get("kind") == EnterpriseKind.PERSON
    if not person and not values.get("uscc") and HEADINGS["uscc"] not in wrong:
        problems.append(_problem("uscc", "", "请填写统一社会信用代码（18位，见营业执照）。"))
    if person and values.get("uscc"):
        problems.append(_problem("uscc", texts["uscc"], "民营经济人士没有信用代码，请清空这一格。"))
    if values.get("contact_phone") and not values.get("contact_name"):
        problems.append(_problem("contact_name", "", "填了联系电话，请一并填写联系人。"))
    return problems


def _problem(name: str, text: str, message: str) -> dict[str, str]:
    shown = mask_phone(text) if name == "contact_phone" else text
    return {"column": HEADINGS[name], "value": shown[:100], "message": message}


def _shown(texts: dict[str, str]) -> dict[str, str]:
    """The cells as they may be kept: a number that is none may still be somebody's, so masked."""
    return {
        name: mask_phone(text) if name == "contact_phone" else text[:200]
        for name, text in texts.items()
    }


def _kind(text: str) -> str:
    if text and text not in _KINDS:
        labels = "、".join(str(label) for label in EnterpriseKind.labels)
        raise ValidationError(f"“{text}”不是可选类别，应为：{labels}。")
    return _KINDS.get(text, "")


def _optional(name: str) -> Callable[[str], Any]:
    """The page's own field, which an import need not fill."""
    field = _FIELDS[name]

    def clean(text: str) -> Any:
        return field.clean(text) if text else None

    return clean


_CLEANERS: dict[str, Callable[[str], Any]] = {
    **{column.name: _optional(column.name) for column in COLUMNS},
    "uscc": _FIELDS["uscc"].clean,
    "name": _FIELDS["name"].clean,
    "kind": _kind,
    "contact_name": lambda text: _FIELDS["contact_name"].clean(text) if text else "",
}
