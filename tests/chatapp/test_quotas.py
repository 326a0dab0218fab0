"""How much one person may ask."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from chatapp.models import Assistant, Conversation, Message, User
from chatapp.quotas import quota_error

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(settings: Settings) -> Conversation:
    settings.MESSAGES_PER_MINUTE = settings.MESSAGES_PER_DAY = settings.ANSWERS_AT_ONCE = 0
    return Conversation.objects.start(User.objects.create_guest(), Assistant.objects.get())


def why(person: User) -> str:
    with transaction.atomic():
        return quota_error(person)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ANSWERS_AT_ONCE", "still being written"),
        ("MESSAGES_PER_MINUTE", "within a minute"),
        ("MESSAGES_PER_DAY", "within a day"),
    ],
)
def test_each_limit_says_what_it_is(
    conversation: Conversation, settings: Settings, name: str, words: str
) -> None:
    setattr(settings, name, 2)
    conversation.ask("one")
    assert why(conversation.user) == ""
    conversation.ask("two")
    assert words in why(conversation.user)


def test_zero_is_no_limit(conversation: Conversation) -> None:
    for _ in range(3):
        conversation.ask("again")
    assert why(conversation.user) == ""


def test_time_passes(conversation: Conversation, settings: Settings) -> None:
    settings.MESSAGES_PER_MINUTE = 1
    conversation.ask("one")
    Message.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    assert why(conversation.user) == ""


def test_an_answer_that_ended_makes_room(conversation: Conversation, settings: Settings) -> None:
    settings.ANSWERS_AT_ONCE = 1
    conversation.ask("one")
    assert why(conversation.user)
    Message.objects.answers().update(status=Message.Status.STOPPED)
    assert why(conversation.user) == ""


def test_others_are_not_counted(conversation: Conversation, settings: Settings) -> None:
    settings.MESSAGES_PER_MINUTE = 1
    conversation.ask("one")
    assert why(User.objects.create_guest()) == ""
