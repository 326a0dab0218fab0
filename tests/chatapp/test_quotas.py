"""How much one person may ask."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from chatapp.limits.quotas import quota_error
from chatapp.models import Assistant, Conversation, Message, User

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


def ask_as_guest(client: Client, address: str = "192.0.2.1") -> int:
    return client.post("/", {"message": "Who am I?"}, REMOTE_ADDR=address).status_code


@pytest.fixture
def guests_limited(settings: Settings) -> Iterator[Settings]:
    cache.clear()
    settings.GUEST_MESSAGES_PER_ADDRESS = 2
    yield settings
    cache.clear()


def test_guests_of_one_address_share_a_limit(guests_limited: Settings, client_of: Any) -> None:
    """Who throws the cookie away is a new guest each time, and makes none beyond the limit."""
    statuses = [ask_as_guest(client_of()) for _ in range(4)]
    assert statuses == [303, 303, 429, 429]
    assert User.objects.filter(is_guest=True).count() == 2
    assert ask_as_guest(client_of(), "192.0.2.2") == 303
    assert "Wait a minute" in client_of().post("/", {"message": "?"}, REMOTE_ADDR="192.0.2.1").text


def test_an_ipv6_network_is_one_address(guests_limited: Settings, client_of: Any) -> None:
    statuses = [ask_as_guest(client_of(), f"2001:db8::{n}") for n in range(3)]
    assert statuses == [303, 303, 429]
    assert ask_as_guest(client_of(), "2001:db8:0:1::") == 303


def test_all_guests_together_have_a_limit(guests_limited: Settings, client_of: Any) -> None:
    guests_limited.GUEST_MESSAGES_PER_HOUR = 3
    statuses = [ask_as_guest(client_of(), f"192.0.2.{n}") for n in range(4)]
    assert statuses == [303, 303, 303, 429]


def test_who_signed_in_is_no_guest(guests_limited: Settings, client_of: Any, alice: User) -> None:
    statuses = [ask_as_guest(client_of(alice)) for _ in range(3)]
    assert statuses == [303] * 3
