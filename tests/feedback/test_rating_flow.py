"""What a thumb sets in motion, all of it or nothing."""

import pytest
from django.db import connection

from feedback import rating_flow
from feedback.models import Delivery, Rating, Reason, Review, ReviewChange

pytestmark = pytest.mark.django_db


class OutboxIsFull(Exception):
    pass


@pytest.fixture
def full_outbox():
    """Nothing is added to the outbox any more."""

    def refuse(execute, statement, *rest):
        if statement.startswith('INSERT INTO "feedback_delivery"'):
            raise OutboxIsFull
        return execute(statement, *rest)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def answer(alice, talk):
    return talk(alice).path()[-1]


def test_a_first_thumb_begins_a_review_and_is_due(answer, alice):
    rating = rating_flow.rate(answer, alice, -1)
    assert rating.review.status == Review.Status.NEW
    assert rating.delivery.state == Delivery.State.DUE


def test_a_thumb_that_cannot_be_delivered_is_not_saved(full_outbox, answer, alice):
    with pytest.raises(OutboxIsFull):
        rating_flow.rate(answer, alice, -1)
    assert not Rating.objects.exists()
    assert not Review.objects.exists()


def test_the_same_thumb_again_sets_nothing_in_motion(answer, alice):
    rating = rating_flow.rate(answer, alice, -1)
    revision = rating.delivery.revision
    again = rating_flow.rate(answer, alice, -1)
    assert (again.pk, again.revision) == (rating.pk, rating.revision)
    assert Delivery.objects.get().revision == revision


@pytest.mark.parametrize(
    ("turned_to", "why"), [(1, ReviewChange.Why.TURNED), (None, ReviewChange.Why.WITHDRAWN)]
)
def test_a_thumb_that_turns_reopens_its_review_and_is_due_anew(answer, alice, rita, turned_to, why):
    rating = rating_flow.rate(answer, alice, -1)
    rating.review.decide(rita, status=Review.Status.NO_ACTION)
    Delivery.objects.update(state=Delivery.State.SETTLED)
    rating_flow.rate(answer, alice, turned_to)
    assert Review.objects.get().status == Review.Status.NEW
    assert ReviewChange.objects.get(by=None).why == why
    assert Delivery.objects.get().state == Delivery.State.DUE


def test_a_withdrawn_thumb_takes_its_explanation_along(answer, alice):
    rating = rating_flow.rate(answer, alice, -1)
    rating_flow.explain(rating, Reason.objects.filter(slug="wrong"), "Not so.", "Rather so.")
    withdrawn = rating_flow.withdraw(answer, alice)
    assert (withdrawn.value, withdrawn.comment, withdrawn.correction) == (None, "", "")
    assert not withdrawn.reasons.exists()


@pytest.mark.parametrize(("sent", "more"), [(True, 1), (False, 0)])
def test_an_explanation_is_due_where_it_is_sent(answer, alice, settings, sent, more):
    settings.HELICONE_SEND_REASONS = sent
    rating = rating_flow.rate(answer, alice, -1)
    revision = rating.delivery.revision
    assert rating_flow.explain(rating, [], "Because.")
    assert Delivery.objects.get().revision == revision + more
