"""The quickest door into each database: COPY for PostgreSQL, executemany for SQLite."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections

from benchmarks.patterns import Pattern

Batch = list[tuple[Pattern, dict[str, Any]]]


class CopyWriter:
    """Writes by COPY on a thread of its own, so that the next batch is made meanwhile."""

    def __init__(self, columns: Mapping[str, list[str]]) -> None:
        """Know the tables and their columns."""
        self._columns = columns
        self._thread = ThreadPoolExecutor(1)
        self._running: Future[None] | None = None
        self._lines: dict[int, list[tuple[str, str]]] = {}

    def write(self, batch: Batch) -> None:
        """Write the rows of all copies in the batch."""
        texts: dict[str, list[str]] = {table: [] for table in self._columns}
        for pattern, slots in batch:
            for table, line in self._lines_of(pattern):
                texts[table].append(line % slots)
        if self._running:
            self._running.result()
        self._running = self._thread.submit(self._copy, texts)

    def close(self) -> None:
        """Wait for the last batch."""
        if self._running:
            self._running.result()
        self._thread.submit(connections.close_all).result()
        self._thread.shutdown()

    def _lines_of(self, pattern: Pattern) -> list[tuple[str, str]]:
        lines = self._lines.get(id(pattern))
        if lines is None:
            lines = self._lines[id(pattern)] = [
                (row.table, "\t".join(r"\N" if c is None else c for c in row.columns) + "\n")
                for row in pattern.rows
            ]
        return lines

    def _copy(self, texts: Mapping[str, list[str]]) -> None:
        with connection.cursor() as cursor:
            for table, lines in texts.items():
                if not lines:
                    continue
                columns = ", ".join(f'"{column}"' for column in self._columns[table])
                with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                    copy.write("".join(lines))


class InsertWriter:
    """Writes by executemany; SQLite turns the text of a number back into the number."""

    def __init__(self, columns: Mapping[str, list[str]]) -> None:
        """Know the tables and their columns."""
        self._inserts = {
            table: f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({", ".join(["%s"] * len(names))})'  # noqa: S608 our own names
            for table, names in (
                (table, [f'"{name}"' for name in names]) for table, names in columns.items()
            )
        }

    def write(self, batch: Batch) -> None:
        """Write the rows of all copies in the batch."""
        rows: dict[str, list[tuple[str | None, ...]]] = {}
        for pattern, slots in batch:
            for row in pattern.rows:
                filled = tuple(c if c is None else c % slots for c in row.columns)
                rows.setdefault(row.table, []).append(filled)
        with connection.cursor() as cursor:
            for table, found in rows.items():
                cursor.executemany(self._inserts[table], found)

    def close(self) -> None:
        """Nothing is left to wait for."""


def writer(columns: Mapping[str, list[str]]) -> CopyWriter | InsertWriter:
    """Return the writer of the database in use."""
    return (CopyWriter if connection.vendor == "postgresql" else InsertWriter)(columns)


@contextmanager
def without_indexes(tables: Iterable[str]) -> Iterator[None]:
    """Drop PostgreSQL's indexes and foreign keys of the tables, and build them anew afterwards."""
    if connection.vendor != "postgresql":
        yield
        return
    names = list(tables)
    constraints = _asked(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),"
        " format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,"
        " pg_get_constraintdef(oid)) FROM pg_constraint"
        " WHERE conrelid::regclass::text = ANY(%s) AND contype IN ('f', 'u')"
        " ORDER BY contype",
        names,
    )
    indexes = _asked(
        "SELECT format('DROP INDEX %%I', relname), pg_get_indexdef(indexrelid) FROM pg_index"
        " JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid::regclass::text = ANY(%s)"
        " AND NOT indisprimary"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
        names,
    )
    _run(drop for drop, _ in [*constraints, *indexes])
    yield
    _run(build for _, build in [*indexes, *reversed(constraints)])


def _asked(query: str, names: list[str]) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(query, [names])
        return list(cursor.fetchall())


def _run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for statement in statements:
            cursor.execute(statement)
