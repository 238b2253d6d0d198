"""`lianqi rebuild_search`: write the search index anew from the records."""

from django.core.management.base import BaseCommand

from lianqi.kernel.search import fill_index, searchable_types


class Command(BaseCommand):
    """May be run while people work: rows are locked in batches, and what is unchanged is left alone."""

    help = "按现有记录重写检索索引；升级后检索方式有变，或怀疑索引不全时使用。"

    def handle(self, *args: object, **options: object) -> None:
        """Print how many records of each kind were read."""
        for label in searchable_types():
            self.stdout.write(f"{label}：{fill_index(label, anew=True)} 件")
