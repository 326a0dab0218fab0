"""/m/<uuid>/rating/ : the thumbs under an answer."""

import re

import pytest
from django.urls import reverse

from chatapp.models import User
from feedback import rating_flow
from feedback.models import Delivery, Rating
from tests.fixtures.people import HTMX, answered


@pytest.fixture
def answer(alice):
    return answered(alice)


@pytest.fixture
def url(answer):
    return reverse("rating", args=[answer.pk])


def pressed(text):
    """Whether the thumbs of all answers are pressed, up and down in turn."""
    thumbs = re.findall(r"<button[^>]*class=\"[^\"]*\bthumb\b[^>]*>", text)
    return tuple('aria-pressed="true"' in thumb for thumb in thumbs)


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_belongs_to_its_owner(client_of, bob, sam, url, method):
    for stranger in (bob, sam, None):
        assert getattr(client_of(stranger), method)(url, {"value": "1"}).status_code == 404
    assert not Rating.objects.exists()


def test_a_click_saves_shows_it_and_asks_why(client_of, alice, answer, url):
    fragment = client_of(alice).post(url, {"value": "1"}, headers=HTMX)
    rating = Rating.objects.get()
    assert (rating.message, rating.user, rating.value) == (answer, alice, 1)
    assert Delivery.objects.get(rating=rating).state == Delivery.State.DUE
    assert pressed(fragment.text) == (True, False)
    assert "What was good about it?" in fragment.text
    assert "<html" not in fragment.text


def test_the_other_thumb_changes_it(client_of, alice, url):
    client = client_of(alice)
    client.post(url, {"value": "1"}, headers=HTMX)
    fragment = client.post(url, {"value": "-1"}, headers=HTMX)
    assert Rating.objects.get().value == -1
    assert pressed(fragment.text) == (False, True)
    assert "What was wrong with it?" in fragment.text


def test_a_pressed_thumb_offers_to_withdraw(client_of, alice, answer, url):
    client = client_of(alice)
    fragment = client.post(url, {"value": "1"}, headers=HTMX).text
    button = fragment.split(f'id="up-{answer.pk}"')[1].split(">")[0]
    assert 'value="0"' in button
    fragment = client.post(url, {"value": "0"}, headers=HTMX).text
    assert Rating.objects.get().value is None
    assert pressed(fragment) == (False, False)
    assert "What was" not in fragment


def test_the_labels_stay_whatever_is_pressed(client_of, alice, url):
    client = client_of(alice)
    for value in ("1", "-1", "0"):
        fragment = client.post(url, {"value": value}, headers=HTMX).text
        assert 'aria-label="Good answer"' in fragment
        assert 'aria-label="Bad answer"' in fragment


def test_the_same_request_twice_ends_as_once(client_of, alice, url):
    client = client_of(alice)
    for _ in range(3):
        fragment = client.post(url, {"value": "1"}, headers=HTMX)
    assert Rating.objects.get().value == 1
    assert Rating.objects.get().revision == 1
    assert pressed(fragment.text) == (True, False)


def test_without_htmx_one_comes_back_to_the_answer_with_the_question_why(
    client_of, alice, answer, url
):
    client = client_of(alice)
    back = client.post(url, {"value": "-1"})
    assert back.status_code == 303
    assert back.url.endswith(f"?reasons={answer.pk}#rating-{answer.pk}")
    page = client.get(back.url).text
    assert pressed(page) == (False, True)
    assert "What was wrong with it?" in page


def test_it_is_there_after_a_reload(client_of, alice, answer, url):
    client = client_of(alice)
    client.post(url, {"value": "1"}, headers=HTMX)
    page = client.get(answer.conversation.get_absolute_url()).text
    assert pressed(page) == (True, False)
    assert "Say why" in page
    assert "What was good about it?" not in page


def test_one_sees_only_ones_own(client_of, alice, rita, answer):
    rating_flow.rate(answer, rita, -1)
    page = client_of(alice).get(answer.conversation.get_absolute_url()).text
    assert pressed(page) == (False, False)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("text", "status"), [("Half", "streaming"), ("", "stopped"), ("", "failed")]
)
def test_what_cannot_be_judged_cannot_be_rated(client_of, alice, text, status, headers):
    answer = answered(alice, answer=text, status=status)
    url = reverse("rating", args=[answer.pk])
    refusal = client_of(alice).post(url, {"value": "1"}, headers=headers)
    assert refusal.status_code == 409
    assert "nothing to judge" in refusal.text
    assert not Rating.objects.exists()


def test_a_question_cannot_be_rated(client_of, alice, answer):
    url = reverse("rating", args=[answer.parent_id])
    assert client_of(alice).post(url, {"value": "1"}).status_code == 404


@pytest.mark.parametrize("value", ["", "2", "up", "1; DROP", "\0"])
def test_only_a_thumb_is_a_thumb(client_of, alice, url, value):
    refusal = client_of(alice).post(url, {"value": value}, headers=HTMX)
    assert refusal.status_code == 422
    assert "neither a thumb up" in refusal.text
    assert not Rating.objects.exists()


@pytest.mark.parametrize("who", ["alice", "guest"])
def test_a_changed_mind_takes_a_statement_for_each_table(
    client_of, alice, who, django_assert_num_queries
):
    """Session, user, for members their groups, and the answer; rating, review and delivery between
    the beginning and end of a transaction; then the reasons to choose from."""
    person = User.objects.create_guest() if who == "guest" else alice
    client, url = client_of(person), reverse("rating", args=[answered(person).pk])
    client.post(url, {"value": "1"}, headers=HTMX)
    with django_assert_num_queries(11 if who == "alice" else 10) as queries:
        client.post(url, {"value": "-1"}, headers=HTMX)
    writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [write.split('"')[1] for write in writes] == ["feedback_rating", "feedback_delivery"]


def test_the_first_thumb_takes_few_more(client_of, alice, url, django_assert_num_queries):
    client = client_of(alice)
    with django_assert_num_queries(15):
        client.post(url, {"value": "1"}, headers=HTMX)
