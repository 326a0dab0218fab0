"""Admin of conversations and messages: read-only, found by ids."""

from uuid import uuid4

import pytest
from django.urls import reverse

from chatapp.models import Assistant, Conversation, Message, User
from tests.fixtures.access_reason import say_why


@pytest.fixture
def sam_client(sam, client_of):
    return client_of(sam)


@pytest.fixture
def conversation(alice):
    conversation = Conversation.objects.start(alice, Assistant.objects.get())
    answer = conversation.ask("Is it **so**?")
    values = {"text": "It *is*.", "status": "complete", "helicone_id": uuid4()}
    Message.objects.filter(pk=answer.pk).update(**values)
    return conversation


def url(model, page="changelist", *args):
    return reverse(f"admin:chatapp_{model}_{page}", args=args)


@pytest.mark.parametrize("model", ["conversation", "message"])
@pytest.mark.parametrize("word", ["", "so", "6f1ed002-ab5d-4c31-9a1c-4a9e6b8f2d11"])
def test_every_list_opens_and_can_be_searched(sam_client, conversation, model, word):
    assert sam_client.get(url(model), {"q": word}).status_code == 200


def test_a_conversation_is_read_as_the_person_sees_it_and_not_changed(sam_client, conversation):
    change = url("conversation", "change", conversation.pk)
    page = say_why(sam_client, conversation.pk, onward=change).text
    assert "Is it **so**?" in page
    assert "It <em>is</em>." in page
    assert sam_client.post(change, {"title": "Mine"}).status_code == 403
    assert sam_client.get(url("conversation", "add")).status_code == 403
    delete = url("conversation", "delete", conversation.pk)
    assert sam_client.post(delete, {"post": "yes"}).status_code == 403


def test_a_message_is_found_by_its_whole_id(sam_client, conversation):
    answer = conversation.messages.get(role="assistant")
    for known, count in [(answer.pk, 1), (answer.helicone_id, 1), (conversation.pk, 2)]:
        response = sam_client.get(url("message"), {"q": str(known)})
        assert response.context["cl"].result_count == count
    assert sam_client.get(url("message"), {"q": "so"}).context["cl"].result_count == 0
    page = say_why(sam_client, conversation.pk, onward=url("message", "change", answer.pk)).text
    assert "It *is*." in page


def test_a_conversation_is_found_by_its_id_and_by_whose_it_is(sam_client, conversation):
    person = conversation.user
    Conversation.objects.start(User.objects.create_guest(), conversation.assistant)
    for words, count in [(conversation.pk, 1), (person.username, 1), ("so", 0)]:
        response = sam_client.get(url("conversation"), {"q": str(words)})
        assert response.context["cl"].result_count == count
