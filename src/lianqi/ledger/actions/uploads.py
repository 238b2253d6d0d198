"""An uploaded table: kept for a look, then entered row by row, each row whole or not at all."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import now
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.journal import write_line
from lianqi.ledger.access import visible_items, working_units
from lianqi.ledger.actions.docketing import draft_series
from lianqi.ledger.actions.handling import report_progress
from lianqi.ledger.enums import UploadKind, UploadState
from lianqi.ledger.models import Item, Upload
from lianqi.ledger.queries.uploads import already_reported
from lianqi.organisation.models import Unit

MAY = {UploadKind.REPORTS: "ledger.upload_reports", UploadKind.ITEMS: "ledger.import_items"}


def keep_upload(
    kind: UploadKind,
    rows: Sequence[Mapping[str, Any]],
    errors: Sequence[Mapping[str, Any]],
    *,
    actor: Actor,
    name: str,
) -> Upload:
    """Keep a table that was read, for a look before anything is entered.

    Raises:
        NotPermitted: the actor's post may not upload such a table.
    """
    _require(kind, actor)
    return Upload.objects.create(
        kind=kind,
        name=name[:160],
        state=UploadState.PREVIEWED,
        rows=[dict(row) for row in rows],
        errors=[dict(error) for error in errors],
        uploaded_by=actor,
        uploaded_at=now(),
    )


def enter_upload(upload: Upload, *, actor: Actor) -> Upload:
    """Enter the rows one by one, each in a transaction of its own; how each fared is kept.

    Raises:
        StepUnfit: it has been entered or dropped already.
    """
    _require(UploadKind(upload.kind), actor)
    _claim(upload, UploadState.ENTERED)
    enter = _report if upload.kind == UploadKind.REPORTS else _draft
    upload.results = [_entered(enter, row, actor) for row in upload.rows]
    upload.entered_at = now()
    with transaction.atomic():
        upload.save(update_fields=["results", "entered_at"])
        done = sum(result["done"] for result in upload.results)
        write_line(
            upload,
            actor=actor,
            verb="upload.enter",
            label="导入表格",
            text=f"{upload.get_kind_display()}：{done}行已导入，{len(upload.results) - done}行没有。",
        )
    return upload


def drop_upload(upload: Upload, *, actor: Actor) -> Upload:
    """Throw the table away with everything that was read."""
    _require(UploadKind(upload.kind), actor)
    with transaction.atomic():
        _claim(upload, UploadState.DROPPED)
        upload.rows, upload.errors = [], []
        upload.save(update_fields=["rows", "errors"])
    return upload


def _require(kind: UploadKind, actor: Actor) -> None:
    if not may(actor, MAY[kind]):
        raise NotPermitted("您的岗位不能导入这张表。")


def _claim(upload: Upload, state: UploadState) -> None:
    """Take the table by one UPDATE, so that of two clicks exactly one enters it."""
    if not Upload.objects.filter(pk=upload.pk, state=UploadState.PREVIEWED).update(state=state):
        raise StepUnfit("这张表已经导入或放弃，不能再次办理。请刷新页面。")
    upload.state = state


def _entered(enter: Any, row: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    told = {"line": row["line"], "number": row.get("number", ""), "title": row["title"]}
    try:
        with transaction.atomic():
            numbers = enter(row, actor)
    except RuleBroken as refused:
        return {**told, "done": False, "message": refused.message}
    return {**told, "number": numbers, "done": True, "message": ""}


def _report(row: Mapping[str, Any], actor: Actor) -> str:
    item = visible_items(actor).filter(number=row["number"]).first()
    if item is None:
        raise RuleBroken("没有这个编号，或不是本单位的事项。")
    if already_reported(item, working_units(actor)):
        raise RuleBroken("本期已经报送过。")
    return report_progress(item, actor=actor, percent=row["percent"], text=row["text"]).number


def _draft(row: Mapping[str, Any], actor: Actor) -> str:
    units = Unit.objects.in_bulk(row["units"], field_name="code")
    drafted: list[Item] = draft_series(
        actor=actor,
        title=row["title"],
        source=row["source"],
        lead_unit=units[row["units"][0]],
        units=list(units.values()),
        unknown_units=row["unknown"],
        deadline_text=row["deadline_text"],
        dates=[date.fromisoformat(day) for day in row["dates"]],
        recurs=row["recurs"],
        year=row["year"],
        programme=row["programme"],
        basis=row["basis"],
        percent=row["percent"],
        mark=row["mark"],
    )
    return "、".join(item.number for item in drafted)
