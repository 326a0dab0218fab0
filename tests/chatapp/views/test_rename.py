"""/c/<uuid>/rename/"""

import pytest
from django.urls import reverse

from tests.fixtures.people import HTMX, answered

pytestmark = pytest.mark.sqlite


@pytest.fixture
def conversation(alice):
    return answered(alice).conversation


@pytest.fixture
def url(conversation):
    return reverse("rename", args=[conversation.pk])


def test_it_belongs_to_its_owner(client_of, bob, conversation, url):
    for stranger in (bob, None):
        assert client_of(stranger).post(url, {"title": "Mine"}).status_code == 404
    conversation.refresh_from_db()
    assert conversation.title != "Mine"


def test_without_htmx_one_comes_back_to_the_conversation(client_of, alice, conversation, url):
    answer = client_of(alice).post(url, {"title": " The sky "})
    conversation.refresh_from_db()
    assert (answer.status_code, answer.url) == (303, conversation.get_absolute_url())
    assert conversation.title == "The sky"


def test_with_htmx_heading_list_and_window_title_change(client_of, alice, url):
    answer = client_of(alice).post(url, {"title": "The <sky>"}, headers=HTMX)
    assert '<h1 dir="auto">The &lt;sky&gt;</h1>' in answer.text
    assert "<title>The &lt;sky&gt;" in answer.text
    assert '<hx-partial hx-target="#conversations"' in answer.text


@pytest.mark.parametrize(
    ("title", "words"), [(" ", "needs a name"), ("a\0", "not text"), ("x" * 201, "at most 200")]
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_what_is_no_name_gets_a_sentence(client_of, alice, url, title, words, headers):
    answer = client_of(alice).post(url, {"title": title}, headers=headers)
    assert answer.status_code == 422
    assert words in answer.text
