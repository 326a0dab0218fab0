"""A chat that is not kept."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chatapp.generation import client as gateway
from chatapp.models import Conversation, Message
from chatapp.retention import purge
from feedback.models import Rating
from tests.fixtures.people import answered, ended


@pytest.fixture
def answer(client_of, alice):
    client_of(alice).post("/", {"message": "A secret question", "temporary": "1"})
    return ended(Message.objects.running().get(), "A secret answer")


def test_its_page_is_there_and_says_what_it_means(client_of, alice, bob, answer):
    url = answer.conversation.get_absolute_url()
    page = client_of(alice).get(url).text
    assert "A secret answer" in page and "Temporary chat" in page and "24 hours" in page
    assert "Good answer" not in page and "Share a copy" not in page
    assert client_of(bob).get(url).status_code == 404


@pytest.mark.parametrize(
    "url", ["/", "/conversations/", "/archived/", "/deleted/", "/search?q=secret"]
)
def test_it_is_in_no_list(client_of, alice, answer, url):
    assert "/c/" not in client_of(alice).get(url).text


def test_it_is_never_rated_or_shared(client_of, alice, answer):
    client = client_of(alice)
    assert client.post(reverse("rating", args=[answer.pk]), {"value": "1"}).status_code == 409
    assert client.post(reverse("share", args=[answer.conversation_id])).status_code == 409
    assert not Rating.objects.exists()


def test_helicone_is_told_to_keep_no_words_of_it(alice, answer):
    headers = gateway.answer_headers(answer)
    assert headers["Helicone-Omit-Request"] == headers["Helicone-Omit-Response"] == "true"
    assert not [name for name in gateway.answer_headers(answered(alice)) if "Omit" in name]


def test_staff_do_not_read_it(client_of, sam, answer):
    page = client_of(sam).get(reverse("admin:chatapp_conversation_changelist"))
    assert "secret" not in page.text
    page = client_of(sam).get(reverse("admin:chatapp_message_changelist"))
    assert "secret" not in page.text


def test_some_hours_after_the_last_message_it_is_gone(alice, answer):
    kept = answered(alice).conversation
    assert purge() == 0
    long_ago = timezone.now() - timedelta(hours=25)
    Conversation.objects.update(updated_at=long_ago)
    assert purge() == 1
    assert Conversation.objects.get() == kept


def test_deleted_it_is_gone_at_once(client_of, alice, answer):
    page = client_of(alice).post(reverse("delete", args=[answer.conversation_id]), follow=True).text
    assert "The temporary chat was deleted." in page and "restore" not in page
    assert not Conversation.objects.exists()
