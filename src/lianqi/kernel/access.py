"""Permissions as named predicates, desks that people sit at, and the sheet that shows both."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import rules
from django.db import models
from django.db.models import QuerySet

from lianqi.kernel.language import in_record_language


@dataclass(frozen=True)
class Desk:
    """A post that can owe a duty: its key, its name, and the code of its unit, if it has one."""

    key: str
    label: str
    unit_code: str = ""


@dataclass(frozen=True)
class Party:
    """A unit, office or firm that a person belongs to, by its name; a unit also by its code."""

    name: str
    unit_code: str = ""


class SystemActor:
    """Who acts when the clock does; may take only the steps marked ``by_clock``."""

    pk = None
    is_authenticated = False
    is_active = True

    def signature(self) -> str:
        """Return the name under which the system signs journal lines."""
        return "系统"


@dataclass(frozen=True)
class LinkHolder:
    """Whoever opens a signed link: may do the one thing the link was made for, nothing else."""

    permission: str
    subject_pk: int
    name: str

    pk = None
    is_authenticated = True
    is_active = True

    def signature(self) -> str:
        """Return how the act is signed in the journal."""
        return f"{self.name}（凭链接）"


SYSTEM = SystemActor()
Actor = Any  # a User of the organisation room, or SYSTEM; the kernel cannot name the former

_titles: dict[str, str] = {}
_desk_sources: list[Callable[[Any], Iterable[str]]] = []
_people_sources: list[Callable[[str], Iterable[Any]]] = []
_desk_namers: list[Callable[[str], str]] = []
_party_sources: list[Callable[[Any], Iterable[Party]]] = []
_unit_sources: list[Callable[[], Iterable[Party]]] = []
_line_covers: dict[str, tuple[Callable[[Any, Iterable[Any]], None], Callable[[Any], models.Q]]] = {}
_row_filters: dict[str, Callable[[Any], QuerySet[Any]]] = {}


def permit(name: str, title: str, predicate: rules.Predicate) -> None:
    """Name a permission, say it in the office's words, and bind it to its predicate."""
    rules.add_perm(name, predicate)
    _titles[name] = title


def may(actor: Actor, name: str, thing: object = None) -> bool:
    """Whether this person may do the named act on this thing."""
    if isinstance(actor, LinkHolder):
        return actor.permission == name and getattr(thing, "pk", None) == actor.subject_pk
    if actor is SYSTEM or not getattr(actor, "is_authenticated", False) or not actor.is_active:
        return False
    return bool(rules.has_perm(name, actor, thing))


def signature_for(actor: Actor, name: str, thing: object = None) -> str:
    """Return how an act under this permission is signed: in one's own right, else as a stand-in.

    Asked before the act, for a step may end the right to it.
    """
    in_own_right = getattr(actor, "in_own_right", None)
    with in_record_language():
        if in_own_right is not None and not may(in_own_right(), name, thing):
            return actor.acting_signature()
        return actor.signature()


def permission_sheet() -> list[tuple[str, str, str]]:
    """Return (permission, what it allows, predicate) for every permission, in order of name."""
    return [
        (name, _titles[name], str(rules.permissions.permissions[name].name))
        for name in sorted(_titles)
    ]


def seat_people(
    desks: Callable[[Any], Iterable[str]], people: Callable[[str], Iterable[Any]]
) -> None:
    """Register how a room tells a person's desks and the people at a desk."""
    _desk_sources.append(desks)
    _people_sources.append(people)


def desks_of(user: Any) -> frozenset[str]:
    """Return the keys of all desks this person sits at now (asked once for a loaded user)."""
    known = getattr(user, "_desks", None)
    if known is None:
        known = frozenset(key for source in _desk_sources for key in source(user))
        user._desks = known
    return known


def people_at(desk_key: str) -> list[Any]:
    """Return the people who sit at a desk now."""
    return [person for source in _people_sources for person in source(desk_key)]


def name_desks(names: Callable[[str], str]) -> None:
    """Register how a room calls its desks by their keys; it answers "" for those of others."""
    _desk_namers.append(names)


def desk_name(desk_key: str) -> str:
    """Return what a desk is called, in the language of the records; "" if nobody knows it."""
    with in_record_language():
        return next((name for names in _desk_namers if (name := names(desk_key))), "")


def name_parties(parties: Callable[[Any], Iterable[Party]]) -> None:
    """Register how a room tells for whom a person waits when others owe something."""
    _party_sources.append(parties)


def parties_of(user: Any) -> list[Party]:
    """Return the units, offices and firms this person belongs to now."""
    with in_record_language():
        return [party for source in _party_sources for party in source(user)]


def list_units(units: Callable[[], Iterable[Party]]) -> None:
    """Register the room that knows all units of the district."""
    _unit_sources.append(units)


def all_units() -> list[Party]:
    """Return all units of the district by name and code."""
    return [unit for source in _unit_sources for unit in source()]


def visible_through(label_lower: str, row_filter: Callable[[Any], QuerySet[Any]]) -> None:
    """Register the row filter of a model, so that files and journal follow their record's."""
    _row_filters[label_lower] = row_filter


def visible_subjects(user: Any, label_lower: str) -> QuerySet[Any] | None:
    """Return the rows of that model this person may see; None for a model without a filter."""
    row_filter = _row_filters.get(label_lower)
    return row_filter(user) if row_filter else None


def tell_lines_through(
    label_lower: str,
    *,
    cover: Callable[[Any, Iterable[Any]], None],
    secret_signers: Callable[[Any], models.Q],
) -> None:
    """Register how journal lines of that model are told to a reader who may not know everything.

    ``cover`` changes signature and text of the lines given (never saved) for this reader;
    ``secret_signers`` is the condition for lines whose signer this reader may not search for.
    """
    _line_covers[label_lower] = (cover, secret_signers)


def cover_lines(user: Any, lines: Iterable[Any]) -> None:
    """Cover in journal lines of any record what this reader may not know."""
    by_kind: dict[str, list[Any]] = {}
    for line in lines:
        by_kind.setdefault(line.subject_type, []).append(line)
    for kind, found in by_kind.items():
        if kind in _line_covers:
            _line_covers[kind][0](user, found)


def secret_signers(user: Any) -> models.Q:
    """Return the condition for journal lines whose signer this reader may not search for."""
    found = models.Q(pk__in=[])
    for _, secret in _line_covers.values():
        found |= secret(user)
    return found


def sees(user: Any, subject: models.Model) -> bool:
    """Whether this person may see this record."""
    rows = visible_subjects(user, subject._meta.label_lower)
    return rows is not None and rows.filter(pk=subject.pk).exists()
