"""/c/<uuid>/share/, /c/<uuid>/unshare/ and /s/<token>/"""

import pytest
from django.urls import reverse

from chatapp.models import SharedCopy
from feedback import rating_flow
from tests.fixtures.people import HTMX, answered, ended


@pytest.fixture
def conversation(alice):
    answer = answered(alice)
    rating_flow.rate(answer, alice, 1)
    return answer.conversation


@pytest.fixture
def link(client_of, alice, conversation):
    client_of(alice).post(reverse("share", args=[conversation.pk]))
    return SharedCopy.objects.get().get_absolute_url()


def test_whoever_has_the_link_reads_it_and_sees_nobody(client_of, settings, link):
    settings.GUESTS = False
    page = client_of(None).get(link)
    assert page.status_code == 200
    assert "Why is the sky blue?" in page.text and "<em>Rayleigh</em>" in page.text
    assert "alice" not in page.text and "thumb" not in page.text and "/c/" not in page.text


def test_the_thinking_is_not_shared(client_of, alice):
    answer = answered(alice, "Why?", "Because.", thinking="Secretly.", thinking_ms=1500)
    copy = SharedCopy.objects.get_or_create_for(answer.conversation)
    page = client_of(None).get(copy.get_absolute_url())
    assert "Because." in page.text and "Secretly" not in page.text + str(copy.messages)


def test_it_is_found_by_no_search_engine_and_kept_by_no_cache(client_of, link):
    page = client_of(None).get(link)
    assert '<meta name="robots" content="noindex, nofollow">' in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page.headers["Cache-Control"]


def test_the_copy_is_frozen(client_of, conversation, link):
    ended(conversation.ask("And at night?"), "Dark.")
    conversation.rename("Secret")
    page = client_of(None).get(link).text
    assert "night" not in page and "Secret" not in page


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_once_revoked_it_is_gone_and_sharing_again_is_another_link(
    client_of, alice, conversation, link, headers
):
    client = client_of(alice)
    again = client.post(reverse("share", args=[conversation.pk]), headers=headers)
    assert SharedCopy.objects.count() == 1, "Shared twice, it has one link."
    assert not headers or link in again.text
    alone = client.post(reverse("unshare", args=[conversation.pk]), headers=headers)
    assert "/s/" not in alone.text
    assert client_of(None).get(link).status_code == 404
    assert SharedCopy.objects.get().messages == []
    anew = client.post(reverse("share", args=[conversation.pk]), headers=headers)
    fresh = SharedCopy.objects.live().get().get_absolute_url()
    assert fresh != link and (not headers or fresh in anew.text)


def test_with_its_conversation_deleted_it_is_gone(client_of, conversation, link):
    conversation.soft_delete()
    assert client_of(None).get(link).status_code == 404


def test_the_token_cannot_be_guessed(link):
    assert len(link.split("/")[2]) == 32


def test_it_is_made_and_revoked_by_its_owner_only(client_of, bob, conversation, link):
    for stranger in (bob, None):
        for name in ("share", "unshare"):
            assert (
                client_of(stranger).post(reverse(name, args=[conversation.pk])).status_code == 404
            )
    assert client_of(None).get(link).status_code == 200
