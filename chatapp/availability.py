"""Connection errors: whether an exception means that the database or Redis is unavailable."""

import logging
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError

# Raised by Django for a database that is unavailable, or became so during a query.
CONNECTION_ERRORS = (OperationalError, InterfaceError)


def is_connection_error(error: BaseException | None) -> bool:
    """Whether any cause of the error is a connection error; Django's sessions, for one, wrap it."""
    return connection_error(error) is not None


def connection_error(error: BaseException | None) -> BaseException | None:
    """The first of the error and its causes that is a connection error, or None.
    Redis errors match by module name, so that a site without Redis never imports its package."""
    for cause in causes(error):
        if isinstance(cause, CONNECTION_ERRORS) or type(cause).__module__.startswith("redis."):
            return cause
    return None


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and its chain of causes."""
    while error:
        yield error
        error = error.__cause__ or error.__context__


class OneLineOutages(logging.Filter):
    """Logging filter that replaces the traceback of a connection error by one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = connection_error(record.exc_info[1] if record.exc_info else None)
        if error:
            reason = str(error).strip().partition("\n")[0]
            record.msg, record.args = f"{record.getMessage()}: {reason}", ()
            record.exc_info = record.exc_text = None
        return True
