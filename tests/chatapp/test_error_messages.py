"""Every failure has its own words."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from chatapp.error_messages import ERROR_MESSAGES, UNKNOWN, duration_text, error_message_for
from chatapp.generation import errors
from chatapp.models import Message


def test_every_code_that_a_completion_can_fail_with_has_words():
    known = set(errors.BY_STATUS.values()) | set(errors.BY_CODE.values())
    raised = re.findall(
        r'CompletionError\(\s*"(\w+)"',
        "".join(path.read_text() for path in Path(errors.__file__).parent.glob("*.py")),
    )
    assert (known | set(raised)) - ERROR_MESSAGES.keys() == set()


def test_no_two_failures_share_a_title():
    titles = [str(failure.title) for failure in ERROR_MESSAGES.values()]
    assert len(titles) == len(set(titles))


def test_an_unforeseen_failure_has_words_too():
    assert error_message_for(Message(error="unforeseen")) == UNKNOWN


def test_long_waits_are_said_in_minutes_rounded_up():
    assert [duration_text(1), duration_text(119), duration_text(121)] == [
        "1 second",
        "119 seconds",
        "3 minutes",
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (7199, "120 minutes"),
        (7200, "2 hours"),
        (3 * 3600, "3 hours"),
        (3 * 3600 + 1, "4 hours"),
        (86_400, "24 hours"),
        (2 * 86_400, "2 days"),
        (7 * 86_400, "7 days"),
    ],
)
def test_longer_waits_are_said_in_hours_and_days(seconds, words):
    failed = Message(error="rate_limited", retry_after=seconds)
    assert error_message_for(failed).advice == f"Try again in {words}."


@pytest.mark.parametrize(
    ("language", "advice"),
    [
        ("de", "Versuchen Sie es in 3 Tagen noch einmal."),
        ("es", "Vuelva a intentarlo dentro de 3 días."),
        ("fr", "Réessayez dans 3 jours."),
        ("zh-hans", "请在 3 天后重试。"),
    ],
)
def test_days_are_said_in_every_language(language, advice):
    with override(language):
        assert error_message_for(Message(retry_after=3 * 86_400)).advice == advice
