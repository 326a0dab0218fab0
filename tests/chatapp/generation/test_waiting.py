"""The message that waits for an answer, sent in the transaction that ends the answer."""

from uuid import uuid4

import pytest
from django.db import transaction

from chatapp.generation.waiting import save_and_send
from chatapp.models import Message, PromptVersion, WaitingMessage
from tests.fixtures.people import answered


@pytest.fixture
def running(alice) -> Message:
    return answered(alice, "Go on", "So far", status="streaming")


@pytest.fixture
def waiting(running) -> WaitingMessage:
    return WaitingMessage.objects.create(answer=running, text="And then?", language="de")


def test_after_a_complete_answer_it_is_asked_once_under_its_id(running, waiting):
    queued = save_and_send(running, status="complete", text="All of it")
    assert queued is not None and queued.parent is not None
    question = queued.parent
    assert (question.pk, question.text, question.parent) == (waiting.pk, "And then?", running)
    running.conversation.refresh_from_db()
    assert running.conversation.head == queued and queued.status == "queued"
    assert not WaitingMessage.objects.exists()
    assert save_and_send(running, status="complete", text="All of it") is None
    assert Message.objects.filter(text="And then?").count() == 1


@pytest.mark.parametrize("status", ["stopped", "failed", "interrupted"])
def test_after_any_other_end_it_stays(running, waiting, status):
    assert save_and_send(running, status=status, text="So far") is None
    assert not WaitingMessage.objects.get().is_waiting
    assert Message.objects.count() == 2


def test_an_end_that_is_not_saved_sends_nothing(running, waiting):
    Message.objects.filter(pk=running.pk).update(status="stopped")
    assert save_and_send(running, status="complete", text="Late") is None
    assert WaitingMessage.objects.exists() and Message.objects.count() == 2


def test_both_are_done_or_neither(running, waiting):
    """What dies before the commit has neither ended the answer nor sent the message."""
    with transaction.atomic():
        save_and_send(running, status="complete", text="All of it")
        transaction.set_rollback(True)
    running.refresh_from_db()
    assert (running.status, running.text) == ("streaming", "So far")
    assert WaitingMessage.objects.get().is_waiting and Message.objects.count() == 2


def test_it_replies_to_its_answer_whichever_version_is_shown(running, waiting):
    conversation = running.conversation
    other = conversation.messages.create(parent=running.parent, role="assistant", status="complete")
    conversation.select_version(other)
    queued = save_and_send(running, status="complete", text="All of it")
    assert queued is not None and queued.parent is not None
    assert queued.parent.parent_id == running.pk


def test_what_the_quota_rejects_returns_with_the_sentence_in_its_language(
    running, waiting, settings
):
    settings.MESSAGES_PER_MINUTE = 1
    assert save_and_send(running, status="complete", text="All of it") is None
    running.refresh_from_db()
    assert (running.status, running.text) == ("complete", "All of it")
    returned = WaitingMessage.objects.get()
    assert not returned.is_waiting
    assert returned.problem.startswith("Das waren 1 Nachrichten")


def test_without_an_assistant_it_returns(running, waiting):
    PromptVersion.objects.update(weight=0)
    assert save_and_send(running, status="complete", text="All of it") is None
    assert "Assistent" in WaitingMessage.objects.get().problem


def test_images_that_the_assistant_no_longer_sees_return_with_it(running, waiting):
    image = {"file": f"{uuid4()}.webp", "width": 1, "height": 1, "alt": "A cat"}
    WaitingMessage.objects.update(images=[image])
    running.conversation.assistant.__class__.objects.update(sees_images=False)
    assert save_and_send(running, status="complete", text="All of it") is None
    assert WaitingMessage.objects.get().problem


def test_in_a_deleted_conversation_it_stays_until_that_is_restored(running, waiting):
    running.conversation.soft_delete()
    assert save_and_send(running, status="complete", text="All of it") is None
    assert WaitingMessage.objects.exists() and Message.objects.count() == 2
