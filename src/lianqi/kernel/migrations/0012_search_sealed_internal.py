"""Internal lines of sealed appeals as they were written, and firms by initials: the index begins anew.

`lianqi prepare` fills what is missing when it has migrated; a contentless FTS5 table takes no new column.
"""

from django.db import migrations, models

SCOPES = ("title", "open", "internal", "name", "sealed", "sealed_internal")


def begin_anew(columns):
    def write(apps, schema_editor):
        apps.get_model("kernel", "SearchEntry").objects.all().delete()
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute("DROP TABLE kernel_searchgrams")
            texts = ", ".join(f"{column}_text" for column in columns)
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE kernel_searchgrams USING fts5({texts}, content='', tokenize='ascii')"
            )

    return write


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0011_issued_documents'),
    ]

    operations = [
        migrations.RunPython(begin_anew(SCOPES), begin_anew(SCOPES[:-1])),
        migrations.AddField(
            model_name='searchentry',
            name='sealed_internal_text',
            field=models.TextField(blank=True, default='', verbose_name='密封的内部内容'),
            preserve_default=False,
        ),
    ]
