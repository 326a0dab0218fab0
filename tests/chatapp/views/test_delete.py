"""/c/<uuid>/delete/ and /restore/, /deleted/, and what is left of it afterwards."""

import asyncio
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from chatapp import retention
from chatapp.concurrency import run_in_db_thread
from chatapp.models import Conversation, Message
from feedback import rating_flow
from feedback.models import Delivery, Rating
from tests.fixtures.patience import DEADLINE
from tests.fixtures.people import HTMX, answered


@pytest.fixture
def answer(alice):
    answer = answered(alice)
    rating_flow.rate(answer, alice, 1)
    return answer


@pytest.fixture
def deleted(answer, alice, client_of):
    client_of(alice).post(reverse("delete", args=[answer.conversation_id]))
    return answer


def test_it_belongs_to_its_owner(client_of, answer, bob, sam):
    url = reverse("delete", args=[answer.conversation_id])
    for stranger in (bob, sam, None):
        assert client_of(stranger).post(url).status_code == 404
    assert Conversation.objects.not_deleted().exists()


@pytest.mark.parametrize("name", ["delete", "restore", "pin", "archive"])
def test_it_is_never_done_by_following_a_link(client_of, alice, answer, name):
    url = reverse(name, args=[answer.conversation_id])
    assert client_of(alice).get(url).status_code == 405


def test_the_next_page_offers_to_undo_it(client_of, alice, answer):
    client = client_of(alice)
    page = client.post(reverse("delete", args=[answer.conversation_id]), follow=True).text
    assert "was deleted. You can restore it for 30 days" in page
    undo = re.findall(r'action="([^"]+/restore/)"', page)[0]
    back = client.post(undo, follow=True)
    assert back.redirect_chain == [(answer.conversation.get_absolute_url(), 303)]
    assert "Rayleigh" in back.text and 'aria-pressed="true"' in back.text
    assert "/restore/" not in client.get("/").text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize("where", ["conversation", "rename", "pin", "archive", "delete"])
def test_its_own_addresses_are_gone_at_once(client_of, alice, deleted, where, headers):
    url = reverse(where, args=[deleted.conversation_id])
    assert client_of(alice).post(url, {"title": "x"}, headers=headers).status_code == 404


@pytest.mark.parametrize("where", ["stream", "stop", "retry", "rating", "reasons"])
def test_those_of_its_answers_are_gone_at_once(client_of, alice, deleted, where):
    url = reverse(where, args=[deleted.pk])
    method = "get" if where in ("stream", "rating") else "post"
    assert getattr(client_of(alice), method)(url).status_code == 404


def test_no_list_shows_it_but_that_of_the_deleted(client_of, alice, deleted):
    client, name = client_of(alice), "Why is the sky blue?"
    client.get("/")  # the notice is shown once
    for url in ("/", reverse("conversations"), reverse("archived")):
        assert name not in client.get(url).text
    page = client.get(reverse("deleted")).text
    assert name in page and deleted.conversation.get_absolute_url() + "restore/" in page


def test_staff_no_longer_read_it_either(client_of, sam, deleted):
    client, rating = client_of(sam), Rating.objects.get()
    gone = [
        reverse("admin:chatapp_conversation_change", args=[deleted.conversation_id]),
        reverse("admin:chatapp_message_change", args=[deleted.pk]),
        reverse("admin:feedback_rating_change", args=[rating.pk]),
    ]
    assert all("Rayleigh" not in client.get(url, follow=True).text for url in gone)
    for kind in ("chatapp_conversation", "chatapp_message", "feedback_rating"):
        assert "Why is the sky" not in client.get(reverse(f"admin:{kind}_changelist")).text


def test_what_is_being_written_stops(client_of, alice):
    running = answered(alice, status="streaming")
    client_of(alice).post(reverse("delete", args=[running.conversation_id]))
    running.refresh_from_db()
    assert running.stop_requested


def test_only_its_owner_takes_it_back(client_of, bob, sam, deleted):
    for stranger in (bob, sam, None):
        url = reverse("restore", args=[deleted.conversation_id])
        assert client_of(stranger).post(url).status_code == 404
        assert "sky" not in client_of(stranger).get(reverse("deleted")).text


def test_when_its_time_is_over_all_of_it_goes_and_nothing_else(deleted, alice, bob, settings):
    fresh, theirs = answered(alice, "Deleted today"), answered(bob, "Never deleted")
    fresh.conversation.soft_delete()
    long_ago = timezone.now() - timedelta(days=settings.DELETED_KEEP_DAYS, minutes=1)
    Conversation.objects.filter(pk=deleted.conversation_id).update(deleted_at=long_ago)
    call_command("purge_deleted")
    assert set(Conversation.objects.all()) == {fresh.conversation, theirs.conversation}
    assert Message.objects.count() == 4
    assert not Rating.objects.exists() and not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_server_purges_by_itself_and_ends_when_asked(deleted, monkeypatch):
    # Or else the threads would keep their connections to the database of this test.
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    Conversation.objects.update(deleted_at=timezone.now() - timedelta(days=31))

    async def until_it_is_gone():
        stopping = asyncio.Event()
        running = asyncio.create_task(retention.run(stopping))
        async with asyncio.timeout(DEADLINE):
            while await run_in_db_thread(Conversation.objects.exists):
                await asyncio.sleep(0.02)
            stopping.set()
            await running

    asyncio.run(until_it_is_gone())
