"""The steps of one rating's state machine: what people, Helicone, time and a worker do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from feedback.models import Delivery
from feedback.models.outbox.delivery import lease
from feedback.models.outbox.desired_state import RATING, SendStep
from feedback.models.outbox.outcome import Job, Outcome, Unsent
from feedback.models.outbox.state_machine import State
from helicone import (
    BadKey,
    NotAllowed,
    RateLimited,
    Reading,
    Rejected,
    ServerError,
    TimedOut,
    UnexpectedAnswer,
)
from tests.feedback.simulated_helicone import SCORES, ImaginedHelicone
from tests.feedback.simulated_outbox import OneRow, Outbox, Tables

# Later than the clock of the database, by which a click makes a rating due.
BEGIN = datetime(2100, 1, 1, tzinfo=UTC)
REQUEST = UUID("11111111-1111-4111-8111-111111111111")
TIMEOUT = 10.0
LATE = 4.0  # a call may still arrive so many seconds after it was given up
VISIBLE = timedelta(seconds=10)
MAX_AGE = timedelta(days=30)
ERRORS = {
    "500": ServerError("It failed.", status=500),
    "500 but stored": ServerError("It failed.", status=500),
    "429": RateLimited("Too fast.", status=429, retry_after=30),
    "401": BadKey("Nobody knows this key.", status=401),
    "403": NotAllowed("This key may not.", status=403),
    "404": Rejected("There is no such page.", status=404),
    "refused": Rejected("It makes no sense.", status=400),
    "page": UnexpectedAnswer("Welcome to this network!", status=200),
    "hangs": TimedOut.about("No answer.", request_id=None, maybe_sent=True),
    "late": TimedOut.about("No answer.", request_id=None, maybe_sent=True),
}
NOT_STORED = ("500", "429", "401", "403", "404", "refused")
ENDS = st.sampled_from([*["answered"] * 8, *["late"] * 3, *ERRORS])
# Between a call and its record; a worker that stalls records when every second write is over.
WORKER = st.sampled_from(["well"] * 4 + ["crash", "stall"])
REVIEWS = {"good": 1, "bad": 0, "unreviewed": -1}
CLICK = st.sampled_from(["nothing"] * 3 + [1, -1, None, *REVIEWS])
LAGS = st.sampled_from([0.0, 0.5, 1.5, 3])
# Between a claim and its call: as long as the lease allows a call.
SLOWEST = 2 * TIMEOUT - 0.1
SLOW = st.sampled_from([0.0] * 3 + [SLOWEST])
# Until a rating is written again: at most the window; the last: never, as Helicone does in
# another mode.
SECONDS = st.sampled_from([600, 719, 1e6, 1e6])
# Nothing can be sent after 30 days (in five minutes, or at once), for a request without an id, or
# with one of version 7.
NEW = timedelta(0)
REQUESTS = st.sampled_from(
    [(REQUEST, NEW)] * 6
    + [(REQUEST, MAX_AGE - timedelta(minutes=5))] * 3
    + [(REQUEST, MAX_AGE + timedelta(hours=12))]
    + [(None, NEW), (UUID("018f1111-1111-7111-8111-111111111111"), NEW)]
)


FOREIGN = st.sampled_from([*[None] * 6, 1, -1])


def is_shown(send: SendStep, reading: Reading | None) -> bool:
    if reading is None:
        return False
    if send.is_rating:
        return reading.score == SCORES[send.value]
    if send.is_review:
        return reading.scores.get(send.what) == int(send.value)
    return reading.properties.get(send.what, "") == send.value


class Steps(RuleBasedStateMachine):
    """A worker's three steps (claim, call, record) are rules of their own, so that a crash can
    come between any two, and so that a claim can outlive its lease while another one runs."""

    outbox_type: ClassVar[type[OneRow | Tables]] = OneRow
    outbox: Outbox

    def __init__(self) -> None:
        super().__init__()
        self.helicone = ImaginedHelicone(REQUEST, BEGIN)
        self.value: int | None = 1
        self.request_id: UUID | None = REQUEST
        self.asked_at = BEGIN
        self.claimed: list[Job] = []
        self.called: list[Outcome] = []
        self.review: int | None = None
        self.may_have_been_sent: set[int] = set()
        self.reviews_may_have_been_sent: set[int] = set()
        self.foreign = self.in_vain = 0
        self.not_before = BEGIN
        self.answered: tuple[SendStep, datetime] | None = None

    @property
    def now(self) -> datetime:
        return self.helicone.now

    @property
    def row(self) -> Delivery:
        return self.outbox.row

    @property
    def deliverable(self) -> bool:
        return self.can_be_stored(self.now)

    def can_be_stored(self, at: datetime) -> bool:
        return self.request_id == REQUEST and at - self.asked_at <= MAX_AGE

    # What people, Helicone and time do

    @initialize(request=REQUESTS, ingested=st.booleans(), foreign=FOREIGN)
    def begin(
        self, request: tuple[UUID | None, timedelta], ingested: bool, foreign: int | None
    ) -> None:
        """`foreign` is what another client posted shortly before, to be written once more."""
        self.request_id, self.asked_at = request[0], BEGIN - request[1]
        self.outbox = self.outbox_type(self.request_id, self.asked_at, BEGIN)
        self.helicone.ingested = ingested
        if ingested and foreign:
            self.foreign = 1
            self.may_have_been_sent.add(foreign)
            self.helicone.send(SendStep(RATING, str(foreign)), second=719)
            self.helicone.advance(5)

    @rule(value=st.sampled_from([1, -1, None]))
    def click(self, value: int | None) -> None:
        if value == self.value:
            return
        self.value = value
        self.outbox.click(value, self.now)
        self.start_anew()

    @precondition(lambda self: isinstance(self.outbox, OneRow))
    @rule(review=st.sampled_from([1, 0, -1]))
    def decide(self, review: int) -> None:
        """A reviewer gives a verdict, another one, or takes it back. Where none ever did, reviews
        aren't sent, and never through the tables."""
        if isinstance(self.outbox, OneRow) and review != self.review:
            self.review = self.outbox.review = review
            self.outbox.become_due(self.now)
            self.start_anew()

    def start_anew(self) -> None:
        self.in_vain, self.answered, self.not_before = 0, None, self.now

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
        was_sent = self.row.state in (State.POSTED, State.SEEN)
        free_at = max(self.row.due_at, self.row.held_until)
        jobs = self.outbox.claim(self.now)
        assert not jobs or free_at <= self.now, "it is held, or not due yet"
        assert not (was_sent and self.row.state == State.FAILED)
        for job in jobs:
            assert self.now >= self.not_before
            if isinstance(job.step, SendStep) and job.step.is_rating:
                self.may_have_been_sent.add(int(job.step.value))
            elif isinstance(job.step, SendStep) and job.step.is_review:
                self.reviews_may_have_been_sent.add(int(job.step.value))
            self.claimed.append(job)

    @precondition(lambda self: self.claimed)
    @rule(end=ENDS, lag=LAGS, second=SECONDS, slow=SLOW)
    def call(self, end: str, lag: float, second: float, slow: float) -> None:
        job = self.claimed.pop(0)
        self.helicone.advance(slow)
        if self.now > job.claimed_at + lease() - timedelta(seconds=TIMEOUT):
            self.called.append(Outcome(job, error=Unsent()))
        elif isinstance(job.step, SendStep):
            self.called.append(Outcome(job, error=self.send(job, end, lag, second)))
        elif end in ("answered", "late", "500 but stored"):
            self.called.append(Outcome(job, self.helicone.reading()))
        else:
            self.called.append(Outcome(job, error=ERRORS[end]))

    def send(self, job: Job, end: str, lag: float, second: float) -> Exception | None:
        send = job.step
        assert isinstance(send, SendStep)
        assert self.can_be_stored(job.claimed_at) and self.helicone.ingested, "it can't be stored"
        assert not self.helicone.arrivals, "an earlier call may still arrive"
        if self.answered and self.answered[0] == send:
            assert self.now >= self.answered[1] + VISIBLE, "it may still appear"
        late = {"hangs": 3.0, "late": TIMEOUT + LATE, "page": LATE}.get(end, 0)
        if end not in NOT_STORED:
            self.helicone.send(send, late=late, lag=lag, second=second)
        if end in ("hangs", "late"):
            self.helicone.advance(TIMEOUT)
        return ERRORS.get(end)

    @precondition(lambda self: self.called)
    @rule()
    def record(self) -> None:
        outcome = self.called.pop(0)
        held = self.row.holder == outcome.job.holder
        before = {**vars(self.row)}
        self.outbox.record(outcome, self.now)
        if not held:
            assert vars(self.row) == before, "whoever lost its lease changed the row"
        else:
            assert self.row.holder is None, "a call that is over still holds its row"
        if held and self.row.revision == outcome.job.revision:
            self.expect(outcome)

    def expect(self, outcome: Outcome) -> None:
        """Set what must hold after a call for the current revision."""
        row, error, sent = self.row, outcome.error, isinstance(outcome.job.step, SendStep)
        assert (row.state == State.FAILED) == (sent and error == ERRORS["refused"])
        if isinstance(error, Unsent | BadKey | NotAllowed | Rejected):
            return
        if isinstance(error, RateLimited):
            self.not_before = self.now + timedelta(seconds=30)
        elif error or not (sent or outcome.reading):
            self.in_vain += 1
            rest = min(2.0 ** (self.in_vain - 1), 300) * 0.66
            self.not_before = self.now + timedelta(seconds=rest)
        else:
            self.in_vain = 0
            if isinstance(outcome.job.step, SendStep):
                self.answered = outcome.job.step, self.now
            elif self.answered and is_shown(self.answered[0], outcome.reading):
                self.answered = None

    @precondition(lambda self: self.claimed or self.called)
    @rule()
    def crash(self) -> None:
        """Whatever was claimed or called is forgotten; only the row is left."""
        self.claimed.clear()
        self.called.clear()
