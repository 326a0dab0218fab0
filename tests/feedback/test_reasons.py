"""/m/<uuid>/rating/reasons/ : why the thumb went up or down."""

import pytest
from django.urls import reverse

from feedback import rating_flow
from feedback.models import Rating, Reason
from tests.fixtures.people import HTMX, answered


@pytest.fixture
def rating(alice):
    return rating_flow.rate(answered(alice), alice, -1)


@pytest.fixture
def url(rating):
    return reverse("reasons", args=[rating.message_id])


def slugs(rating):
    return sorted(reason.slug for reason in rating.reasons.all())


def test_it_belongs_to_its_owner(client_of, bob, rating, url):
    for stranger in (bob, None):
        assert client_of(stranger).post(url, {"comment": "Mine"}).status_code == 404
    rating.refresh_from_db()
    assert rating.comment == ""


def test_reasons_and_comment_are_kept_with_thanks(client_of, alice, rating, url):
    data = {"reasons": ["wrong", "style"], "comment": "It is <b>green</b>."}
    fragment = client_of(alice).post(url, data, headers=HTMX)
    rating.refresh_from_db()
    assert slugs(rating) == ["style", "wrong"]
    assert rating.comment == "It is <b>green</b>."
    assert "Thank you" in fragment.text
    assert "Change your reasons" in fragment.text


def test_they_can_be_changed_later(client_of, alice, rating, url):
    client = client_of(alice)
    client.post(url, {"reasons": ["wrong"], "comment": "First"}, headers=HTMX)
    opened = client.get(
        reverse("rating", args=[rating.message_id]) + "?reasons=1", headers=HTMX
    ).text
    assert "First</textarea>" in opened
    assert opened.count("checked") == 1
    client.post(url, {"reasons": ["style"], "comment": ""}, headers=HTMX)
    rating.refresh_from_db()
    assert (slugs(rating), rating.comment) == (["style"], "")


def test_without_htmx_one_comes_back_to_the_answer(client_of, alice, rating, url):
    back = client_of(alice).post(url, {"reasons": ["wrong"]})
    assert back.status_code == 303
    assert back.url.endswith(f"/#rating-{rating.message_id}")
    assert slugs(rating) == ["wrong"]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"reasons": ["accurate"], "comment": "Kept"}, "not one of the available choices"),
        ({"reasons": ["made-up"], "comment": "Kept"}, "not one of the available choices"),
        ({"comment": "Kept" + "x" * 2000}, "at most 2000 characters"),
        ({"comment": "Kept\0"}, "Null characters"),
    ],
    ids=["other side", "unknown", "over-long", "binary"],
)
def test_what_is_no_reason_is_refused_and_keeps_the_text(
    client_of, alice, rating, url, data, words, headers
):
    refusal = client_of(alice).post(url, data, headers=headers)
    assert refusal.status_code == 422
    assert words in refusal.text
    assert "Kept" in refusal.text
    rating.refresh_from_db()
    assert (slugs(rating), rating.comment) == ([], "")


def test_a_retired_reason_is_offered_only_where_it_was_chosen(client_of, alice, rating, url):
    client = client_of(alice)
    client.post(url, {"reasons": ["wrong"]}, headers=HTMX)
    Reason.objects.filter(slug__in=["wrong", "style"]).update(is_retired=True)
    opened = client.get(
        reverse("rating", args=[rating.message_id]) + "?reasons=1", headers=HTMX
    ).text
    assert 'value="wrong"' in opened
    assert 'value="style"' not in opened


def test_they_go_when_the_thumb_turns(client_of, alice, rating, url):
    client = client_of(alice)
    client.post(url, {"reasons": ["wrong"], "comment": "Bad"}, headers=HTMX)
    client.post(reverse("rating", args=[rating.message_id]), {"value": "1"}, headers=HTMX)
    rating.refresh_from_db()
    assert (slugs(rating), rating.comment) == ([], "")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_withdrawn_thumb_has_no_reasons(client_of, alice, rating, url, headers):
    rating_flow.rate(rating.message, alice, None)
    refusal = client_of(alice).post(url, {"reasons": ["wrong"]}, headers=headers)
    assert refusal.status_code == 409
    assert "Click one first" in refusal.text


def test_a_correction_is_kept_and_shown_again(client_of, alice, rating, url):
    client_of(alice).post(url, {"correction": "It is blue."})
    rating.refresh_from_db()
    assert rating.correction == "It is blue."
    why = client_of(alice).get(
        reverse("rating", args=[rating.message_id]) + "?reasons", headers=HTMX
    )
    assert "It is blue.</textarea>" in why.text


def test_a_thumb_that_turned_meanwhile_takes_no_old_reasons(alice, rating):
    opened = Rating.objects.get()
    rating_flow.rate(rating.message, alice, 1)
    assert not rating_flow.explain(opened, Reason.objects.filter(slug="wrong"), "It is wrong.")
    rating.refresh_from_db()
    assert (rating.value, rating.comment, slugs(rating)) == (1, "", [])


def test_what_was_said_goes_when_the_thumb_turns(alice, rating):
    rating_flow.explain(rating, Reason.objects.filter(slug="wrong"), "It is wrong.", "It is right.")
    rating_flow.rate(rating.message, alice, 1)
    rating.refresh_from_db()
    assert (rating.comment, rating.correction, slugs(rating)) == ("", "", [])
