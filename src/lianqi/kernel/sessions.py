"""Sessions in the database that let people go on reading when the disk is full."""

import logging

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db import DatabaseError

from lianqi.kernel.outages import Outage, outage_of

log = logging.getLogger(__name__)
WHOSE = (SESSION_KEY, HASH_SESSION_KEY)


class SessionStore(DatabaseSessions):
    """A session whose small changes may be lost while the disk is full, never whose it is."""

    def save(self, must_create: bool = False) -> None:
        """Save; if there is no room, keep the stored session as it was.

        What is lost is the time last seen and the like: the person is signed out sooner, never
        later. A sign-in that finds no room fails as such, instead of seeming to have worked.

        Raises:
            CreateError, UpdateError, DatabaseError: as the database backend does.
        """
        try:
            super().save(must_create)
        except (UpdateError, DatabaseError) as problem:
            if outage_of(problem) is not Outage.FULL:
                raise
            if must_create or self._is_of_another():
                # Django takes an UpdateError for a session that has been deleted: say what it was.
                if isinstance(problem, UpdateError) and problem.__context__:
                    raise problem.__context__ from None
                raise
            log.warning("session not saved: no room")

    def _is_of_another(self) -> bool:
        stored = type(self)(self.session_key).load()
        return any(stored.get(name) != self.get(name) for name in WHOSE)
