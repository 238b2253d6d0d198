"""A sample appeal with everything that hangs on it, as rows to be filled in for each copy.

The sample went through the real actions, so its rows are what the actions give. A copy differs in
keys, number, texts, firm and account, and in the journal's digests, which are reckoned anew.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Model

from benchmarks.stories import CONTENT, FIRM, PERSON, TITLE
from lianqi.appeals.links import FOLLOWING, RATING, LinkBroken, read_token, signed_path
from lianqi.appeals.models import Appeal
from lianqi.kernel.crypto import sm3
from lianqi.kernel.journal import GENESIS, hashed_text
from lianqi.kernel.models import JournalEntry, OutboxMessage, SearchEntry

WORDS = {TITLE: "%(title)s", CONTENT: "%(content)s", FIRM: "%(firm)s", PERSON: "%(person)s"}
LINK = re.compile(r"/portal/[rf]/[\w.-]+/")


@dataclass(frozen=True)
class Row:
    """One row of a table: the slot of its key, and each column as text with slots (or NULL)."""

    table: str
    slot: str
    columns: tuple[str | None, ...]


@dataclass
class Pattern:
    """All rows of one sample, the texts its journal is hashed over, and its signed links."""

    rows: list[Row] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str, int, int]] = field(default_factory=list)
    submitted_at: datetime | None = None

    def fill(self, slots: dict[str, Any], last_keys: dict[str, int]) -> None:
        """Give the copy its keys, links and digests; ``last_keys`` counts the keys of each table."""
        for row in self.rows:
            last_keys[row.table] += 1
            slots[row.slot] = last_keys[row.table]
        for name, purpose, round_number, expires in self.links:
            slots[name] = signed_path(purpose, slots["appeal_id"], round_number, expires)
        digest = GENESIS
        for name, text in self.said:
            slots["previous"] = digest
            slots[name] = digest = sm3((text % slots).encode())


class Sampler:
    """Reads samples back from the database, each as a pattern."""

    def __init__(self, firm_id: int, person_id: int) -> None:
        """Take the keys of the firm and the account that stand in all samples."""
        self.firm_id, self.person_id = firm_id, person_id

    def pattern(self, appeal: Appeal) -> Pattern:
        """Return the appeal's rows with slots where copies differ."""
        found = Pattern(submitted_at=appeal.submitted_at)
        slots = {("appeals_appeal", str(appeal.pk)): "appeal_id"}
        raw = [(model, row) for model in copied_models() for row in _rows(model, appeal)]
        for number, (model, row) in enumerate(raw):
            key = (model._meta.db_table, row[_place_of_key(model)] or "")
            slots.setdefault(key, f"key{number}")
        lines = list(JournalEntry.objects.about(appeal).order_by("seq"))
        digests = {line.hash: f"digest{line.seq}" for line in lines}
        words = {**WORDS, appeal.number: "%(number)s"}
        words |= {digest: f"%({name})s" for digest, name in digests.items()}
        for model, row in raw:
            table = model._meta.db_table
            columns = tuple(
                self._column(field, value, slots, words, found.links)
                for field, value in zip(written_fields(model), row, strict=True)
            )
            found.rows.append(Row(table, slots[table, row[_place_of_key(model)] or ""], columns))
        found.said = [(digests[line.hash], self._said(line, words)) for line in lines]
        return found

    def _column(
        self,
        column: "models.Field[Any, Any]",
        value: str | None,
        slots: Mapping[tuple[str, str], str],
        words: Mapping[str, str],
        links: list[tuple[str, str, int, int]],
    ) -> str | None:
        if value is None:
            return None
        target = column.related_model if column.is_relation else None
        if column.primary_key and target is None:
            target = column.model
        if column.name == "subject_id":
            return "%(appeal_id)s"
        if isinstance(target, type):
            return self._key(target._meta.db_table, value, slots)
        if value == f"enterprise:{self.firm_id}":
            return "enterprise:%(firm_id)s"
        return _slotted(_with_links(value.replace("%", "%%"), links), words)

    def _key(self, table: str, value: str, slots: Mapping[tuple[str, str], str]) -> str:
        ours = {
            ("enterprises_enterprise", str(self.firm_id)): "firm_id",
            ("organisation_user", str(self.person_id)): "person_id",
            **slots,
        }
        slot = ours.get((table, value))
        return f"%({slot})s" if slot else value

    def _said(self, line: JournalEntry, words: Mapping[str, str]) -> str:
        """Return what the line's digest is taken over, with slots."""
        subject = f'"subject": "{line.subject_type}:'
        said = hashed_text(line).replace("%", "%%")
        said = said.replace(f'{subject}{line.subject_id}"', f'{subject}%(appeal_id)s"')
        said = said.replace(f'"actor": {self.person_id},', '"actor": %(person_id)s,')
        return _slotted(said.replace(line.previous_hash, "%(previous)s"), words)


