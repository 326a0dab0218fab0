"""Lock of the database while one server prepares it: servers that start with it wait."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from chatapp.io.files import POLL_SECONDS, locked
from chatapp.server.messages import print_lines

WAITING = "Another server prepares the same database: waiting until it is done."
# Any number that no other program would lock in this database.
NUMBER = 7_270_712_084_116_011


@contextlib.contextmanager
def database_locked() -> Iterator[None]:
    """Hold the lock until the block or the process ends."""

    def waiting() -> None:
        print_lines(WAITING)

    lock = _postgresql_locked if connection.vendor == "postgresql" else _sqlite_locked
    with lock(waiting):
        yield


@contextlib.contextmanager
def _sqlite_locked(waiting: Callable[[], None]) -> Iterator[None]:
    # Not the database itself: closing it here would end SQLite's own locks of this process.
    with locked(Path(f"{connection.settings_dict['NAME']}.lock"), waiting):
        yield


@contextlib.contextmanager
def _postgresql_locked(waiting: Callable[[], None]) -> Iterator[None]:
    """An advisory lock in a transaction of a connection of its own, so that it also holds behind
    a pool of connections."""
    own = connection.copy()
    try:
        if not _try_lock(own):
            waiting()
            # Asked for again and again: a statement that waits would hold a snapshot, for which
            # a migration that makes an index concurrently waits in turn.
            while not _try_lock(own):
                time.sleep(POLL_SECONDS)
        yield
    finally:
        own.close()


def _try_lock(own: BaseDatabaseWrapper) -> bool:
    """Whether the lock was free. It is held until the connection closes."""
    own.ensure_connection()
    own.set_autocommit(False)
    with own.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [NUMBER])
        row = cursor.fetchone()
    if not (row and row[0]):
        own.rollback()
        return False
    return True
