"""Log lines, as text or JSON: one line a record, without secrets and without words of users.

A message is ours, and its arguments are ids, codes and numbers. What a library or an exception adds
is foreign: control characters are escaped, and an exception keeps its text only where its class
can't quote a value.
"""

import json
import logging
import secrets
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime

from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError

from chatapp.availability import CONNECTION_ERRORS
from chatapp.observability.masking import masked

NO_REQUEST = "-"
# Id of the HTTP request that caused what is logged.
request_id: ContextVar[str] = ContextVar("request_id", default=NO_REQUEST)
# Classes whose text names code, files or addresses, never what somebody wrote. Libraries derive
# their own from some, such as the one that quotes what a mail server said.
TELLING = (
    AttributeError,
    ImportError,
    ImproperlyConfigured,
    IntegrityError,
    NameError,
    OSError,
    RuntimeError,
    TypeError,
    *CONNECTION_ERRORS,
)
TELLING_MODULES = frozenset({"builtins", "django", "psycopg", "redis", "socket", "sqlite3", "ssl"})


def new_id() -> str:
    return secrets.token_hex(8)


def escaped(text: str) -> str:
    """The text with everything escaped that a terminal or a reader of lines could act on."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def described(error: BaseException | None) -> str:
    """An exception as one line: its class, and its text where that can't hold words of users."""
    name, package = type(error).__qualname__, type(error).__module__.partition(".")[0]
    is_telling = isinstance(error, TELLING) or package == "redis"
    if not is_telling or package not in TELLING_MODULES:
        return name
    # PostgreSQL quotes rows from the second line on.
    text = str(error).strip().partition("\n")[0]
    return escaped(masked(f"{name}: {text}" if text else name))


def traceback_lines(error: BaseException, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """The tracebacks of an exception and its causes, the first cause first."""
    seen |= {id(error)}
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause and id(cause) not in seen:
        yield from traceback_lines(cause, seen)
        yield "which led to:"
    yield "Traceback (most recent call last):"
    for entry in traceback.format_tb(error.__traceback__):
        yield from entry.rstrip("\n").split("\n")
    yield described(error)
    for number, one in enumerate(getattr(error, "exceptions", ()), 1):
        yield f"exception {number} of the group:"
        yield from traceback_lines(one, seen)


class TextFormatter(logging.Formatter):
    """`TIME LEVEL LOGGER [REQUEST ID]: MESSAGE`, and the lines of a traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        head = f"{self.formatTime(record)} {record.levelname} {record.name}"
        lines = [f"{head} [{request_id.get()}]: {message_of(record)}", *exception_of(record)]
        return "\n".join(lines)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, request_id, message, and exception if any."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": request_id.get(),
            "message": message_of(record),
        }
        if lines := exception_of(record):
            fields["exception"] = "\n".join(lines)
        return json.dumps(fields)


def message_of(record: logging.LogRecord) -> str:
    try:
        text = record.getMessage()
    except Exception:
        text = str(record.msg)  # logging's own report would print the arguments
    if record.name == "asyncio":
        text = text.partition("\n")[0]  # the rest is the repr of a task and its exception
    return escaped(masked(text))


def exception_of(record: logging.LogRecord) -> list[str]:
    error = record.exc_info[1] if record.exc_info else None
    return [masked(line) for line in traceback_lines(error)] if error else []
