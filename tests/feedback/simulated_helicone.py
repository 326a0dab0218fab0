"""Helicone as far as one request goes, in memory and with a clock that a test turns: each trap."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from feedback.models.outbox.desired_state import RATING, REVIEW, SendStep
from helicone import Rating, Reading

SCORES = {"1": 1, "-1": 0}


@dataclass
class Write:
    at: datetime
    score: int
    name: str = RATING


@dataclass
class ImaginedHelicone:
    """`arrivals` are sends under way: what was sent, and when it will get there."""

    request_id: UUID
    now: datetime
    ingested: bool = False
    score: int | None = None
    version: int = -1
    version_name: str = ""
    review: int | None = None
    properties: dict[str, str] = field(default_factory=dict)
    arrivals: list[tuple[datetime, SendStep, float, float]] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    arrived: list[datetime] = field(default_factory=list)

    def send(self, send: SendStep, *, late: float = 0, lag: float = 0, second: float = 600) -> None:
        """Something is sent, gets there `late` seconds later, is written `lag` seconds after
        that, and, if it is a rating or a review, `second` seconds later once more."""
        self.arrivals.append((self.now + timedelta(seconds=late), send, lag, second))
        self.settle()

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.settle()

    def settle(self) -> None:
        due = sorted((a for a in self.arrivals if a[0] <= self.now), key=lambda a: a[0])
        self.arrivals = [a for a in self.arrivals if a[0] > self.now]
        for at, send, lag, second in due:
            self.arrive(at, send, lag, second)
        for write in sorted(self.writes, key=lambda w: w.at):
            if write.at <= self.now:
                self.writes.remove(write)
                self.write(write)

    def arrive(self, at: datetime, send: SendStep, lag: float, second: float) -> None:
        self.arrived.append(at)
        if not (send.is_rating or send.is_review):
            if self.ingested:
                self.properties[send.what] = send.value
        elif self.ingested:
            score = SCORES[send.value] if send.is_rating else int(send.value)
            for wait in (lag, second):
                self.writes.append(Write(at + timedelta(seconds=wait), score, send.what))

    def write(self, write: Write) -> None:
        """Row versions count whole seconds: of two within one second, the thumbs-up wins, and of a
        thumb and a review the first."""
        version = int(write.at.timestamp())
        if version == self.version:
            known = self.review if write.name == REVIEW else self.score
            if write.name != self.version_name or write.score < (known or 0):
                return
        if write.name == REVIEW:
            self.review = write.score
        else:
            self.score = write.score
        self.version, self.version_name = version, write.name

    def reading(self) -> Reading | None:
        if not self.ingested:
            return None
        rating = None if self.score is None else Rating.from_bool(self.score == 1)
        score = None if self.score is None else float(self.score)
        scores = {} if self.review is None else {REVIEW: float(self.review)}
        return Reading(
            self.request_id, rating, score, properties=dict(self.properties), scores=scores
        )

    def in_the_end(self) -> ImaginedHelicone:
        """The same, when nothing is under way any more."""
        later = copy.deepcopy(self)
        later.advance(10_000)
        later.settle()
        return later

    def shows_review(self, score: int | None) -> bool:
        """Whether it shows this score, or for a verdict that was withdrawn none."""
        return score is None or self.review == score or (score == -1 and self.review is None)

    def shows(self, value: int | None) -> bool:
        withdrawn = self.properties.get("rating-withdrawn", "") == "true"
        if value is None:
            return withdrawn or self.score is None
        return not withdrawn and self.score == SCORES[str(value)]
