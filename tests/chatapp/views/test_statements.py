"""How many statements a message takes, and which of them write."""

import pytest
from django.urls import reverse

from chatapp.generation.job import GenerationJob
from chatapp.generation.runner import streams
from chatapp.generation.waiting import save_and_send
from chatapp.models import Message
from tests.fixtures.people import HTMX, answered, ended

HOME = reverse("home")
MESSAGE = {"message": "Where is Ulm?"}


def tables_written(queries):
    """The tables written to, in order, but for what search and statistics keep by triggers."""
    writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    return [write.split('"')[1] for write in writes]


@pytest.mark.django_db
def test_a_guests_first_message(client_of, django_assert_num_queries):
    """Guest, conversation, question and answer, session; the reads of the page are few."""
    client = client_of()
    client.get(HOME)
    with django_assert_num_queries(20) as queries:
        page = client.post(HOME, MESSAGE, headers=HTMX)
    assert page.text.count('class="message ') == 2
    assert tables_written(queries) == [
        "chatapp_user",
        "chatapp_conversation",
        "chatapp_message",
        "chatapp_message",
        "chatapp_conversation",
        "django_session",
    ]


def test_the_next_message(client_of, alice, django_assert_num_queries):
    conversation = answered(alice).conversation
    client = client_of(alice)
    with django_assert_num_queries(20) as queries:
        client.post(conversation.get_absolute_url(), MESSAGE, headers=HTMX)
    assert tables_written(queries) == [
        "chatapp_message",
        "chatapp_message",
        "chatapp_conversation",
    ]


def test_generating_it(alice, django_assert_num_queries):
    conversation = answered(alice).conversation
    answer = conversation.ask("And Aalen?")
    with django_assert_num_queries(3) as queries:
        job = GenerationJob.claim(answer.pk, streams)
    assert job
    assert tables_written(queries) == ["chatapp_message"]
    with django_assert_num_queries(5) as queries:  # two of them begin and end the transaction
        save_and_send(job.answer, text="North of it.", status=Message.Status.COMPLETE)
    assert tables_written(queries) == ["chatapp_message"]
    answer.refresh_from_db()
    assert answer.text == "North of it."


def test_a_conversation_with_ended_answers_prefetches_their_ratings(
    client_of, alice, django_assert_max_num_queries
):
    answer = answered(alice)
    ended(answer.conversation.ask("And Aalen?"), "North of it.")
    client = client_of(alice)
    with django_assert_max_num_queries(10):
        client.get(answer.conversation.get_absolute_url())