def copied_models() -> list[type[Model]]:
    """Return the models of which an appeal's copy needs rows: its own, what points to it, messages."""
    children = [
        model
        for model in apps.get_models()
        if model is not Appeal
        and any(column.related_model is Appeal for column in model._meta.concrete_fields)
    ]
    about = [
        model
        for model in apps.get_models()
        if model is not SearchEntry  # filled from the copies afterwards
        and {"subject_type", "subject_id"} <= {f.name for f in model._meta.concrete_fields}
    ]
    return [Appeal, *children, *about, OutboxMessage]


def _condition(model: type[Model], appeal: Appeal) -> tuple[str, list[Any]]:
    if model is Appeal:
        return "id = %s", [appeal.pk]
    if model is OutboxMessage:
        return "url = %s", [appeal.get_absolute_url()]
    if any(column.name == "subject_id" for column in model._meta.concrete_fields):
        return "subject_type = %s AND subject_id = %s", [Appeal._meta.label_lower, appeal.pk]
    to_appeal = next(f for f in model._meta.concrete_fields if f.related_model is Appeal)
    return f"{to_appeal.column} = %s", [appeal.pk]


def written_fields(model: type[Model]) -> "list[models.Field[Any, Any]]":
    """Return the fields that are written, not generated by the database."""
    return [column for column in model._meta.concrete_fields if not column.generated]


def _columns(model: type[Model]) -> list[str]:
    return [column.column for column in written_fields(model)]


def key_column(model: type[Model]) -> str:
    """Return the column of the primary key."""
    return model._meta.pk.column


def _place_of_key(model: type[Model]) -> int:
    return _columns(model).index(key_column(model))


def _rows(model: type[Model], appeal: Appeal) -> Iterator[list[str | None]]:
    """Yield the rows as the database itself writes them: COPY text, or SQLite's stored values."""
    condition, values = _condition(model, appeal)
    columns = ", ".join(f'"{column}"' for column in _columns(model))
    query = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {condition} ORDER BY {key_column(model)}'  # noqa: S608 our own names
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY ({query}) TO STDOUT", values) as copy:
                for line in b"".join(bytes(block) for block in copy).decode().splitlines():
                    yield [None if text == r"\N" else text for text in line.split("\t")]
            return
        cursor.execute(query, values)
        for row in cursor.fetchall():
            yield [_stored(value) for value in row]


def _stored(value: Any) -> str | None:
    """Return SQLite's value as text; its driver reads 0 and 1 back as False and True."""
    if value is None:
        return None
    return str(int(value)) if isinstance(value, bool) else str(value)


def _slotted(text: str, words: Mapping[str, str]) -> str:
    for word, slot in words.items():
        text = text.replace(word, slot)
    return text


def _with_links(text: str, links: list[tuple[str, str, int, int]]) -> str:
    """Put slots where signed links stand; each copy signs its own."""
    for path in LINK.findall(text):
        for purpose in (RATING, FOLLOWING):
            try:
                _, round_number, expires = read_token(purpose, path.split("/")[-2])
            except LinkBroken:
                continue
            name = f"link{len(links)}"
            links.append((name, purpose, round_number, expires))
            text = text.replace(path, f"%({name})s")
    return text
