"""Changing a time limit: always a new dated row."""

from datetime import date

from django.db import IntegrityError, transaction

from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import now, today
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.journal import write_line
from lianqi.kernel.models import TimeLimit
from lianqi.kernel.models.limits import CLOCK_UNITS, LimitSource, LimitUnit
from lianqi.kernel.revisions import raise_revision

MOST = 3650


@transaction.atomic
def set_limit(
    key: str, *, actor: Actor, amount: int, unit: str, basis: str, effective_from: date
) -> TimeLimit:
    """Decide a limit from a day on; what began before, also earlier today, runs on as it was.

    Raises:
        NotPermitted: the actor may not change limits.
        RuleBroken: no such limit, a day in the past or already taken, no basis, a wrong amount.
    """
    if not may(actor, "kernel.set_limits"):
        raise NotPermitted("修改时限由系统管理员或联席会议办公室办理。")
    latest = TimeLimit.objects.filter(key=key).first()
    if latest is None:
        raise RuleBroken(f"没有名为“{key}”的时限，只能修改已有的时限。", field="key")
    _check(amount, basis, effective_from)
    _check_unit(latest, unit, amount)
    before = _in_force(key, effective_from) or latest
    row = TimeLimit(
        key=key,
        label=latest.label,
        amount=amount,
        unit=unit,
        source=LimitSource.DECIDED,
        basis=basis.strip(),
        effective_from=effective_from,
        set_at=now(),
        set_by_id=actor.pk,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise RuleBroken(
            f"这个时限已有自{effective_from:%Y年%m月%d日}起的设置，旧设置不能改写，请选择另一天。",
            field="effective_from",
        ) from taken
    write_line(
        row,
        actor=actor,
        verb="limit.set",
        label="修改时限",
        text=f"{row.label}由{before.text}改为{row.text}，自{effective_from:%Y年%m月%d日}起。"
        f"依据：{row.basis}",
        data={"key": key, "amount": amount, "unit": unit, "effective_from": effective_from},
    )
    raise_revision("limits")
    return row


def _in_force(key: str, day: date) -> TimeLimit | None:
    return TimeLimit.objects.filter(key=key, effective_from__lte=day).first()


def _check_unit(latest: TimeLimit, unit: str, amount: int) -> None:
    """A clock stays a clock and a share a share: who reads the setting counts on it."""
    clock = latest.unit in CLOCK_UNITS
    if unit != latest.unit and not (clock and unit in CLOCK_UNITS):
        if clock:
            raise RuleBroken("这是时限，单位只能是工作日、工作小时或自然日。", field="unit")
        raise RuleBroken(
            f"这项设置的单位是“{latest.get_unit_display()}”，不能改成别的。", field="unit"
        )
    if unit == LimitUnit.PERCENT and amount > 100:
        raise RuleBroken(f"百分比应在 1 到 100 之间，现为 {amount}。", field="amount")


def _check(amount: int, basis: str, effective_from: date) -> None:
    if not 1 <= amount <= MOST:
        raise RuleBroken(f"数值应在 1 到 {MOST} 之间，现为 {amount}。", field="amount")
    if not basis.strip():
        raise RuleBroken("请写明依据，如会议纪要或文件名称、文号。", field="basis")
    if effective_from < today():
        raise RuleBroken(
            "生效日期不能早于今天：已经开始的时限按当时的设置计算。", field="effective_from"
        )
