"""The rules of one delivery, each by itself, with exact values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from feedback.models import Delivery
from feedback.models.outbox.desired_state import (
    RATING,
    WITHDRAWN,
    DesiredState,
    EndStep,
    ReadStep,
    SendStep,
)
from feedback.models.outbox.state_machine import LONGEST_WAIT, Call, State, backoff_delay, window
from helicone import Rating, Reading

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
REQUEST = UUID("11111111-1111-4111-8111-111111111111")
UP, DOWN = SendStep(RATING, "1"), SendStep(RATING, "-1")
MARK, UNMARK = SendStep(WITHDRAWN, "true"), SendStep(WITHDRAWN, "")
# How long the second write of an older thumb is waited for: ten minutes, and a fifth.
WINDOW = timedelta(minutes=12)
HOLDER = UUID(int=7)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def row(**fields: Any) -> Delivery:
    """A delivery whose request is known to Helicone, due to be sent."""
    known = {"ingested_at": after(-60), "call": Call.SEND, "due_at": after(-1)}
    return Delivery(**known | {"held_until": after(-1)} | fields)


def desired(value: int | None = 1, days: float = 0, /, **properties: str) -> DesiredState:
    return DesiredState(REQUEST, NOW - timedelta(days=days), value, properties)


def reading(value: int | None = None, **properties: str) -> Reading:
    score = {1: 1.0, -1: 0.0, None: None}[value]
    rating = None if value is None else Rating.from_bool(value == 1)
    return Reading(REQUEST, rating, score, properties=properties)


# Back-off


@pytest.mark.parametrize("attempts", range(1, 9))
def test_the_pause_doubles_from_one_second_on_less_up_to_a_third(attempts: int) -> None:
    pauses = [backoff_delay(attempts).total_seconds() for _ in range(200)]
    longest = 2 ** (attempts - 1)
    assert 0.67 * longest <= min(pauses) < 0.75 * longest
    assert 0.92 * longest < max(pauses) <= longest


@pytest.mark.parametrize("attempts", [10, 30, 5000])
def test_no_pause_is_longer_than_five_minutes(attempts: int) -> None:
    assert timedelta(minutes=5) == LONGEST_WAIT
    assert 0.67 * LONGEST_WAIT <= backoff_delay(attempts) <= LONGEST_WAIT


def test_second_writes_are_waited_for_a_fifth_longer_than_they_take(settings: Any) -> None:
    assert window() == WINDOW
    settings.HELICONE_SECOND_WRITE_SECONDS = 5
    assert window() == timedelta(seconds=6)


# The next step


def test_a_thumb_that_was_withdrawn_before_any_was_sent_is_settled_without_a_call() -> None:
    assert row().step(desired(None), NOW) == EndStep(State.SETTLED)
    assert row(up_sent_at=NOW).step(desired(None), NOW) == MARK
    assert row().step(desired(1), NOW) == UP


def test_without_an_id_there_is_nowhere_to_send_to_in_any_state() -> None:
    lost = DesiredState(None, NOW, 1)
    for state in (State.DUE, State.POSTED, State.SEEN):
        step = row(state=state).step(lost, NOW)
        assert step == EndStep(State.NOWHERE, lost.undeliverable_reason(NOW))


def test_what_can_not_be_sent_fails_before_it_is_sent_but_is_read_back_if_it_was() -> None:
    old = desired(1, 31)
    assert row().step(old, NOW) == EndStep(State.FAILED, old.undeliverable_reason(NOW))
    for state in (State.POSTED, State.SEEN):
        assert row(state=state).step(old, NOW) == ReadStep()


def test_nothing_is_sent_before_the_request_is_known_or_while_a_post_is_looked_for() -> None:
    assert row(ingested_at=None).step(desired(), NOW) == ReadStep()
    assert row(state=State.POSTED).step(desired(), NOW) == ReadStep()
    assert row(state=State.SEEN).step(desired(), NOW) == ReadStep()


def test_what_is_shown_as_wanted_already_is_only_read() -> None:
    assert row(shown=1, up_sent_at=NOW).step(desired(1), NOW) == ReadStep()


@pytest.mark.parametrize("shown", [None, -1])
def test_another_thumb_than_the_wanted_one_is_missing(shown: int | None) -> None:
    assert row(shown=shown, up_sent_at=NOW).missing(desired(1)) == UP


def test_a_thumb_that_is_shown_is_missing_where_another_was_sent_after_it() -> None:
    changed_back = row(shown=1, up_sent_at=NOW, down_sent_at=after(5))
    assert changed_back.missing(desired(1)) == UP
    assert row(shown=1, up_sent_at=after(5), down_sent_at=NOW).missing(desired(1)) is None


def test_the_thumb_goes_first_then_what_differs_of_the_properties() -> None:
    said = row(shown=1, up_sent_at=NOW, shown_properties={"rating-comment": "Good."})
    assert row().missing(desired(1, **{"rating-comment": "Good."})) == UP
    assert said.missing(desired(1, **{"rating-comment": "Good."})) is None
    changed = desired(1, **{"rating-comment": "Very good."})
    assert said.missing(changed) == SendStep("rating-comment", "Very good.")
    assert said.missing(desired(1, **{"rating-comment": ""})) == SendStep("rating-comment", "")


def test_a_withdrawn_thumb_is_marked_and_a_new_one_is_not() -> None:
    shown = {"shown": 1, "up_sent_at": NOW}
    assert row(**shown).missing(desired(None)) == MARK
    marked = {WITHDRAWN: "true"}
    assert row(**shown, shown_properties=marked).missing(desired(None)) is None
    assert row(**shown, shown_properties=marked).missing(desired(1)) == UNMARK


def test_only_the_other_thumb_can_come_back_and_only_within_the_window() -> None:
    both = row(up_sent_at=NOW, down_sent_at=after(3))
    assert both.at_risk_until(desired(1)) == after(3) + WINDOW
    assert both.at_risk_until(desired(-1)) == NOW + WINDOW
    assert both.at_risk_until(desired(None)) is None
    assert row(up_sent_at=NOW).at_risk_until(desired(1)) is None
    assert row(down_sent_at=NOW).at_risk_until(desired(-1)) is None


def test_the_last_thumb_is_the_one_that_may_have_arrived_last() -> None:
    assert row().last_value is None
    assert row(up_sent_at=NOW).last_value == 1
    assert row(down_sent_at=NOW).last_value == -1
    assert row(up_sent_at=NOW, down_sent_at=after(1)).last_value == -1
    assert row(up_sent_at=after(1), down_sent_at=NOW).last_value == 1


# Facts


@pytest.mark.parametrize("send", [UP, DOWN])
def test_a_thumb_may_have_arrived_before_it_is_sent(send: SendStep) -> None:
    sent = row()
    sent.record_sending(send, after(35))
    assert (sent.sent, sent.sent_at) == (RATING, after(35))
    times = (after(35), None) if send is UP else (None, after(35))
    assert (sent.up_sent_at, sent.down_sent_at) == times


def test_a_property_that_is_sent_is_no_thumb() -> None:
    sent = row()
    sent.record_sending(UNMARK, after(35))
    assert (sent.sent, sent.sent_at) == (WITHDRAWN, after(35))
    for value in ("", "1", "-1"):
        sent.record_sending(SendStep("rating-comment", value), after(35))
    assert (sent.up_sent_at, sent.down_sent_at) == (None, None)


def test_after_an_answer_two_seconds_are_quiet_and_what_was_sent_has_arrived() -> None:
    sent = row(up_sent_at=after(35), sent_at=after(35), holder=HOLDER)
    sent.on_answered(UP, NOW)
    assert (sent.holder, sent.held_until) == (None, after(2))
    assert (sent.up_sent_at, sent.sent_at) == (NOW, NOW)


def test_without_an_answer_it_may_arrive_for_five_seconds_and_two_more_are_quiet() -> None:
    sent = row(down_sent_at=after(35), sent_at=after(35), holder=HOLDER)
    sent.on_unanswered(DOWN, NOW)
    assert (sent.holder, sent.held_until) == (None, after(7))
    assert (sent.down_sent_at, sent.sent_at) == (after(5), after(5))


@pytest.mark.parametrize(("score", "shown"), [(1.0, 1), (0.0, -1), (-1.0, None), (0.5, None)])
def test_a_score_of_one_or_zero_is_a_thumb(score: float, shown: int | None) -> None:
    read = row(up_sent_at=NOW, down_sent_at=NOW)
    read.on_read(desired(), Reading(REQUEST, score=score), NOW)
    assert read.shown == shown


def test_a_reading_ends_the_lease_and_brings_what_is_ours_and_not_empty() -> None:
    read = row(ingested_at=None, shown=1, up_sent_at=NOW, holder=HOLDER, held_until=after(30))
    properties = {WITHDRAWN: "", "rating-comment": "Good.", "app": "rapport", "other": "x"}
    read.on_read(desired(1, **{"rating-comment": "Bad."}), reading(None, **properties), NOW)
    assert (read.shown, read.shown_properties) == (None, {"rating-comment": "Good."})
    assert (read.holder, read.held_until) == (None, NOW)
    assert read.ingested_at == NOW
    read.on_read(desired(), reading(1, **{WITHDRAWN: "true"}), after(9))
    assert (read.ingested_at, read.shown) == (NOW, 1)
    assert read.shown_properties == {WITHDRAWN: "true"}


@pytest.mark.parametrize(("value", "name"), [(1, "up_sent_at"), (-1, "down_sent_at")])
def test_a_thumb_that_we_never_sent_was_posted_by_someone_else_just_now(
    value: int, name: str
) -> None:
    read = row()
    read.on_read(desired(), reading(value), NOW)
    other = {"up_sent_at": "down_sent_at", "down_sent_at": "up_sent_at"}[name]
    assert (getattr(read, name), getattr(read, other)) == (NOW, None)


def test_a_request_that_is_not_rated_was_sent_no_thumb() -> None:
    read = row()
    read.on_read(desired(), reading(None), NOW)
    assert (read.shown, read.up_sent_at, read.down_sent_at) == (None, None, None)


def test_an_older_thumb_of_ours_explains_itself_within_the_window_and_not_after_it() -> None:
    sent, later = NOW - WINDOW, after(-20)
    for now, explained in ((NOW, sent), (after(1), after(1))):
        read = row(up_sent_at=sent, down_sent_at=later)
        read.on_read(desired(-1), reading(1), now)
        assert (read.up_sent_at, read.down_sent_at) == (explained, later)


def test_the_last_thumb_of_ours_explains_itself_however_old_it_is() -> None:
    sent = NOW - timedelta(days=1)
    read = row(up_sent_at=sent)
    read.on_read(desired(), reading(1), NOW)
    assert read.up_sent_at == sent


# Verdicts


def test_after_a_post_the_row_is_read_back_two_seconds_later() -> None:
    sent = row()
    sent.on_posted(NOW)
    assert (sent.state, sent.call, sent.due_at) == (State.POSTED, Call.READ, after(2))


def posted(**fields: Any) -> Delivery:
    """A thumb up was sent and answered at NOW."""
    sent = {"state": State.POSTED, "call": Call.READ, "sent": RATING, "sent_at": NOW}
    return row(**sent | {"up_sent_at": NOW} | fields)


def test_what_is_not_yet_shown_is_read_again_for_ten_seconds() -> None:
    read = posted(attempts=1)
    read.decide_next(desired(), after(9), after(9.9))
    assert (read.state, read.call, read.attempts) == (State.POSTED, Call.READ, 2)
    assert timedelta(seconds=1.34) <= read.due_at - after(9.9) <= timedelta(seconds=2)
    assert read.last_error == "Posted, but not yet shown by Helicone."


def test_what_is_not_shown_after_ten_seconds_is_sent_again() -> None:
    read = posted(attempts=3)
    read.decide_next(desired(), after(9), after(10))
    assert (read.state, read.call, read.due_at) == (State.DUE, Call.SEND, after(10))
    assert (read.attempts, read.last_error) == (3, "Helicone didn't keep what was posted.")


@pytest.mark.parametrize(
    "fields",
    [
        {"sent": WITHDRAWN},  # not what is missing
        {"state": State.SEEN},  # shown once, and overturned since
        {"state": State.DUE},  # read for the first time
    ],
)
def test_another_difference_is_sent_at_once_and_is_no_failure(fields: dict[str, Any]) -> None:
    read = posted(**fields, attempts=3, last_error="It failed.")
    read.decide_next(desired(), after(3), after(3))
    assert (read.state, read.call, read.due_at) == (State.DUE, Call.SEND, after(3))
    assert (read.attempts, read.last_error) == (0, "")


def test_a_rating_that_only_ever_had_one_value_is_settled_once_it_is_seen() -> None:
    read = posted(shown=1, attempts=2, last_error="Posted, but not yet shown by Helicone.")
    read.decide_next(desired(), after(2), after(3))
    assert (read.state, read.call, read.due_at) == (State.SETTLED, "", after(3))
    assert (read.seen_at, read.settled_at) == (after(3), after(3))
    assert (read.attempts, read.last_error) == (0, "")


def test_a_changed_rating_is_seen_and_read_again_when_the_older_one_can_no_more_come_back() -> None:
    read = posted(shown=1, down_sent_at=after(-5), attempts=2)
    read.decide_next(desired(), after(2), after(3))
    risk = after(-5) + WINDOW
    assert (read.state, read.call, read.due_at) == (State.SEEN, Call.READ, risk)
    assert (read.seen_at, read.settled_at, read.attempts) == (after(3), None, 0)


def test_only_a_query_sent_after_the_window_settles_whenever_its_answer_comes() -> None:
    risk = after(-5) + WINDOW
    moment = timedelta(microseconds=1)
    for asked_at, state in ((risk - moment, State.SEEN), (risk, State.SETTLED)):
        read = posted(state=State.SEEN, shown=1, down_sent_at=after(-5))
        read.decide_next(desired(), asked_at, risk + timedelta(seconds=9))
        assert read.state == state


def test_a_request_that_is_not_found_is_looked_for_again() -> None:
    read = row(call=Call.SEND)
    read.on_not_found(NOW)
    assert (read.state, read.call, read.attempts) == (State.DUE, Call.READ, 1)
    assert read.last_error == "Helicone doesn't know the request (yet)."
    assert timedelta(seconds=0.67) <= read.due_at - NOW <= timedelta(seconds=1)


def test_each_failure_in_a_row_counts_and_is_waited_for_longer() -> None:
    failed = row(attempts=3, state=State.POSTED)
    failed.try_again(NOW, "It failed.", Call.READ)
    assert (failed.attempts, failed.call, failed.last_error) == (4, Call.READ, "It failed.")
    assert timedelta(seconds=5.36) <= failed.due_at - NOW <= timedelta(seconds=8)
    failed.try_again(NOW, "Again.", Call.SEND)
    assert (failed.attempts, failed.call, failed.last_error) == (5, Call.SEND, "Again.")
    assert timedelta(seconds=10.72) <= failed.due_at - NOW <= timedelta(seconds=16)
    assert failed.state == State.POSTED


@pytest.mark.parametrize(
    ("state", "settled_at"),
    [(State.SETTLED, after(4)), (State.FAILED, None), (State.NOWHERE, None)],
)
def test_at_the_end_nothing_is_called_and_only_what_is_settled_says_when(
    state: State, settled_at: datetime | None
) -> None:
    ended = row(attempts=3, settled_at=NOW)
    ended.end(EndStep(state, "That is why."), after(4))
    assert (ended.state, ended.call, ended.due_at) == (state, "", after(4))
    assert (ended.settled_at, ended.attempts) == (settled_at, 0)
    assert ended.last_error == "That is why."
