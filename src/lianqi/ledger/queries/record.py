"""Everything the page of one item shows."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from lianqi.kernel.access import visible_subjects
from lianqi.kernel.models import Attachment
from lianqi.kernel.queries.records import (
    FileRow,
    Line,
    OwedLine,
    StepLink,
    file_rows,
    owed_lines,
    step_links,
    timeline_of,
)
from lianqi.kernel.templatetags.ui import day
from lianqi.ledger.models import Item, StatementLine
from lianqi.ledger.queries.items import ItemRow
from lianqi.ledger.workflow import ITEM
from lianqi.organisation.models import User

# Steps that only the clock, or another step, takes.
BY_THEMSELVES = ("turn_period", "agree_books", "release_owner", "amend")
TONES = {
    "docket": "blue",
    "assign": "blue",
    "sign": "green",
    "return_item": "amber",
    "reject_closing": "amber",
    "explain_delay": "amber",
    "turn_period": "amber",
    "release_owner": "amber",
    "issue_slip": "red",
    "reopen": "amber",
    "grade_closing": "green",
    "strike_off": "green",
    "cancel": "red",
    "amend": "amber",
}


@dataclass(frozen=True)
class ItemRecord:
    """One item as one person sees it."""

    row: ItemRow
    facts: list[tuple[str, Any]]
    steps: list[StepLink]
    duties: list[OwedLine]
    timeline: list[Line]
    files: list[FileRow]
    origin: Any
    last_line: StatementLine | None


def item_record(user: User, item: Item) -> ItemRecord:
    """Return what this person may see of an item that the row filter has let through."""
    return ItemRecord(
        row=ItemRow(item),
        facts=_facts(item),
        steps=step_links(
            ITEM, item, user, address="ledger:item_step", name=item.number, hidden=BY_THEMSELVES
        ),
        duties=owed_lines(item),
        timeline=timeline_of(item, TONES),
        files=file_rows(Attachment.objects.about(item)),
        origin=_origin(user, item),
        last_line=item.statement_lines.select_related("statement").order_by("-pk").first(),  # type: ignore[attr-defined]
    )


def _facts(item: Item) -> list[tuple[str, Any]]:
    shares = item.shares.all()  # type: ignore[attr-defined]
    others = [share.unit.name for share in shares if not share.leads]
    unknown = [_("%s（没有账号）") % name for name in item.unknown_units]
    pairs = [
        (_("牵头单位"), item.lead_unit.name),
        (_("责任单位"), "、".join([*others, *unknown]) or _("无")),
        (_("具体责任人"), _owner(item)),
        (_("时限"), _deadline(item)),
        (_("报送周期"), item.get_period_display()),
        (_("来源"), item.get_source_display()),
        (_("依据"), item.basis),
        (_("专项"), item.programme),
        (_("评定"), item.get_grade_display() if item.grade else ""),
    ]
    return [(label, value) for label, value in pairs if value]


def _owner(item: Item) -> str:
    if item.owner:
        return item.owner.full_name
    return _("原责任人已离任，待联络员重新指定") if item.signed_at else _("签收时指定")


def _deadline(item: Item) -> str:
    written = _("（原文：%s）") % item.deadline_text if item.deadline_text else ""
    late_entry = _("（补录：文件印发前已到期，不计入按时率）") if item.backfilled else ""
    return f"{day(item.due_on) if item.due_on else _('持续推进')}{written}{late_entry}"


def _origin(user: User, item: Item) -> Any:
    """Return the record it was born from, if this person may see that."""
    if not item.origin_type or item.origin_type == "ledger.plantask":
        return None
    rows = visible_subjects(user, item.origin_type)
    if rows is None:
        return None
    try:
        return rows.get(pk=item.origin_id)
    except (ObjectDoesNotExist, apps.get_model(item.origin_type).MultipleObjectsReturned):
        return None
