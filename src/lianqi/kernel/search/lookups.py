"""The conditions that search adds to Django's: a text holds a part, an entry has grams, among ids."""

import json
from typing import Any

from django.db.models import BigAutoField, BigIntegerField, Lookup, TextField

Compiled = tuple[str, tuple[Any, ...]]


@TextField.register_lookup
class Holds(Lookup):
    """``column__holds="part"``: exactly these characters, without the wild cards of LIKE."""

    lookup_name = "holds"

    def get_prep_lookup(self) -> str:
        """Take the part as it is."""
        return str(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> Compiled:
        """Ask for the place of the part."""
        column, parameters = self.process_lhs(compiler, connection)
        function = "INSTR" if connection.vendor == "sqlite" else "STRPOS"
        return f"{function}({column}, %s) > 0", (*parameters, self.rhs)


@BigAutoField.register_lookup
class Matches(Lookup):
    """``pk__matches``: the entry has these grams (PostgreSQL) or matches this phrase query (FTS5)."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Compiled:
        """Ask the index of the entries."""
        column, parameters = self.process_lhs(compiler, connection)
        if connection.vendor == "sqlite":
            asked = "SELECT rowid FROM kernel_searchgrams WHERE kernel_searchgrams MATCH %s"
            return f"{column} IN ({asked})", (*parameters, self.rhs)
        table, _, _ = column.rpartition(".")
        return f"{table}.grams @> %s::integer[]", (*parameters, self.rhs)


@BigIntegerField.register_lookup
class Among(Lookup):
    """``pk__among=[1, 2]``: as ``in``, but one parameter however long the list is."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Compiled:
        """Hand the list over whole."""
        column, parameters = self.process_lhs(compiler, connection)
        if connection.vendor == "sqlite":
            given = json.dumps(self.rhs)
            asked = "SELECT value FROM json_each(%s)"
            return f"{column} IN ({asked})", (*parameters, given)
        return f"{column} = ANY(%s::bigint[])", (*parameters, self.rhs)
