"""What each end of a call does to its delivery, with exact values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from feedback.models import Delivery
from feedback.models.outbox.delivery import lease
from feedback.models.outbox.desired_state import RATING, DesiredState, ReadStep, SendStep
from feedback.models.outbox.outcome import Job, Outcome, Unsent, error_text
from feedback.models.outbox.state_machine import Call, State
from helicone import (
    BadKey,
    ConnectionFailed,
    HeliconeError,
    InvalidId,
    NotAllowed,
    RateLimited,
    Rating,
    Reading,
    Rejected,
    ServerError,
    TimedOut,
    UnexpectedAnswer,
    UnknownRequest,
)

CLAIMED = datetime(2026, 1, 1, 12, tzinfo=UTC)
NOW = CLAIMED + timedelta(seconds=8)
DUE = CLAIMED - timedelta(seconds=3)
REQUEST = UUID("11111111-1111-4111-8111-111111111111")
HOLDER = UUID(int=7)
UP = SendStep(RATING, "1")
WINDOW = timedelta(minutes=12)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def claimed(call: Call, **fields: Any) -> tuple[Delivery, Job]:
    """A delivery as it is while its call is under way, and the job that stands for the call."""
    known = {"ingested_at": DUE, "due_at": DUE, "attempts": 2, "call": call}
    row = Delivery(**known | fields)
    job = row.claim_step(DesiredState(REQUEST, DUE, 1), HOLDER, CLAIMED)
    assert job is not None
    assert row.holder == HOLDER
    return row, job


def sent(error: Exception | None = None, **fields: Any) -> Delivery:
    row, job = claimed(Call.SEND, **fields)
    assert job.step == UP
    Outcome(job, error=error).apply(row, NOW)
    return row


def read(reading: Reading | None = None, error: Exception | None = None) -> Delivery:
    row, job = claimed(Call.READ, state=State.POSTED, sent=RATING, sent_at=DUE, up_sent_at=DUE)
    assert job.step == ReadStep()
    Outcome(job, reading, error).apply(row, NOW)
    return row


def timed_out() -> Exception:
    return TimedOut.about("No answer.", request_id=None, maybe_sent=True)


def not_connected() -> Exception:
    return ConnectionFailed.about("No connection.", request_id=None, maybe_sent=False)


# What is known of the call, and what isn't


@pytest.mark.parametrize(
    "error",
    [
        None,
        ServerError("It failed.", status=500),
        UnknownRequest("Unknown.", status=500),
        RateLimited("Too fast.", status=429),
        BadKey("No key.", status=401),
        Rejected("Refused.", status=400),
    ],
)
def test_a_call_that_was_answered_has_arrived_by_now(error: Exception | None) -> None:
    row = sent(error)
    assert (row.holder, row.held_until) == (None, after(2))
    assert (row.up_sent_at, row.sent_at, row.shown) == (NOW, NOW, None)


@pytest.mark.parametrize(
    "error",
    [
        timed_out(),
        not_connected(),
        UnexpectedAnswer("A page of some proxy's.", status=200),
        ValueError("Something."),
    ],
)
def test_a_call_without_an_answer_of_helicones_may_arrive_a_little_later(error: Exception) -> None:
    row = sent(error)
    assert (row.holder, row.held_until) == (None, after(7))
    assert (row.up_sent_at, row.sent_at) == (after(5), after(5))


def test_a_call_that_was_never_made_gives_its_row_back_as_it_was_due() -> None:
    row = sent(Unsent())
    assert (row.holder, row.held_until) == (None, NOW)
    assert (row.state, row.call, row.due_at) == (State.DUE, Call.SEND, DUE)
    assert (row.attempts, row.last_error) == (2, "")
    # It was stored as possibly sent, until the latest moment it could have arrived.
    assert row.up_sent_at == CLAIMED + lease() + timedelta(seconds=5)


@pytest.mark.parametrize(
    "error", [None, ServerError("It failed.", status=500), timed_out(), Unsent()]
)
def test_a_query_leaves_nothing_behind_at_helicone(error: Exception | None) -> None:
    row = read(error=error)
    assert (row.holder, row.held_until) == (None, NOW)
    assert (row.up_sent_at, row.sent_at, row.down_sent_at) == (DUE, DUE, None)


# What comes next


def test_after_a_post_that_was_answered_it_is_read_back() -> None:
    row = sent()
    assert (row.state, row.call, row.due_at) == (State.POSTED, Call.READ, after(2))


def test_a_reading_is_compared_as_of_when_the_query_was_claimed() -> None:
    for down_sent_at, state in [
        (CLAIMED - WINDOW, State.SETTLED),
        (CLAIMED - WINDOW + timedelta(microseconds=1), State.SEEN),
    ]:
        row, job = claimed(Call.READ, state=State.SEEN, up_sent_at=DUE, down_sent_at=down_sent_at)
        Outcome(job, Reading(REQUEST, Rating.POSITIVE, 1.0)).apply(row, NOW)
        assert (row.state, row.shown) == (state, 1)


def test_a_request_that_a_query_did_not_find_is_looked_for_again() -> None:
    row = read()
    assert (row.state, row.call, row.attempts) == (State.POSTED, Call.READ, 3)
    assert row.last_error == "Helicone doesn't know the request (yet)."


@pytest.mark.parametrize("call", Call)
@pytest.mark.parametrize(
    "error",
    [ServerError("It failed.", status=500), timed_out()],
)
def test_a_failure_of_helicones_is_tried_again_by_back_off(call: Call, error: Exception) -> None:
    row = sent(error) if call == Call.SEND else read(error=error)
    assert (row.call, row.attempts, row.last_error) == (call, 3, str(error))
    assert row.state == (State.DUE if call == Call.SEND else State.POSTED)
    assert 0.67 * 4 <= (row.due_at - NOW).total_seconds() <= 4


@pytest.mark.parametrize(
    "error",
    [InvalidId("No such id.", status=500)]
    + [Rejected("Refused.", status=status) for status in (400, 413, 422)],
)
def test_what_helicone_refuses_for_good_fails_where_it_was_sent(error: HeliconeError) -> None:
    row = sent(error)
    assert (row.state, row.call, row.due_at) == (State.FAILED, "", NOW)
    assert row.last_error == str(error)
    row = read(error=error)
    assert (row.state, row.call, row.attempts) == (State.POSTED, Call.READ, 3)


CHANNEL = [
    BadKey("No key.", status=401),
    NotAllowed("No right.", status=403),
    Rejected("Elsewhere.", status=302),
    Rejected("Not here.", status=404),
    Rejected("Not like this.", status=405),
]


@pytest.mark.parametrize("call", Call)
@pytest.mark.parametrize("error", CHANNEL)
def test_what_every_call_would_be_told_is_not_the_rows_failure(
    call: Call, error: Exception
) -> None:
    row = sent(error) if call == Call.SEND else read(error=error)
    assert row.state == (State.DUE if call == Call.SEND else State.POSTED)
    assert (row.call, row.due_at) == (call, after(2))
    assert (row.attempts, row.last_error) == (2, str(error))


@pytest.mark.parametrize("call", Call)
@pytest.mark.parametrize(
    ("retry_after", "seconds"), [(None, 2), (0, 2), (1.5, 2), (60, 60), (3600, 3600), (1e9, 3600)]
)
def test_who_is_asked_for_fewer_calls_waits_as_long_as_told_and_two_seconds_at_least(
    call: Call, retry_after: float | None, seconds: float
) -> None:
    error = RateLimited("Too fast.", status=429, retry_after=retry_after)
    row = sent(error) if call == Call.SEND else read(error=error)
    assert (row.call, row.due_at) == (call, after(seconds))
    assert (row.attempts, row.last_error) == (2, "Too fast.")


# What the circuit is told


@pytest.mark.parametrize("error", CHANNEL)
def test_a_wrong_key_or_address_is_the_channels(error: Exception) -> None:
    _row, job = claimed(Call.SEND)
    assert Outcome(job, error=error).blames_circuit


@pytest.mark.parametrize(
    "error",
    [None, InvalidId("No such id.", status=500), ServerError("It failed.", status=500)]
    + [Rejected("Refused.", status=status) for status in (400, 413, 422)],
)
def test_what_is_wrong_with_one_call_is_not_the_channels(error: Exception | None) -> None:
    _row, job = claimed(Call.SEND)
    assert not Outcome(job, error=error).blames_circuit


@pytest.mark.parametrize(
    ("retry_after", "seconds"), [(None, 1), (0, 0), (60, 60), (3600, 3600), (3601, 3600)]
)
def test_helicone_is_left_alone_as_long_as_it_says_an_hour_at_most(
    retry_after: float | None, seconds: float
) -> None:
    _row, job = claimed(Call.SEND)
    error = RateLimited("Too fast.", status=429, retry_after=retry_after)
    assert Outcome(job, error=error).slow_down == timedelta(seconds=seconds)
    assert Outcome(job, error=ServerError("It failed.", status=503)).slow_down is None


def test_an_outcome_says_which_call_it_is_of() -> None:
    assert Outcome(claimed(Call.SEND)[1]).call == Call.SEND
    assert Outcome(claimed(Call.READ, ingested_at=None)[1]).call == Call.READ


# What was overtaken


@pytest.mark.parametrize(
    "error", [None, ServerError("It failed.", status=500), BadKey("No key.", status=401)]
)
def test_of_a_rating_that_changed_meanwhile_only_facts_are_kept(error: Exception | None) -> None:
    row, job = claimed(Call.SEND, attempts=0)
    row.revision += 1
    row.due_at = CLAIMED
    Outcome(job, error=error).apply(row, NOW)
    assert (row.state, row.call, row.due_at) == (State.DUE, Call.SEND, CLAIMED)
    assert (row.attempts, row.last_error) == (0, "")
    assert (row.holder, row.held_until, row.up_sent_at) == (None, after(2), NOW)


def test_what_a_query_showed_is_kept_for_a_rating_that_changed_meanwhile() -> None:
    row, job = claimed(Call.READ, ingested_at=None)
    row.revision += 1
    Outcome(job, Reading(REQUEST, Rating.POSITIVE, 1.0)).apply(row, NOW)
    assert (row.state, row.shown, row.ingested_at) == (State.DUE, 1, NOW)
    assert row.attempts == 2


# In words


def test_an_error_that_is_not_helicones_is_shown_by_its_kind_alone() -> None:
    assert error_text(ServerError("Helicone failed (HTTP 500).")) == "Helicone failed (HTTP 500)."
    words = "Something unexpected went wrong (ValueError); the log has more."
    assert error_text(ValueError("sk-helicone-secret")) == words
    row = sent(ValueError("sk-helicone-secret"))
    assert (row.last_error, row.attempts) == (words, 3)
