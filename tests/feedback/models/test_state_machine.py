"""One rating against everything that can happen to it, in any order: it always gets there."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from feedback.models import Delivery
from feedback.models.outbox.delivery import lease
from feedback.models.outbox.desired_state import DesiredState, SendStep
from feedback.models.outbox.outcome import Job, Outcome, Unsent
from feedback.models.outbox.state_machine import LATE, Call, State
from helicone import RateLimited, ServerError, TimedOut
from tests.feedback.simulated_helicone import ImaginedHelicone

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
REQUEST = UUID("11111111-1111-4111-8111-111111111111")
TIMEOUT = 10.0
ENDS = st.sampled_from(["answered", "answered", "500", "429", "500 but stored", "hangs", "late"])
# Between a call and its record; a worker that stalls records when every second write is over.
WORKER = st.sampled_from(["well"] * 4 + ["crash", "stall"])
CLICK = st.sampled_from(["nothing"] * 3 + [1, -1, None, "good", "bad", "unreviewed"])
LAGS = st.sampled_from([0.0, 0.5, 1.5, 3])
# Until a rating is written again: at most the window; the last: never, as Helicone does in
# another mode.
SECONDS = st.sampled_from([590, 600, 719, 1e6])


class OneRating(RuleBasedStateMachine):
    """A worker's three steps (claim, call, record) are rules of their own, so that a crash can
    come between any two, and so that a claim can outlive its lease while another one runs."""

    def __init__(self) -> None:
        super().__init__()
        self.helicone = ImaginedHelicone(REQUEST, BEGIN)
        self.value: int | None = 1
        self.review: int | None = None
        self.row = Delivery(due_at=BEGIN, held_until=BEGIN)
        self.claimed: list[Job] = []
        self.called: list[Outcome] = []
        self.holders = 0

    @property
    def now(self) -> datetime:
        return self.helicone.now

    # What people, Helicone and time do

    @rule(value=st.sampled_from([1, -1, None]))
    def click(self, value: int | None) -> None:
        if value == self.value:
            return
        self.value = value
        self.become_due()

    @rule(review=st.sampled_from([1, 0, -1]))
    def decide(self, review: int) -> None:
        """A reviewer gives a verdict, another one, or takes it back. Where none ever did, reviews
        aren't sent."""
        if review != self.review:
            self.review = review
            self.become_due()

    def become_due(self) -> None:
        self.row.state, self.row.due_at = State.DUE, self.now
        self.row.call = Call.SEND if self.row.ingested_at else Call.READ
        self.row.revision += 1
        self.row.attempts, self.row.settled_at = 0, None

    @initialize(ingested=st.booleans())
    def begin(self, ingested: bool) -> None:
        self.helicone.ingested = ingested

    @rule()
    def ingest(self) -> None:
        self.helicone.ingested = True

    @rule(seconds=st.sampled_from([0.3, 1, 2, 4, 11, 40, 300, 601, 800]))
    def pass_time(self, seconds: float) -> None:
        self.helicone.advance(seconds)

    # What a worker does

    @precondition(lambda self: self.row.call)
    @rule()
    def claim(self) -> None:
        if self.row.call and self.row.due_at <= self.now and self.row.held_until <= self.now:
            self.holders += 1
            desired = DesiredState(REQUEST, BEGIN, self.value, review=self.review)
            job = self.row.claim_step(desired, UUID(int=self.holders), self.now)
            self.claimed += [job] if job else []

    @precondition(lambda self: self.claimed)
    @rule(end=ENDS, lag=LAGS, second=SECONDS)
    def call(self, end: str, lag: float, second: float) -> None:
        job = self.claimed.pop(0)
        spare = job.claimed_at + lease() - timedelta(seconds=TIMEOUT)
        if self.now > spare:
            self.called.append(Outcome(job, error=Unsent()))
        elif isinstance(job.step, SendStep):
            self.called.append(Outcome(job, error=self.send(job.step, end, lag, second)))
        elif end in ("answered", "late"):
            self.called.append(Outcome(job, self.helicone.reading()))
        else:
            self.called.append(Outcome(job, error=ServerError("It failed.", status=500)))

    def send(self, send: SendStep, end: str, lag: float, second: float) -> Exception | None:
        late = {"hangs": 3.0, "late": TIMEOUT + LATE.total_seconds() - 1}.get(end, 0)
        if end not in ("500", "429"):
            self.helicone.send(send, late=late, lag=lag, second=second)
        if end in ("hangs", "late"):
            self.helicone.advance(TIMEOUT)
            return TimedOut.about("No answer.", request_id=None, maybe_sent=True)
        if end == "429":
            return RateLimited("Too fast.", status=429, retry_after=1)
        return ServerError("It failed.", status=500) if end.startswith("500") else None

    @precondition(lambda self: self.called)
    @rule()
    def record(self) -> None:
        outcome = self.called.pop(0)
        if self.row.holder == outcome.job.holder:
            outcome.apply(self.row, self.now)

    @precondition(lambda self: self.claimed or self.called)
    @rule()
    def crash(self) -> None:
        """Whatever was claimed or called is forgotten; only the row is left."""
        self.claimed.clear()
        self.called.clear()

    @rule(steps=st.lists(st.tuples(ENDS, WORKER, CLICK, SECONDS), min_size=1, max_size=6), lag=LAGS)
    def work(self, steps: list[tuple[str, str, Any, float]], lag: float) -> None:
        """A worker takes some steps, each as soon as it may; between a call and its record it may
        stall or crash, and somebody may click."""
        for end, worker, value, second in steps:
            if self.row.call:
                self.helicone.advance(max(self.seconds_until_free(), 0) + 0.01)
                self.claim()
            while self.claimed:
                self.call(end, lag, second)
            if worker == "crash":
                self.crash()
            elif worker == "stall":
                self.helicone.advance(800)
            if value in ("good", "bad", "unreviewed"):
                self.decide({"good": 1, "bad": 0}.get(value, -1))
            elif value != "nothing":
                self.click(value)
            while self.called:
                self.record()

    # What must hold

    @invariant()
    def two_sends_are_never_within_two_seconds(self) -> None:
        times = sorted(self.helicone.arrived + [at for at, *_ in self.helicone.arrivals])
        gaps = [later - first for first, later in zip(times, times[1:], strict=False)]
        assert all(gap >= timedelta(seconds=2) for gap in gaps), gaps

    @invariant()
    def what_is_settled_stays_so(self) -> None:
        if self.row.state == State.SETTLED:
            assert self.helicone.in_the_end().shows(self.value)
            assert self.helicone.in_the_end().shows_review(self.wanted_review)

    def teardown(self) -> None:
        """The faults stop: from wherever it stands, it converges."""
        self.crash()
        self.ingest()
        for _ in range(200):
            if self.row.state == State.SETTLED:
                break
            self.work([("answered", "well", "nothing", 1e6)], 0.5)
        assert self.row.state == State.SETTLED, vars(self.row)
        assert self.helicone.in_the_end().shows(self.value)
        assert self.helicone.in_the_end().shows_review(self.wanted_review)

    @property
    def wanted_review(self) -> int | None:
        """The score; None also where the thumb went before anything was sent: then nothing is."""
        return self.review if self.value or self.row.last_value else None

    def seconds_until_free(self) -> float:
        return (max(self.row.due_at, self.row.held_until) - self.now).total_seconds()


