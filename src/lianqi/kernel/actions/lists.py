"""A person's own views and columns of a list; preferences, so that no journal line is written."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from lianqi.kernel.access import Actor
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.lists import ShapedList, lasting
from lianqi.kernel.models import SavedView

MOST_VIEWS = 20
LONGEST_VIEW = 1000


def save_view(shaped: ShapedList, *, actor: Actor, name: str, query: str) -> SavedView:
    """Keep the filters of an address under a name of one's own.

    Raises:
        RuleBroken: nothing is filtered, too much is, the name is taken, or there are too many views.
    """
    kept = lasting(query)
    if not kept:
        raise RuleBroken("还没有筛选条件，先筛选再保存。", field="name")
    if len(kept) > LONGEST_VIEW:
        raise RuleBroken("筛选条件太长，请缩短查找内容后再保存。", field="name")
    own = SavedView.objects.filter(user=actor, list_key=shaped.key).exclude(name="")
    if own.count() >= MOST_VIEWS:
        raise RuleBroken(f"最多保存{MOST_VIEWS}个视图，请先删去不用的。", field="name")
    with _name_free():
        return SavedView.objects.create(user=actor, list_key=shaped.key, name=name, query=kept)


def rename_view(view: SavedView, *, actor: Actor, name: str) -> SavedView:
    """Give one's view another name; RuleBroken if another of one's views has it."""
    _own(view, actor)
    view.name = name
    with _name_free():
        view.save(update_fields=["name"])
    return view


def drop_view(view: SavedView, *, actor: Actor) -> None:
    """Forget one's view."""
    _own(view, actor)
    view.delete()


@transaction.atomic
def open_with_view(view: SavedView, *, actor: Actor, first: bool) -> SavedView:
    """Let the list open with this view (``first``), or as it does for everybody."""
    _own(view, actor)
    SavedView.objects.filter(user=actor, list_key=view.list_key).update(is_default=False)
    view.is_default = first
    view.save(update_fields=["is_default"])
    return view


def choose_columns(shaped: ShapedList, *, actor: Actor, columns: Sequence[str]) -> None:
    """Show these columns of the list and of its export; none at all means as at first."""
    chosen = shaped.fitting(list(columns)) if columns else []
    SavedView.objects.update_or_create(
        user=actor, list_key=shaped.key, name="", defaults={"columns": chosen}
    )


def _own(view: SavedView, actor: Actor) -> None:
    if view.user_id != actor.pk:
        raise RuleBroken("这是别人的视图。")


@contextmanager
def _name_free() -> Iterator[None]:
    """Write inside; say plainly if the name is taken."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as taken:
        raise RuleBroken("您已有同名的视图，请换个名称。", field="name") from taken
