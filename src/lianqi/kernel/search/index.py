"""Keeping the index: each record's texts are written with the act that changes them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, QuerySet

from lianqi.engines.textmining import searchable
from lianqi.kernel.models import SearchEntry
from lianqi.kernel.models.search import Scope
from lianqi.kernel.search import postgres, sqlite

BATCH = 500
COLUMNS = tuple(f"{scope.value}_text" for scope in Scope)


@dataclass(frozen=True)
class Text:
    """One text of a record, and what it is called on a page (标题, 答复)."""

    label: Any  # a word, maybe one to be translated when it is shown
    text: str


Texts = Mapping[Scope, Sequence[Text]]
Compose = Callable[[Sequence[Any]], Mapping[int, Texts]]

Followers = Callable[[Any], QuerySet[Any]]

_composers: dict[str, Compose] = {}
_followers: dict[str, list[tuple[str, Followers]]] = {}


def searched_through(
    label_lower: str, compose: Compose, told_in: Mapping[str, Followers] | None = None
) -> None:
    """Register how a room tells the texts of its records; ``compose`` takes several, returns by pk.

    ``told_in`` names other kinds of records whose texts these repeat, as a firm's name, and which
    records of this kind repeat those of one of them.
    """
    _composers[label_lower] = compose
    for other, followers in (told_in or {}).items():
        _followers.setdefault(other, []).append((label_lower, followers))


def searchable_types() -> list[str]:
    """Return the kinds of records that can be searched."""
    return sorted(_composers)


def index_subject(subject: models.Model) -> None:
    """Write a record's texts into the index; nothing for a kind that is not searched.

    Belongs into the transaction of the act that changed a text. ``write_line`` calls it, so that an
    act with a journal line needs no call of its own.
    """
    label = subject._meta.label_lower
    if label in _composers:
        _write(label, _composers[label]([subject]))
    for following, rows in _followers.get(label, ()):
        for keys in _batches(list(rows(subject).values_list("pk", flat=True))):
            _index(following, keys)


def fill_index(label_lower: str, *, anew: bool = False) -> int:
    """Index the records that are not in the index yet, or ``anew`` all; return how many.

    Batches of rows are locked while their texts are read, so that no act is overtaken.
    """
    model = apps.get_model(label_lower)
    subjects = model._base_manager.order_by("pk")
    if not anew:
        subjects = subjects.filter(~Exists(_entries(label_lower).filter(subject_id=OuterRef("pk"))))
    count = 0
    # The keys first: on SQLite a cursor that is being read must not meet a writing transaction.
    for keys in _batches(list(subjects.values_list("pk", flat=True))):
        with transaction.atomic():
            _index(label_lower, keys)
        count += len(keys)
    return count


def _index(label_lower: str, keys: Sequence[int]) -> None:
    _write(label_lower, _composers[label_lower](_locked(apps.get_model(label_lower), keys)))


def _locked(model: type[models.Model], keys: Sequence[int]) -> Sequence[Any]:
    rows: QuerySet[Any] = model._base_manager.filter(pk__in=keys).order_by("pk")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    return list(rows)


def _batches(keys: Iterable[int]) -> Iterator[list[int]]:
    waiting = iter(keys)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _entries(label_lower: str) -> QuerySet[SearchEntry]:
    return SearchEntry.objects.filter(subject_type=label_lower)


def stored(texts: Texts) -> tuple[str, ...]:
    """Return the texts as the columns of an entry keep them, a line each."""
    return tuple(
        "\n".join(filter(None, (searchable(said.text) for said in texts.get(scope, ()))))
        for scope in Scope
    )


def _write(label_lower: str, composed: Mapping[int, Texts]) -> None:
    rows = [(label_lower, key, *stored(texts)) for key, texts in composed.items()]
    if rows:
        (sqlite if connection.vendor == "sqlite" else postgres).write(rows)
