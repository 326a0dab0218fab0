"""The team's word at Helicone: what a review says there, when it is due, and the rules of its score."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from chatapp.models import Message
from feedback import rating_flow
from feedback.models import Category, Delivery, Rating, Review
from feedback.models.outbox.delivery import desired_state
from feedback.models.outbox.desired_state import DesiredState, ReadStep, SendStep
from feedback.models.outbox.state_machine import Call, State
from helicone import Rating as Thumb
from helicone import Reading

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
REQUEST = UUID("11111111-1111-4111-8111-111111111111")
WINDOW = timedelta(minutes=12)
GOOD, BAD, UNREVIEWED = (SendStep("review", value) for value in ("1", "0", "-1"))


# The rules of one row


def row(**fields: Any) -> Delivery:
    """A delivery whose thumb Helicone shows."""
    thumb = {"shown": 1, "up_sent_at": NOW - timedelta(days=1)}
    known = {"ingested_at": NOW, "call": Call.SEND, "due_at": NOW, "held_until": NOW}
    return Delivery(**known | thumb | fields)


def desired(review: int | None, **properties: str) -> DesiredState:
    return DesiredState(REQUEST, NOW, 1, properties, review=review)


def reading(review: float | None, thumb: int = 1) -> Reading:
    scores = {} if review is None else {"review": review}
    rating = Thumb.from_bool(thumb == 1)
    return Reading(REQUEST, rating, float(rating.as_bool), scores=scores)


@pytest.mark.parametrize(("score", "send"), [(1, GOOD), (0, BAD)])
def test_a_verdict_that_is_not_shown_is_sent(score: int, send: SendStep) -> None:
    assert row().step(desired(score), NOW) == send
    shown = row(shown_review=score, good_sent_at=NOW, bad_sent_at=NOW)
    setattr(shown, "good_sent_at" if score else "bad_sent_at", NOW + timedelta(seconds=9))
    assert shown.step(desired(score), NOW) == ReadStep()


def test_the_thumb_goes_first_then_properties_then_the_review() -> None:
    assert row(shown=None).step(desired(1), NOW).what == "rating"  # type: ignore[union-attr]
    with_category = desired(1, **{"review-category": "facts"})
    assert row().step(with_category, NOW) == SendStep("review-category", "facts")


def test_where_reviews_are_not_sent_nothing_of_them_is() -> None:
    assert row(shown_review=0, bad_sent_at=NOW).step(desired(None), NOW) == ReadStep()


def test_a_verdict_is_withdrawn_only_where_one_may_have_been_sent() -> None:
    assert row().step(desired(-1), NOW) == ReadStep()
    assert row(good_sent_at=NOW).step(desired(-1), NOW) == UNREVIEWED
    withdrawn = row(good_sent_at=NOW, unreviewed_sent_at=NOW + WINDOW, shown_review=-1)
    assert withdrawn.step(desired(-1), NOW) == ReadStep()


def test_one_that_is_shown_is_sent_again_where_another_was_sent_after_it() -> None:
    other = row(shown_review=1, good_sent_at=NOW, bad_sent_at=NOW + timedelta(seconds=9))
    assert other.step(desired(1), NOW) == GOOD


def test_what_is_sent_is_stored_first_and_no_longer_taken_as_shown() -> None:
    sending = row(shown_review=1, good_sent_at=NOW)
    job = sending.claim_step(desired(0), UUID(int=7), NOW)
    assert job and job.step == BAD
    assert sending.shown_review is None and sending.shown == 1
    assert sending.bad_sent_at and sending.bad_sent_at > NOW
    sending.on_unanswered(BAD, NOW)
    assert sending.bad_sent_at == NOW + timedelta(seconds=5)


def test_it_settles_when_no_other_score_can_come_back() -> None:
    seen = row(state=State.POSTED, sent="review", good_sent_at=NOW, bad_sent_at=NOW + WINDOW / 2)
    seen.on_read(desired(0), reading(0), NOW + WINDOW)
    seen.decide_next(desired(0), NOW + WINDOW - timedelta(seconds=1), NOW + WINDOW)
    assert (seen.state, seen.due_at) == (State.SEEN, NOW + WINDOW)
    seen.decide_next(desired(0), NOW + WINDOW, NOW + WINDOW)
    assert seen.state == State.SETTLED


def test_a_thumb_of_before_is_waited_for_as_without_a_review() -> None:
    seen = row(state=State.POSTED, down_sent_at=NOW, up_sent_at=NOW + timedelta(seconds=9))
    seen.on_read(desired(None), reading(1), NOW + WINDOW / 2)
    seen.decide_next(desired(None), NOW, NOW)
    assert (seen.state, seen.due_at) == (State.SEEN, NOW + WINDOW)


def test_one_that_came_back_or_was_sent_by_another_is_overwritten() -> None:
    other = row(state=State.POSTED, sent="review", good_sent_at=NOW)
    other.on_read(desired(1), reading(0), NOW + WINDOW)
    assert (other.shown_review, other.bad_sent_at) == (0, NOW + WINDOW)
    other.decide_next(desired(1), NOW + WINDOW, NOW + WINDOW)
    assert (other.state, other.call) == (State.DUE, Call.SEND)
    assert other.step(desired(1), NOW + WINDOW) == GOOD


def test_a_score_of_somebody_else_s_scale_is_none_of_ours() -> None:
    other = row()
    other.on_read(desired(1), reading(7), NOW)
    assert other.shown_review is None


# What a review says, and when it is due


@pytest.fixture
def settled(rate: Any, settings: Any) -> Any:
    """settled(value) is a settled rating on a site that sends reviews."""
    settings.HELICONE_SEND_REVIEWS = True

    def settled(value: int | None = -1, **fields: Any) -> Rating:
        rating: Rating = rate(value, **fields)
        settle()
        return rating

    return settled


def settle() -> None:
    Delivery.objects.update(state=State.SETTLED, call="", settled_at=timezone.now())


def wanted(rating: Rating) -> DesiredState:
    return desired_state(Rating.objects.get(pk=rating.pk))


def decide(rating: Rating, by: Any, **changes: Any) -> UUID:
    return Review.objects.filter(rating=rating).decide(by, **changes).id


@pytest.mark.parametrize(
    ("value", "verdict", "score"),
    [
        (1, "agree", 1),
        (1, "disagree", 0),
        (-1, "agree", 0),
        (-1, "disagree", 1),
        (-1, "unclear", -1),
        (-1, "", -1),
        (None, "agree", -1),
    ],
)
def test_the_score_is_of_the_answer_and_the_verdict_of_the_thumb(
    settled: Any, rita: Any, value: int | None, verdict: str, score: int
) -> None:
    rating = settled(value)
    Review.objects.update(verdict=verdict)
    assert wanted(rating).review == score


def test_without_the_setting_nothing_is_wanted_and_nothing_due(
    settled: Any, rita: Any, settings: Any
) -> None:
    settings.HELICONE_SEND_REVIEWS = False
    rating = settled()
    decide(rating, rita, verdict="agree", category=Category.objects.get(slug="facts"))
    assert wanted(rating) == DesiredState(rating.message.helicone_id, rating.message.created_at, -1)
    assert Delivery.objects.get().state == State.SETTLED


def test_category_and_signals_are_properties_once_somebody_judged(settled: Any, rita: Any) -> None:
    rating = settled()
    Review.objects.update(signals=3)
    nothing = {"review-category": "", "review-signals": ""}
    assert wanted(rating).properties == nothing
    decide(rating, rita, category=Category.objects.get(slug="facts"))
    assert wanted(rating).properties == {"review-category": "facts", "review-signals": "3"}
    decide(rating, rita, category=None)
    assert wanted(rating).properties == nothing


@pytest.mark.parametrize("field", ["verdict", "category"])
def test_a_change_makes_it_due_and_so_does_its_undo(settled: Any, rita: Any, field: str) -> None:
    rating, other = settled(), settled()
    value = "agree" if field == "verdict" else Category.objects.get(slug="facts")
    before = Delivery.objects.get(rating=rating).revision
    act = decide(rating, rita, **{field: value})
    delivery = Delivery.objects.get(rating=rating)
    assert (delivery.state, delivery.revision) == (State.DUE, before + 1)
    assert Delivery.objects.get(rating=other).state == State.SETTLED
    settle()
    Review.objects.all().undo(act, rita)
    assert Delivery.objects.get(rating=rating).state == State.DUE


def test_what_helicone_is_not_told_makes_nothing_due(settled: Any, rita: Any) -> None:
    decide(settled(), rita, note="Hm.", status="in-review")
    assert Delivery.objects.get().state == State.SETTLED


def test_a_thumb_that_turns_takes_the_verdict_back(settled: Any, rita: Any, alice: Any) -> None:
    rating = settled()
    decide(rating, rita, verdict="agree")
    assert wanted(rating).review == 0
    rating_flow.rate(rating.message, alice, 1)
    assert wanted(rating).review == -1


def test_signals_that_come_later_make_a_judged_one_due(settled: Any, rita: Any, ask: Any) -> None:
    judged, other = settled(), settled()
    decide(judged, rita, verdict="agree")
    settle()
    for rating in (judged, other):
        rating.message.conversation.answer(rating.message.parent)
    assert Delivery.objects.get(rating=judged).state == State.DUE
    assert Delivery.objects.get(rating=other).state == State.SETTLED
    assert wanted(judged).properties["review-signals"]


@pytest.mark.parametrize("state", [State.FAILED, State.NOWHERE])
def test_what_cannot_be_delivered_is_not_tried_again_for_a_review(
    settled: Any, rita: Any, state: State
) -> None:
    rating = settled()
    Delivery.objects.update(state=state)
    decide(rating, rita, verdict="agree")
    assert Delivery.objects.get().state == state


def test_a_review_of_an_answer_that_is_too_old_leaves_its_thumb_settled(
    settled: Any, rita: Any
) -> None:
    rating = settled()
    Message.objects.update(created_at=timezone.now() - timedelta(days=31))
    decide(rating, rita, verdict="agree")
    assert Delivery.objects.get().state == State.SETTLED
