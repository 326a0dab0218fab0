"""A message sent while an answer runs: stored once, shown, taken back, and nobody else's."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse

from chatapp.accounts.data_export import conversations
from chatapp.images import storage
from chatapp.models import Conversation, Message, WaitingMessage
from tests.fixtures.people import HTMX, answered
from tests.fixtures.pictures import picture

NEXT = "And then?\n  <b>"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def running(alice) -> Message:
    return answered(alice, "Go on", "So far", status="streaming")


@pytest.fixture
def client(client_of, alice):
    return client_of(alice, headers=HTMX)


def send(client, answer: Message, text: str = NEXT, **form):
    return client.post(answer.conversation.get_absolute_url(), {"message": text, **form})


def take_back(client, waiting: WaitingMessage, **form):
    url = reverse("take_back", args=[waiting.answer.conversation_id])
    return client.post(url, {"waiting": str(waiting.pk), **form})


def end(answer: Message, status: str) -> None:
    Message.objects.filter(pk=answer.pk).update(status=status)


def test_it_is_stored_and_shown_and_no_question_yet(client, running):
    response = send(client, running)
    assert response.status_code == 200
    assert "And then?\n  &lt;b&gt;" in response.text
    waiting = WaitingMessage.objects.get()
    assert (waiting.text, waiting.answer, waiting.is_waiting) == (NEXT, running, True)
    assert Message.objects.count() == 2
    page = client.get(running.conversation.get_absolute_url()).text
    assert "Waits until the answer has ended." in page and str(waiting.pk) in page


def test_sent_twice_it_is_stored_once(client, running):
    key = str(uuid4())
    responses = [send(client, running, idempotency_key=key) for _ in range(2)]
    assert [response.status_code for response in responses] == [200, 200]
    assert str(WaitingMessage.objects.get().pk) == key


@pytest.mark.parametrize("key", ["", "same"])
def test_another_is_refused(client, running, key):
    key = key and str(uuid4())
    send(client, running, idempotency_key=key)
    response = send(client, running, "Another", idempotency_key=key)
    assert response.status_code == 409 and "waits here already" in response.text
    assert WaitingMessage.objects.get().text == NEXT


def test_a_key_that_waits_elsewhere_is_not_used_again(client, client_of, bob, running):
    key = str(uuid4())
    send(client_of(bob, headers=HTMX), answered(bob, status="streaming"), idempotency_key=key)
    assert send(client, running, idempotency_key=key).status_code == 200
    assert WaitingMessage.objects.filter(text=NEXT).count() == 2


def test_what_is_sent_as_the_answer_ends_is_asked_at_once(client, running):
    end(running, "complete")
    assert send(client, running).status_code == 200
    assert Message.objects.count() == 4 and not WaitingMessage.objects.exists()


def test_taken_back_it_is_gone_and_its_text_is_there(client, running):
    send(client, running)
    waiting = WaitingMessage.objects.get()
    response = take_back(client, waiting)
    assert 'data-taken-back="And then?\n  &lt;b&gt;"' in response.text
    assert "problem" not in response.text.replace("composer-problem", "")
    assert not WaitingMessage.objects.exists()


def test_taken_back_again_only_the_text_that_was_posted_comes(client, running):
    send(client, running)
    waiting = WaitingMessage.objects.get()
    take_back(client, waiting)
    assert "data-taken-back" not in take_back(client, waiting).text
    assert 'data-taken-back="Mine"' in take_back(client, waiting, message="Mine").text


def test_what_was_sent_already_does_not_come_back(client, running):
    send(client, running)
    waiting = WaitingMessage.objects.get()
    running.conversation.messages.create(pk=waiting.pk, role="user", text=NEXT, status="complete")
    waiting.delete()
    waiting.pk = Message.objects.filter(text=NEXT).get().pk
    response = take_back(client, waiting, message=NEXT)
    assert "data-taken-back" not in response.text
    assert "This message was sent already." in response.text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("stopped", "The answer was stopped, so this message was not sent."),
        ("failed", "The answer was not completed, so this message was not sent."),
        ("interrupted", "The answer was not completed, so this message was not sent."),
    ],
)
def test_after_an_answer_without_an_end_it_says_why_it_was_not_sent(client, running, status, words):
    send(client, running)
    end(running, status)
    assert 'data-status="returned"' in client.get(running.conversation.get_absolute_url()).text
    assert words in take_back(client, WaitingMessage.objects.get()).text


def test_what_returned_waits_for_no_other_answer(client, running):
    send(client, running)
    end(running, "failed")
    retried = client.post(reverse("retry", args=[running.pk]))
    assert retried.status_code == 200
    assert not WaitingMessage.objects.get().is_waiting
    again = Message.objects.running().get()
    assert send(client, again, "Another").status_code == 200
    assert WaitingMessage.objects.count() == 2


def test_a_queued_answer_that_is_stopped_returns_it_at_once(client, alice):
    queued = answered(alice, status="queued")
    send(client, queued)
    response = client.post(reverse("stop", args=[queued.pk]))
    assert 'hx-target="#waiting"' in response.text and 'data-status="returned"' in response.text


def test_its_images_come_back_with_it(client, running):
    image = BytesIO(picture())
    image.name = "cat.png"
    send(client, running, images=image, alt="A cat")
    waiting = WaitingMessage.objects.get()
    assert storage.delete_orphans() == 0
    assert waiting.images[0]["file"] in storage.referenced_files([running.conversation_id])
    response = take_back(client, waiting)
    assert "pending_images" in response.text and "A cat" in response.text


@pytest.mark.parametrize("who", ["bob", "visitor"])
def test_nobody_else_takes_it(client, client_of, bob, running, who):
    send(client, running)
    stranger = client_of(bob if who == "bob" else None, headers=HTMX)
    assert take_back(stranger, WaitingMessage.objects.get()).status_code == 404
    assert WaitingMessage.objects.exists()


def test_another_conversation_does_not_take_it(client, alice, running):
    send(client, running)
    other = answered(alice).conversation
    url = reverse("take_back", args=[other.pk])
    response = client.post(url, {"waiting": str(WaitingMessage.objects.get().pk)})
    assert "data-taken-back" not in response.text and WaitingMessage.objects.exists()


def test_it_is_among_the_own_data_and_goes_with_its_conversation(client, alice, running):
    send(client, running)
    (exported,) = conversations(alice)
    assert [each["text"] for each in exported["waiting_messages"]] == [NEXT]
    Conversation.objects.get().delete()
    assert not WaitingMessage.objects.exists()
