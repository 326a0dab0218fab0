"""One rating against everything that can happen to it, in any order: it always gets there."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from feedback.models.outbox.desired_state import SendStep
from feedback.models.outbox.state_machine import State
from tests.feedback.one_rating import (
    BEGIN,
    CLICK,
    ENDS,
    LAGS,
    REQUEST,
    REVIEWS,
    SECONDS,
    SLOW,
    SLOWEST,
    WORKER,
    Steps,
)
from tests.feedback.simulated_helicone import ImaginedHelicone
from tests.feedback.simulated_outbox import Tables


class OneRating(Steps):
    """Whole courses of events beside the single steps, and what must hold after each."""

    @rule(
        steps=st.lists(st.tuples(ENDS, WORKER, CLICK, SECONDS, SLOW), min_size=1, max_size=6),
        lag=LAGS,
    )
    def work(self, steps: list[tuple[str, str, Any, float, float]], lag: float) -> None:
        """A worker takes some steps, each as soon as it may; between a call and its record it may
        stall or crash, and somebody may click."""
        for end, worker, value, second, slow in steps:
            if self.row.call:
                self.helicone.advance(max(self.seconds_until_free(), 0) + 0.01)
                self.claim()
            while self.claimed:
                self.call(end, lag, second, slow)
            if worker == "crash":
                self.crash()
            elif worker == "stall":
                self.helicone.advance(800)
            if value in REVIEWS:
                self.decide(REVIEWS[value])
            elif value != "nothing":
                self.click(value)
            while self.called:
                self.record()

    @rule(
        value=st.sampled_from([1, -1, None]),
        end=ENDS,
        workers=st.tuples(st.sampled_from(["well", "well", "crash", "stall"]), WORKER),
        first=SECONDS,
        then=SECONDS,
        slow=st.sampled_from([0.0, SLOWEST]),
    )
    def change_of_mind(
        self,
        value: int | None,
        end: str,
        workers: tuple[str, str],
        first: float,
        then: float,
        slow: float,
    ) -> None:
        """A thumb is sent, then the other one or none, and that is read back; the workers of the
        first post and of the last query may stall or crash."""
        self.click(-(value or 1))
        self.work([("answered", "well", "nothing", first, 0)], 0.0)
        self.work([(end, workers[0], "nothing", first, slow)], 0.0)
        self.click(value)
        self.work([("answered", "well", "nothing", then, 0)], 0.0)
        self.work([("answered", workers[1], "nothing", then, 0)] * 2, 0.0)

    @rule(end=ENDS, lag=LAGS, second=SECONDS)
    def change_of_mind_and_back(self, end: str, lag: float, second: float) -> None:
        """The other thumb is sent, and the first one wanted again before the other is visible."""
        self.work([("answered", "well", "nothing", second, 0)] * 3, 0.0)
        if value := self.value:
            self.click(-value)
            self.work([(end, "well", value, second, 0)], lag)
            self.work([("answered", "well", "nothing", second, 0)] * 2, lag)

    # What must hold

    @invariant()
    def two_sends_are_never_within_two_seconds(self) -> None:
        times = [at for at, _ in self.helicone.arrived]
        times = sorted(times + [at for at, *_ in self.helicone.arrivals])
        gaps = [later - first for first, later in zip(times, times[1:], strict=False)]
        assert all(gap >= timedelta(seconds=2) for gap in gaps), gaps

    @invariant()
    def what_is_settled_stays_so(self) -> None:
        if self.row.state == State.SETTLED:
            assert self.is_right()

    @invariant()
    def what_is_seen_was_sent_last_or_written_again(self) -> None:
        if self.value and self.row.state in (State.SEEN, State.SETTLED):
            at, thumb = self.helicone.thumbs[-1]
            assert thumb == self.value or at + timedelta(seconds=590) < self.now

    @invariant()
    def nothing_waits_for_a_second_write_that_can_not_hurt(self) -> None:
        if self.row.state == State.SEEN:
            another_review = self.reviews_may_have_been_sent - {self.review}
            assert another_review or (self.value and -self.value in self.may_have_been_sent)

    def is_right(self) -> bool:
        """Whether Helicone shows the rating from now on. Only what this site sent is withdrawn."""
        unsent = len(self.helicone.thumbs) == self.foreign
        ends = self.helicone.in_the_end()
        thumb = (unsent and self.value is None) or ends.shows(self.value)
        return thumb and ends.shows_review(self.wanted_review)

    @property
    def wanted_review(self) -> int | None:
        """The score; None also where the thumb went before anything was sent: then nothing is."""
        return self.review if self.value or self.row.last_value else None

    def teardown(self) -> None:
        """The faults stop, and an operator repairs what was refused: it converges."""
        if not hasattr(self, "outbox"):
            return
        self.crash()
        self.ingest()
        if self.row.state == State.FAILED and self.deliverable:
            self.outbox.click(self.value, self.now)
        for _ in range(200):
            if not self.row.call:
                break
            self.work([("answered", "well", "nothing", 1e6, 0)], 0.5)
        assert not self.row.call
        if self.deliverable:
            assert self.row.state == State.SETTLED, vars(self.row)
            assert self.is_right()

    def seconds_until_free(self) -> float:
        row = self.row
        return (max(row.due_at, row.held_until) - self.now).total_seconds()


class OneRatingInTables(OneRating):
    """The same through the queries of the outbox."""

    outbox_type = Tables


def case(name: str, machine: type[OneRating], examples: int) -> Any:
    settings = hypothesis_settings(
        max_examples=examples, stateful_step_count=40, deadline=None, derandomize=True
    )
    return type(name, (machine.TestCase,), {"settings": settings})


TestOneRating = case("TestOneRating", OneRating, 50)
# Tens of seconds of one processor; a busy machine takes long over them.
TestOneRatingAtLength = pytest.mark.slow(case("TestOneRatingAtLength", OneRating, 500))
TestOneRatingInTables = pytest.mark.slow(
    pytest.mark.django_db(case("TestOneRatingInTables", OneRatingInTables, 30))
)


@pytest.mark.django_db
@pytest.mark.parametrize("machine", [OneRating, OneRatingInTables])
@pytest.mark.parametrize(
    ("end", "worker", "slow"),
    [("answered", "well", 0.0), ("late", "well", 0.0), ("late", "crash", SLOWEST)],
)
def test_the_latest_second_write_of_the_latest_arrival_is_waited_for(
    machine: type[OneRating], end: str, worker: str, slow: float
) -> None:
    """Courses that chance seldom draws: the older thumb arrives, and is written again, as late as
    it can."""
    one = machine()
    one.begin((REQUEST, timedelta(0)), ingested=True, foreign=None)
    one.change_of_mind(-1, end, (worker, "well"), first=719, then=1e6, slow=slow)
    one.what_is_settled_stays_so()
    one.work([("answered", "well", "nothing", 1e6, 0)], 0.0)
    one.what_is_settled_stays_so()
    one.teardown()


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
