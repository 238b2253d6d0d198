"""A city platform's number stands on one appeal; later copies from before this rule are marked."""

from django.db import migrations, models


def mark_copies(apps, schema_editor):
    """Keep the first appeal's number as it is; the others say of which one they are a copy."""
    seen = {}
    appeals = apps.get_model("appeals", "Appeal").objects.exclude(upstream_id="")
    for pk, number, upstream in appeals.order_by("pk").values_list("pk", "number", "upstream_id"):
        if upstream in seen:
            marked = f"{upstream[:24]}（{number}，同{seen[upstream]}）"[:60]
            appeals.filter(pk=pk).update(upstream_id=marked)
        else:
            seen[upstream] = number


class Migration(migrations.Migration):
    dependencies = [('appeals', '0001_initial')]

    operations = [
        migrations.RunPython(mark_copies, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("upstream_id", ""), _negated=True),
                fields=("upstream_id",),
                name="appeal_upstream_once",
            ),
        ),
    ]