def examples(number: int) -> hypothesis_settings:
    return hypothesis_settings(
        max_examples=number, stateful_step_count=40, deadline=None, derandomize=True
    )


def with_examples(name: str, number: int) -> Any:
    return type(name, (OneRating.TestCase,), {"settings": examples(number)})


TestOneRating = with_examples("TestOneRating", 50)
# Ten seconds of one processor; a busy machine takes long over them.
TestOneRatingAtLength = pytest.mark.slow(with_examples("TestOneRatingAtLength", 500))


def test_the_model_itself_shows_that_an_older_second_write_overturns_a_newer_rating() -> None:
    helicone = ImaginedHelicone(REQUEST, BEGIN, ingested=True)
    helicone.send(SendStep("rating", "1"))
    helicone.advance(6)
    helicone.send(SendStep("rating", "-1"))
    assert helicone.shows(-1)
    helicone.advance(595)
    assert helicone.shows(1)
    assert copy.deepcopy(helicone).in_the_end().shows(-1)


def test_the_model_itself_shows_that_an_older_score_comes_back_and_a_race_loses_one() -> None:
    helicone = ImaginedHelicone(REQUEST, BEGIN, ingested=True)
    helicone.send(SendStep("review", "1"))
    helicone.advance(6)
    helicone.send(SendStep("review", "-1"))
    assert helicone.shows_review(-1)
    helicone.advance(595)
    assert not helicone.shows_review(-1)
    assert copy.deepcopy(helicone).in_the_end().shows_review(-1)
    helicone.advance(100)
    helicone.send(SendStep("rating", "1"))
    helicone.send(SendStep("review", "0"))
    assert helicone.shows(1) and not helicone.shows_review(0)
