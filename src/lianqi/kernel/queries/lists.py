"""How one person has shaped a list: own views as tabs, and the columns to show."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from lianqi.kernel.access import Actor
from lianqi.kernel.lists import ShapedList, lasting
from lianqi.kernel.models import SavedView


@dataclass(frozen=True)
class ColumnChoice:
    """A column of the list, and whether this person has it shown."""

    key: str
    label: Any
    shown: bool
    fixed: bool


@dataclass(frozen=True)
class OwnList:
    """A list as one person has shaped it, and where to shape it further."""

    shaped: ShapedList
    views: list[SavedView]
    active: SavedView | None
    query: str
    chosen: list[str]

    @property
    def columns(self) -> list[str]:
        """The keys of the columns to show."""
        return self.chosen or list(self.shaped.shown_first)

    @property
    def choices(self) -> list[ColumnChoice]:
        """All columns, to choose from."""
        shown, fixed = self.columns, self.shaped.fixed
        return [
            ColumnChoice(key, label, key in shown, key in fixed)
            for key, label in self.shaped.columns.items()
        ]

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The own views, as ``{% tabs %}`` shows them."""
        return [
            {
                "label": view.name,
                "url": self.shaped.address(f"{view.query}&saved={view.pk}"),
                "active": view == self.active,
            }
            for view in self.views
        ]

    @property
    def save_url(self) -> str:
        """Where the filters of this page are saved."""
        return reverse("kernel:view_save", args=[self.shaped.key])

    @property
    def columns_url(self) -> str:
        """Where columns are chosen."""
        return reverse("kernel:columns_choose", args=[self.shaped.key])

    @property
    def opens_with(self) -> str:
        """The address to show instead of a list asked for without any filter; "" for the list itself."""
        first = next((view for view in self.views if view.is_default), None)
        return self.shaped.address(f"{first.query}&saved={first.pk}") if first else ""


def own_views(user: Actor) -> QuerySet[SavedView]:
    """Return the person's own views; those of others do not exist for them."""
    return SavedView.objects.filter(user_id=user.pk).exclude(name="")


def own_list(shaped: ShapedList, user: Actor, asked: QueryDict) -> OwnList:
    """Return the list as this person has shaped it, for the page that was asked for."""
    kept = list(SavedView.objects.filter(user_id=user.pk, list_key=shaped.key))
    views = [view for view in kept if view.name]
    columns = [key for view in kept if not view.name for key in view.columns]
    return OwnList(
        shaped=shaped,
        views=views,
        active=next((view for view in views if str(view.pk) == asked.get("saved")), None),
        query=lasting(asked),
        chosen=shaped.fitting(columns) if columns else [],
    )
