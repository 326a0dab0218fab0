"""Ratings and changes of mind, at the moments at which they hurt."""

from __future__ import annotations

import heapq
import itertools
import random
import time
from dataclasses import dataclass
from typing import Any

from bench.chaos.site import answers
from tests.sandbox_process import SandboxProcess

BATCH = 25
CHANGED = 0.4  # share of the ratings


@dataclass
class Clicks:
    """`ratings` thumbs given in `seconds`.
    ingestion: seconds at most until a request is ingested; half of the answers are already when
    they are rated. second_write: seconds until a rating is written again."""

    sandbox: SandboxProcess
    rng: random.Random
    ratings: int
    seconds: float
    ingestion: int
    second_write: int

    def give(self) -> None:
        """Rate, and change two fifths of the ratings."""
        from chatapp.models import Assistant, Conversation, User
        from feedback import rating_flow

        alice = User.objects.create(username="alice")
        talk = Conversation.objects.create(user=alice, assistant=Assistant.objects.get())
        changes: list[tuple[float, int, Any, int | None]] = []
        order, began, given = itertools.count(), time.monotonic(), 0
        while given < self.ratings or changes:
            self.sandbox.settings(ingest_delay_max=self.rng.choice([0, self.ingestion]))
            for answer in answers(self.sandbox, talk, min(BATCH, self.ratings - given)):
                value = self.rng.choice([1, -1])
                rating_flow.rate(answer, alice, value)
                given += 1
                for at, later in self.changes_of_mind(time.monotonic(), value):
                    heapq.heappush(changes, (at, next(order), answer, later))
            pause = began + self.seconds * given / self.ratings - time.monotonic()
            until = time.monotonic() + max(0.01, min(pause, 0.5))
            while changes and changes[0][0] < until:
                at, _order, answer, value_then = heapq.heappop(changes)
                time.sleep(max(0, at - time.monotonic()))
                rating_flow.rate(answer, alice, value_then)
            time.sleep(max(0, until - time.monotonic()))

    def changes_of_mind(self, at: float, value: int) -> list[tuple[float, int | None]]:
        """When a rating changes, and to what: none, one or two changes."""
        if self.rng.random() >= CHANGED:
            return []
        changes: list[tuple[float, int | None]] = []
        now: int | None = value
        for _ in range(self.rng.choice([1, 1, 2])):
            at += self.pause()
            now = self.rng.choice([-now, -now, None]) if now else self.rng.choice([1, -1])
            changes.append((at, now))
        return changes

    def pause(self) -> float:
        """Seconds until somebody changes a rating: within the second that row versions count, soon,
        just before or after the second write, or when the wait for it is over."""
        second = self.second_write
        spans = [(0.1, 0.9), (1, 5), (second - 3, second + 1), (1.2 * second, 1.2 * second + 3)]
        return self.rng.uniform(*self.rng.choice([*spans[:2], *spans]))
