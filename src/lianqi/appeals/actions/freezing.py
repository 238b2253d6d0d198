"""固化三率: a period's figures kept with everything they were counted from, and made public."""

from datetime import date

from django.db import transaction

from lianqi.appeals.models import FrozenFact, FrozenRates
from lianqi.appeals.models.rates import FACT_NAMES
from lianqi.appeals.queries.frozen import digest_of, frozen_counts
from lianqi.appeals.queries.rates import facts_between, settings_now
from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import local, now, today
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.journal import write_line
from lianqi.kernel.numbering import next_number

CHUNK = 2000


@transaction.atomic
def freeze_rates(*, actor: Actor, first_day: date, last_day: date, note: str = "") -> FrozenRates:
    """Keep the rates of a period as they stand, with the facts of each appeal behind them (A3-3-5).

    Raises:
        NotPermitted: the actor may not freeze.
        RuleBroken: the period is upside down, not over yet, or without an appeal.
    """
    if not may(actor, "appeals.freeze_rates"):
        raise NotPermitted("固化三率由专班办公室办理。")
    if last_day < first_day:
        raise RuleBroken("止日不能早于起日。", field="last_day")
    if last_day >= today():
        raise RuleBroken("这段时间还没有过完，过完后才能固化。", field="last_day")
    facts = facts_between(first_day, last_day).order_by("pk")
    if not facts.exists():
        raise RuleBroken("这段时间没有派出的诉求，没有可固化的数据。", field="first_day")
    at = now()
    table = FrozenRates.objects.create(
        number=f"SL{local(at).year}-{next_number('frozen_rates', local(at).year):04d}",
        first_day=first_day,
        last_day=last_day,
        settings_then=settings_now(),
        note=note,
        frozen_at=at,
        frozen_by=actor,
    )
    rows = [
        FrozenFact(table=table, appeal_id=fact.pk, **{n: getattr(fact, n) for n in FACT_NAMES})
        for fact in facts.iterator(chunk_size=CHUNK)
    ]
    FrozenFact.objects.bulk_create(rows, batch_size=CHUNK)
    table.figures, table.digest = frozen_counts(table), digest_of(table)
    table.save(update_fields=["figures", "digest"])
    write_line(
        table,
        actor=actor,
        verb="rates.freeze",
        label="固化三率",
        text=f"{first_day:%Y年%m月%d日}至{last_day:%Y年%m月%d日}，{len(rows)}件。{note}",
        data={
            "first_day": first_day,
            "last_day": last_day,
            "rows": len(rows),
            "digest": table.digest,
        },
        at=at,
    )
    return table


@transaction.atomic
def publish_rates(table: FrozenRates, *, actor: Actor) -> FrozenRates:
    """Let everybody read a frozen table; cells too small to hide a firm stay closed.

    Raises:
        NotPermitted: the actor may not publish.
        StepUnfit: it is public already.
    """
    if not may(actor, "appeals.publish_rates"):
        raise NotPermitted("公开三率由专班组长、副组长决定。")
    at = now()
    if not FrozenRates.objects.filter(pk=table.pk, published_at=None).update(published_at=at):
        raise StepUnfit("这张表已经公开。")
    table.refresh_from_db()
    write_line(
        table, actor=actor, verb="rates.publish", label="公开三率", text=f"公开{table}。", at=at
    )
    return table
