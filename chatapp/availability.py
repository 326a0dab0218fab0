"""Connection errors: whether an exception means that the database or Redis is unavailable."""

import logging
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError

# Raised by Django for a database that is unavailable, or became so during a query.
CONNECTION_ERRORS = (OperationalError, InterfaceError)


def is_connection_error(error: BaseException | None) -> bool:
    """Whether any cause of the error is a connection error; Django's sessions, for one, wrap it.
    Redis errors match by module name, so that a site without Redis never imports its package."""
    return any(
        isinstance(cause, CONNECTION_ERRORS) or type(cause).__module__.startswith("redis.")
        for cause in causes(error)
    )


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and its chain of causes."""
    while error:
        yield error
        error = error.__cause__ or error.__context__


class OneLineOutages(logging.Filter):
    """Logging filter that replaces the traceback of a connection error by one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if is_connection_error(error):
            reason = str(error).strip().partition("\n")[0]
            record.msg, record.args = f"{record.getMessage()}: {reason}", ()
            record.exc_info = record.exc_text = None
        return True
