"""Whether a failure only means that the database, or Redis, is away for the moment."""

import logging
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError

# What a database raises that is away, or was while it was asked.
CONNECTION_ERRORS = (OperationalError, InterfaceError)


def is_connection_error(error: BaseException | None) -> bool:
    """At the bottom of it: Django's sessions, for one, make something else of it. Redis counts
    tries at signing in; without it its package is never loaded."""
    return any(
        isinstance(each, CONNECTION_ERRORS) or type(each).__module__.startswith("redis.")
        for each in causes(error)
    )


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception, what it was raised from, and so on to the first."""
    while error:
        yield error
        error = error.__cause__ or error.__context__


class OneLineOutages(logging.Filter):
    """For the log: where in our code it was noticed that something is away is of no interest."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if is_connection_error(error):
            why = str(error).strip().partition("\n")[0]
            record.msg, record.args = f"{record.getMessage()}: {why}", ()
            record.exc_info = record.exc_text = None
        return True
