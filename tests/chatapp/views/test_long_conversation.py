"""A conversation of a thousand messages: its end first, the rest a stretch at a time."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from chatapp.models import Assistant, Conversation, Message
from chatapp.pagination import THREAD_PAGE_SIZE
from tests.fixtures.people import HTMX, answered


def long_conversation(person, count=1000) -> Conversation:
    """A chain of questions and answers that say their place."""
    conversation = Conversation.objects.start(person, Assistant.objects.get())
    began, parent, messages = timezone.now() - timedelta(days=1), None, []
    for number in range(count):
        message = Message(
            id=uuid4(),
            conversation=conversation,
            parent_id=parent,
            role=Message.Role.ASSISTANT if number % 2 else Message.Role.USER,
            text=f"said-{number}.",
            status=Message.Status.COMPLETE,
            created_at=began + timedelta(seconds=number),
        )
        parent = message.pk
        messages.append(message)
    Message.objects.bulk_create(messages)
    Conversation.objects.filter(pk=conversation.pk).update(head=parent)
    return Conversation.objects.get(pk=conversation.pk)


def said(response) -> list[int]:
    return [int(number) for number in re.findall(r"said-(\d+)\.", response.text)]


@pytest.fixture
def conversation(alice):
    return long_conversation(alice)


def test_it_opens_with_its_end_in_as_many_queries_as_a_short_one(
    client_of, alice, conversation, django_assert_max_num_queries
):
    client = client_of(alice)
    with django_assert_max_num_queries(9):
        page = client.get(conversation.get_absolute_url())
    assert said(page) == list(range(1000 - THREAD_PAGE_SIZE, 1000))
    assert len(page.content) < 250_000


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_going_up_everything_is_met_once_and_in_order(client_of, alice, conversation, headers):
    client = client_of(alice)
    met: list[int] = []
    page = client.get(conversation.get_absolute_url())
    while True:
        met[:0] = said(page)
        up = re.search(r'class="earlier" href="([^"]+)"', page.text)
        if not up:
            break
        page = client.get(up[1], headers=headers)
        assert ("<html" in page.text) is not bool(headers)
        assert ("Later messages" in page.text) is not bool(headers)
    assert met == list(range(1000))


def test_a_short_one_has_nothing_above_or_below(client_of, alice):
    page = client_of(alice).get(answered(alice).conversation.get_absolute_url()).text
    assert "Earlier messages" not in page and "Later messages" not in page


def test_a_message_far_up_is_found_where_its_address_says(client_of, alice, conversation):
    client, far = client_of(alice), Message.objects.get(text="said-101.")
    shown = client.post(f"/m/{far.pk}/show/")
    assert shown.url == f"{conversation.get_absolute_url()}?at={far.pk}#m-{far.pk}"
    assert said(client.get(shown.url)) == list(range(101, 1000))
    near = Message.objects.get(text="said-990.")
    url = client.post(f"/m/{near.pk}/show/").url
    assert url == f"{conversation.get_absolute_url()}#m-{near.pk}"
    assert 990 in said(client.get(url))


@pytest.mark.parametrize("name", ["at", "above"])
@pytest.mark.parametrize("value", ["", "x", "0" * 32, "00000000-0000-4000-8000-000000000000"])
def test_an_address_of_nothing_shows_the_end(client_of, alice, conversation, name, value):
    page = client_of(alice).get(conversation.get_absolute_url(), {name: value})
    assert said(page) == list(range(1000 - THREAD_PAGE_SIZE, 1000))


def test_versions_are_counted_beyond_what_is_shown(client_of, alice, conversation):
    first = Message.objects.get(text=f"said-{1000 - THREAD_PAGE_SIZE}.")
    other = Message.objects.create(
        conversation=conversation,
        parent_id=first.parent_id,
        role=first.role,
        text="Another",
        status=Message.Status.COMPLETE,
        created_at=first.created_at - timedelta(hours=5),
    )
    page = client_of(alice).get(conversation.get_absolute_url()).text
    assert "Version 2 of 2" in page and str(other.pk) in page
