"""/c/<uuid>/pin/ and /archive/"""

import pytest
from django.urls import reverse

from tests.fixtures.people import HTMX, answered


@pytest.fixture
def conversation(alice):
    return answered(alice).conversation


@pytest.mark.parametrize("name", ["pin", "archive"])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_click_sent_twice_ends_as_one_and_can_be_undone(
    client_of, alice, conversation, name, headers
):
    url, client = reverse(name, args=[conversation.pk]), client_of(alice)
    for wanted in ("1", "1", "0", "0"):
        answer = client.post(url, {"wanted": wanted}, headers=headers)
        assert answer.status_code == (200 if headers else 303)
        conversation.refresh_from_db()
        field = conversation.pinned_at if name == "pin" else conversation.archived_at
        assert (field is not None) is (wanted == "1")


def test_it_belongs_to_its_owner(client_of, bob, conversation):
    for name in ("pin", "archive"):
        for stranger in (bob, None):
            url = reverse(name, args=[conversation.pk])
            assert client_of(stranger).post(url, {"wanted": "1"}).status_code == 404
    conversation.refresh_from_db()
    assert conversation.pinned_at is conversation.archived_at is None


def test_with_htmx_menu_and_list_change_and_the_menu_stays_open(client_of, alice, conversation):
    url = reverse("pin", args=[conversation.pk])
    fragment = client_of(alice).post(url, {"wanted": "1"}, headers=HTMX).text
    assert "Unpin" in fragment and '<details class="menu" open>' in fragment
    assert '<h2 class="day">Pinned</h2>' in fragment


def test_what_is_archived_is_not_pinned(conversation):
    conversation.pin()
    conversation.archive()
    assert conversation.pinned_at is None


def test_an_archived_conversation_can_still_be_read(client_of, alice, conversation):
    conversation.archive()
    page = client_of(alice).get(conversation.get_absolute_url()).text
    assert "Rayleigh" in page and "Unarchive" in page
