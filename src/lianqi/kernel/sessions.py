"""Sessions in the database that let people go on reading when the disk is full."""

import logging

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db import DatabaseError

from lianqi.kernel.outages import Outage, outage_of

log = logging.getLogger(__name__)


class SessionStore(DatabaseSessions):
    """A session whose small changes may be lost while the disk is full; it is never invented."""

    def save(self, must_create: bool = False) -> None:
        """Save; if there is no room, keep the stored session as it was.

        What is lost is the time last seen and the like: the person is signed out sooner, never
        later. A session that must be created is refused.

        Raises:
            CreateError, UpdateError, DatabaseError: as the database backend does.
        """
        try:
            super().save(must_create)
        except (UpdateError, DatabaseError) as problem:
            if must_create or outage_of(problem) is not Outage.FULL:
                raise
            log.warning("session not saved: no room")
