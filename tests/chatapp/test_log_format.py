"""Log lines: one for each record, nothing foreign in them that acts."""

import json
import logging
import sys
from typing import Any

import pytest
from django.db import DataError, OperationalError

from chatapp.observability.log_format import JsonFormatter, TextFormatter, request_id

WORDS = "what somebody wrote"


def record(message: str, *args: object, name: str = "chatapp.tests", error: Any = None):
    info = (type(error), error, getattr(error, "__traceback__", None)) if error else None
    return logging.LogRecord(name, logging.WARNING, __file__, 1, message, args, info)


def text(*args: Any, **kwargs: Any) -> str:
    return TextFormatter().format(record(*args, **kwargs))


def test_a_line_has_the_id_of_its_request():
    assert text("Hello %s", "you").endswith("WARNING chatapp.tests [-]: Hello you")
    token = request_id.set("0123abcd")
    try:
        assert text("Hello").endswith("WARNING chatapp.tests [0123abcd]: Hello")
        assert json.loads(JsonFormatter().format(record("Hello")))["request_id"] == "0123abcd"
    finally:
        request_id.reset(token)


@pytest.mark.parametrize("control", ["\n", "\r", "\x1b[2J", "\x85", "\u2028", "\u202e", "\x00"])
def test_control_characters_are_escaped(control):
    line = text("Not Found: %s", f"/a{control}b")
    assert line.isprintable()
    assert control not in JsonFormatter().format(record("Not Found: %s", f"/a{control}b"))


def test_secrets_are_masked(settings):
    settings.OPENAI_API_KEY = "azure0123456789abcdef"
    assert text("Key %s", settings.OPENAI_API_KEY).endswith("Key [secret]")
    assert text("Failed", error=RuntimeError(settings.OPENAI_API_KEY)).endswith(": [secret]")


@pytest.mark.parametrize(
    "error",
    [
        ValueError(WORDS),
        KeyError(WORDS),
        DataError(WORDS),
        OperationalError(f"first line\nDETAIL: {WORDS}"),
        UnicodeEncodeError("utf-8", WORDS, 0, 1, WORDS),
        ExceptionGroup(WORDS, [ValueError(WORDS)]),
        type("MailError", (OSError,), {"__module__": "smtplib"})(WORDS),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_exception_s_text_is_left_out_where_it_may_quote_words(error):
    try:
        try:
            raise error
        except Exception as cause:
            raise LookupError(WORDS) from cause
    except LookupError:
        info = sys.exception()
    for line in (text("Failed", error=info), JsonFormatter().format(record("F", error=info))):
        assert type(error).__name__ in line and "LookupError" in line
        assert line.count("Traceback (most recent call last):") >= 2
        assert WORDS not in line


def test_an_exception_that_names_code_keeps_its_text():
    error = AttributeError("'Site' object has no attribute 'x'")
    assert text("Failed", error=error).endswith(
        "AttributeError: 'Site' object has no attribute 'x'"
    )


def test_json_is_one_line_with_the_traceback_inside():
    line = JsonFormatter().format(record("Failed: %s", "x\ny", error=OSError("a\nb")))
    assert "\n" not in line
    fields = json.loads(line)
    assert fields.keys() >= {"time", "level", "logger", "request_id", "message", "exception"}
    assert fields["message"] == "Failed: x\\ny"
    assert fields["exception"].endswith("OSError: a")


def test_arguments_that_do_not_fit_are_not_printed(capsys):
    assert text("%d of them", WORDS).endswith(": %d of them")
    assert WORDS not in capsys.readouterr().err


def test_asyncio_s_report_keeps_no_repr_of_the_exception():
    message = f"Task exception was never retrieved\nfuture: <Task exception=ValueError('{WORDS}')>"
    assert text(message, name="asyncio").endswith(": Task exception was never retrieved")
