"""The texts by which records are found, and how a person likes a list to look."""

from django.conf import settings
from django.db import models

from lianqi.kernel.models.about import AboutSubject


class Scope(models.TextChoices):
    """Who may find a record by a text; each scope is one column of the index."""

    TITLE = "title", "编号和标题"
    OPEN = "open", "企业可见的内容"
    INTERNAL = "internal", "内部办理内容"
    NAME = "name", "名称和联系人"
    # Names and texts of whoever hides its identity: here instead of under NAME.
    SEALED = "sealed", "密封的身份"
    # Internal words as they were written: whoever hides its identity knows it, but must not read these.
    SEALED_INTERNAL = "sealed_internal", "密封的内部内容"


class SearchEntry(AboutSubject):
    """All searchable texts of one record, by scope; texts of one scope stand on a line each.

    Kept as they are searched (``engines.textmining.searchable``). The bigrams stand beside them: on
    SQLite in the FTS5 table ``kernel_searchgrams`` with the same row number, on PostgreSQL in the
    column ``grams``; both are made by the migration, for Django knows neither.
    """

    title_text = models.TextField("编号和标题", blank=True)
    open_text = models.TextField("企业可见的内容", blank=True)
    internal_text = models.TextField("内部办理内容", blank=True)
    name_text = models.TextField("名称和联系人", blank=True)
    sealed_text = models.TextField("密封的身份", blank=True)
    sealed_internal_text = models.TextField("密封的内部内容", blank=True)

    class Meta:
        verbose_name = "检索条目"
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id"], name="search_entry_once")
        ]

    def __str__(self) -> str:
        """Name the record."""
        return f"{self.subject_type}:{self.subject_id}"


class SavedView(models.Model):
    """A person's own tab of a list: a name for some filters.

    The one without a name is the list itself, as this person has shaped it: only ``columns`` count.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="使用人"
    )
    list_key = models.CharField("列表", max_length=40)
    name = models.CharField("名称", max_length=20, blank=True)
    query = models.CharField("条件", max_length=1000, blank=True)
    columns = models.JSONField("选定的列", default=list)
    is_default = models.BooleanField("打开时先看", default=False)

    class Meta:
        verbose_name = "常用视图"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "list_key", "name"], name="saved_view_once"),
            models.UniqueConstraint(
                fields=["user", "list_key"],
                condition=models.Q(is_default=True),
                name="saved_view_one_default",
            ),
        ]

    def __str__(self) -> str:
        """Show the name."""
        return self.name
