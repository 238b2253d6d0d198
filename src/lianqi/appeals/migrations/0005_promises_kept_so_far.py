"""Every promise day kept on an appeal so far becomes a promise of its own, its duty with it."""

from django.db import migrations

ANSWERED = ("answered", "rated", "dissatisfied", "escalated", "closed")
DRAFTED = ("signing", "review", "handling", "supplement")


def words_for(appeal):
    return f"承诺{appeal.promised_on.year}年{appeal.promised_on.month}月{appeal.promised_on.day}日前落实。"


def make_promises(apps, schema_editor):
    Appeal = apps.get_model("appeals", "Appeal")
    Promise = apps.get_model("appeals", "Promise")
    Communication = apps.get_model("appeals", "Communication")
    Duty = apps.get_model("kernel", "Duty")
    for appeal in Appeal.objects.exclude(promised_on=None).order_by("pk").iterator():
        if appeal.state in DRAFTED and appeal.answered_at is None:
            appeal.promises_drafted = [
                {"text": words_for(appeal), "on": appeal.promised_on.isoformat()}
            ]
            appeal.save(update_fields=["promises_drafted"])
            continue
        if appeal.state not in ANSWERED:
            continue
        reply = (
            Communication.objects.filter(appeal=appeal, kind="reply", round=appeal.round)
            .order_by("-pk")
            .first()
        )
        duties = Duty.objects.filter(
            subject_type="appeals.appeal", subject_id=appeal.pk, key="recheck_promise"
        ).order_by("pk")
        last = duties.last()
        checked = appeal.promise_kept is not None
        promise = Promise.objects.create(
            appeal=appeal,
            round=appeal.round,
            text=words_for(appeal),
            on=appeal.promised_on,
            unit_id=reply.unit_id if reply else appeal.lead_unit_id,
            made_by_id=reply.author_id if reply else appeal.filed_by_id,
            made_at=appeal.answered_at or appeal.submitted_at,
            kept=appeal.promise_kept,
            checked_at=(last.closed_at if last else appeal.closed_at) if checked else None,
            # What was found broken before is history: nobody is asked for a new day of it now.
            superseded_at=(last.closed_at if last else appeal.closed_at)
            if appeal.promise_kept is False
            else None,
        )
        if last is not None:
            last.part = str(promise.pk)
            last.save(update_fields=["part"])


class Migration(migrations.Migration):
    dependencies = [
        ('appeals', '0004_promises'),
        ("kernel", "0006_duty_part"),
    ]

    operations = [migrations.RunPython(make_promises, migrations.RunPython.noop)]
