"""A thumb that changes after it was decided on makes its review new again."""

import re

import pytest
from django.urls import reverse

from feedback import rating_flow
from feedback.models import Review, ReviewChange


@pytest.fixture
def decided(rita, rate):
    rating = rate(-1)
    rating.review.decide(rita, status="no-action", verdict="disagree", note="Kept.")
    return rating


def page(client, rating):
    return client.get(reverse("admin:feedback_rating_change", args=[rating.pk])).content.decode()


@pytest.mark.parametrize(
    ("value", "why"), [(1, "the person changed the thumb"), (None, "the person withdrew the thumb")]
)
def test_it_is_new_again_by_nobody_and_says_why(rita_client, decided, value, why):
    rating_flow.rate(decided.message, decided.user, value)
    review = Review.objects.get()
    assert (review.status, review.verdict, review.note) == ("new", "", "Kept.")
    entries = ReviewChange.objects.exclude(why="")
    assert {(d.by, d.field, d.was, d.became) for d in entries} == {
        (None, "status", "no-action", "new"),
        (None, "verdict", "disagree", ""),
    }
    shown = page(rita_client, decided)
    assert f"Status reset to new: {why} after the review" in shown
    assert "Status: no action → new" in re.sub("<[^>]+>", "", shown)


def test_once_decided_again_nothing_is_said_any_more(rita, rita_client, decided):
    rating_flow.rate(decided.message, decided.user, 1)
    Review.objects.get().decide(rita, status="fixed")
    assert "Back to new" not in page(rita_client, decided)


def test_the_same_thumb_again_or_its_reasons_reopen_nothing(decided):
    rating_flow.rate(decided.message, decided.user, -1)
    rating_flow.explain(decided, [], "Because.")
    assert Review.objects.get().status == "no-action"


def test_a_thumb_that_nobody_decided_on_is_not_in_the_log(rate):
    rating = rate(-1)
    rating_flow.rate(rating.message, rating.user, 1)
    assert not ReviewChange.objects.exists()


def test_the_last_to_decide_still_undoes_their_own_step_only(rita, decided):
    rating_flow.rate(decided.message, decided.user, 1)
    last = ReviewChange.objects.last_of(rita)
    assert last
    Review.objects.undo(last.act, rita)
    review = Review.objects.get()
    assert (review.status, review.note) == ("new", "")
