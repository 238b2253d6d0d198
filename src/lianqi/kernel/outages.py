"""Tells what befell the machine, a full disk or a database that is away, from an error of ours."""

import errno
from collections.abc import Iterator
from enum import IntEnum

from django.db import InterfaceError, OperationalError

# SQLite's result codes: https://www.sqlite.org/rescode.html
_SQLITE_BUSY, _SQLITE_LOCKED, _SQLITE_IOERR, _SQLITE_FULL, _SQLITE_CANTOPEN = 5, 6, 10, 13, 14
_SQLITE_FULL_CODES = frozenset({_SQLITE_FULL, _SQLITE_IOERR, _SQLITE_CANTOPEN})
_SQLITE_DOWN_CODES = frozenset({_SQLITE_BUSY, _SQLITE_LOCKED})
# PostgreSQL's classes: connection, out of resources, stopped by the operator.
_POSTGRES_DOWN = ("08", "53", "57")
_POSTGRES_DISK_FULL = "53100"
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


class Outage(IntEnum):
    """What is the matter with the machine, as the status that answers for it."""

    DOWN = 503
    FULL = 507


def outage_of(problem: BaseException | None) -> Outage | None:
    """Return what befell the machine, or None where the error is the program's own."""
    for each in _chain(problem):
        found = _judge(each)
        if found is not None:
            return found
    return None


def _chain(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


def _judge(problem: BaseException) -> Outage | None:
    if isinstance(problem, OSError):
        return Outage.FULL if problem.errno in _NO_SPACE else None
    if not isinstance(problem, OperationalError | InterfaceError):
        return None
    cause = problem.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return _of_sqlite(code & 0xFF)  # the low byte is the class of the error
    return _of_postgres(getattr(cause, "sqlstate", None))


def _of_sqlite(code: int) -> Outage | None:
    if code in _SQLITE_FULL_CODES:
        return Outage.FULL
    return Outage.DOWN if code in _SQLITE_DOWN_CODES else None


def _of_postgres(state: str | None) -> Outage | None:
    if state == _POSTGRES_DISK_FULL:
        return Outage.FULL
    # No state: the connection itself failed, so nothing came back that could carry one.
    return Outage.DOWN if state is None or state.startswith(_POSTGRES_DOWN) else None
