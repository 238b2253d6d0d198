"""Fills the ledger: samples go through the real actions, the others are copies of their rows.

A copy has its own key, number and title, and the rows that lists, boards, scorecards and desks read
(units, reports, closings, duties); only its timeline is not copied.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import models, transaction

from lianqi.kernel.clock import now, told_at
from lianqi.kernel.models import Duty
from lianqi.kernel.search import fill_index
from lianqi.kernel.uploads import CleanFile
from lianqi.ledger import actions
from lianqi.ledger.enums import ItemSource
from lianqi.ledger.models import Closing, Item, ItemUnit, ProgressReport
from lianqi.organisation.access import load_posts
from lianqi.organisation.models import Unit, User

EVIDENCE = CleanFile("证明.txt", b"done", "text/plain", 4, "0" * 64)
OFFICE = "conference_office"
BATCH = 2_000
# What a ledger holds after some years: most of it is struck off.
SHARES = {"struck": 70, "underway": 14, "reported": 8, "late": 3, "closing": 2, "docketed": 3}
PARTS: tuple[type[models.Model], ...] = (ItemUnit, ProgressReport, Closing)


def load_items(size: int, *, say: Callable[[str], None] = lambda text: None) -> None:
    """Load ``size`` items of all units into a prepared database with the demonstration's district."""
    office = User.objects.get(username=OFFICE)
    samples = [
        (scene, share, _played(scene, unit, office))
        for unit in Unit.objects.filter(active=True).order_by("pk")
        if User.objects.filter(username=f"{unit.code}_liaison").exists()
        for scene, share in SHARES.items()
    ]
    say(f"{len(samples)} samples went through the actions")
    per = size / sum(share for _scene, share, _item in samples)
    number = Item.objects.count()
    for _scene, share, item in samples:
        wanted = max(0, round(share * per) - 1)
        with transaction.atomic():
            for begun in range(0, wanted, BATCH):
                _copy(item, number, min(BATCH, wanted - begun))
                number += min(BATCH, wanted - begun)
    say(f"{Item.objects.count():,} items are there")
    fill_index(Item._meta.label_lower)


def _played(scene: str, unit: Unit, office: User) -> Item:
    """Take one item through the actions as far as its scene goes, some months ago."""
    liaison = User.objects.get(username=f"{unit.code}_liaison")
    load_posts([liaison, office])
    ahead = timedelta(days=-20 if scene == "late" else 40)
    begun = now() - timedelta(days=60)
    # An item is assigned in its own year.
    due = min((begun + timedelta(days=60) + ahead).date(), date(begun.year, 12, 31))
    with told_at(begun):
        [item] = actions.draft_series(
            actor=office,
            title=f"完善{unit.name}服务企业清单",
            text="逐项明确办理流程，公开办理时限。",
            source=ItemSource.PLAN,
            lead_unit=unit,
            deadline_text="按计划",
            dates=[] if scene == "reported" else [due],
            year=begun.year,
        )
        actions.docket_item(item, actor=office)
        if scene == "docketed":
            return item
        actions.assign_item(item, actor=office)
        actions.sign_item(item, actor=liaison, owner=liaison)
    with told_at(begun + timedelta(days=30)):
        actions.report_progress(item, actor=liaison, percent=40, text="完成初稿。")
        if scene in ("closing", "struck"):
            actions.apply_closing(item, actor=liaison, result="已办。", files=[EVIDENCE])
        if scene == "struck":
            actions.grade_closing(item, actor=office, grade="good")
            actions.agree_books(item, actor=office, statement="样本")
            actions.strike_off(item, actor=office)
    return item


def _copy(item: Item, number: int, count: int) -> None:
    made = Item.objects.bulk_create(
        _like(
            item,
            number=f"DB{item.year}-{100_000 + number + n}",
            title=f"{item.title}之{number + n}",
        )
        for n in range(count)
    )
    for model in PARTS:
        rows: list[Any] = list(model._default_manager.filter(item=item))  # type: ignore[misc]
        model._default_manager.bulk_create(_like(row, item=copy) for copy in made for row in rows)
    live = list(Duty.objects.about(item).filter(state="open"))
    Duty.objects.bulk_create(
        _like(duty, subject_id=copy.pk, url=copy.get_absolute_url(), matter=str(copy)[:200])
        for copy in made
        for duty in live
    )


def _like(row: Any, **other: Any) -> Any:
    """Return a new row with the same columns but these."""
    columns = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in other
    }
    return type(row)(**columns, **other)
