"""Simulated users who ask, reload, leave, return, stop, retry and rate."""

import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import httpx2

from tests.resilience.visitor import Asked, Refused, Visitor
from tests.resilience.watched import Watched

T = TypeVar("T")
PATIENCE = 40.0  # seconds until somebody gives up on a site that is down
# What the provider does with a question, and how often.
FAULTS = [
    (60, ""),
    (6, "cut={n}"),
    (4, "reset={n}"),
    (4, "stall={n}"),
    (4, "malformed={n}"),
    (4, "error_chunk={n}"),
    (4, "status=500 times=1"),
    (2, "status=503"),
    (2, "status=429 retry_after=1"),
    (2, "wait=60 times=1"),
    (2, "length={n}"),
    (2, "content_filter={n}"),
    (1, "empty"),
    (2, "refusal"),
    (2, "huge=60000"),
    (1, "status=401"),
]


@dataclass
class Notes:
    """What users were told, for the audit."""

    accepted: list[tuple[str, str]] = field(default_factory=list)  # (question, answer's id)
    shown: list[tuple[str, str]] = field(default_factory=list)  # (answer's id, its words)
    rated: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)


class Person:
    """A user with one conversation that goes on until `ends`."""

    def __init__(self, urls: Sequence[str], seed: str, notes: Notes) -> None:
        self.urls, self.seed, self.notes = urls, seed, notes
        self.rng = random.Random(seed)
        self.turns = 0

    def converse(self, ends: float) -> None:
        self.visitor = self.persist(lambda: Visitor(self.rng.choice(self.urls)))
        with self.visitor:
            conversation = "/"
            while not self.turns or time.monotonic() < ends:
                asked = self.ask(conversation)
                conversation = asked.conversation
                self.watch(asked)

    def ask(self, conversation: str) -> Asked:
        self.turns += 1
        text = f"Question {self.turns} of {self.seed}: why? [[{self.fault()}]]"
        once = str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
        while True:
            try:
                asked = self.persist(lambda: self.visitor.ask(text, conversation, once))
            except Refused as refused:
                self.note(f"refused {refused.status}")
                assert refused.status in (409, 503), refused
                time.sleep(0.5)
            else:
                self.notes.accepted.append((text, asked.answer))
                return asked

    def fault(self) -> str:
        weights, faults = zip(*FAULTS, strict=True)
        (chosen,) = self.rng.choices(faults, weights)
        tokens, speed = self.rng.randint(20, 200), self.rng.randint(30, 150)
        fault = chosen.format(n=self.rng.randint(1, tokens))
        return f"tokens={tokens} tps={speed} {fault}".strip()

    def watch(self, asked: Asked) -> None:
        do = self.rng.choice([self.stay, self.stay, self.reload, self.leave, self.stop, self.tabs])
        self.note(do.__name__)
        message = do(asked)
        if "Try again" in message and self.rng.random() < 0.5:
            self.try_again(asked)
        elif "Good answer" in message and self.rng.random() < 0.5:
            self.rate(asked.answer)

    def stay(self, asked: Asked) -> str:
        """Follow an answer to its end, reconnecting; returns the final message."""
        place, done, tail = 0, "", ""
        while True:
            with self.anywhere().reading(asked.answer, after=place) as watched:
                watched.done, watched.tail = done, tail
                try:
                    watched.to_the_end()
                except (StopIteration, httpx2.TransportError):
                    self.note("connection lost")
            self.see(watched)
            if watched.is_over:
                return watched.message
            place, done, tail = watched.last_id, watched.done, watched.tail

    def reload(self, asked: Asked) -> str:
        for _ in range(self.rng.randint(1, 3)):
            self.glance(asked)
            self.persist(lambda: self.visitor.page(asked.conversation))
        return self.stay(asked)

    def leave(self, asked: Asked) -> str:
        self.glance(asked)
        return ""

    def stop(self, asked: Asked) -> str:
        self.glance(asked)
        self.persist(lambda: self.visitor.stop(asked.answer))
        return self.stay(asked)

    def tabs(self, asked: Asked) -> str:
        """Follow the answer briefly in two more tabs, at different times."""
        self.glance(asked)
        self.glance(asked)
        return self.stay(asked)

    def glance(self, asked: Asked) -> None:
        events = self.rng.randint(1, 30)
        with self.anywhere().reading(asked.answer) as watched:
            try:
                for _ in range(events):
                    if watched.is_over:
                        break
                    watched.next()
            except (StopIteration, httpx2.TransportError):
                self.note("connection lost")
        self.see(watched)

    def see(self, watched: Watched) -> None:
        self.notes.shown.append((watched.answer, " ".join(watched.words)))

    def try_again(self, asked: Asked) -> None:
        try:
            answer = self.persist(lambda: self.visitor.retry(asked.answer))
        except Refused as refused:
            # Asked twice: the first time it was heard, and the connection then lost.
            assert refused.status in (409, 503), refused
            return
        self.note("tried again")
        self.notes.accepted.append(("", answer))
        self.stay(Asked(asked.conversation, answer))

    def rate(self, answer: str) -> None:
        if self.persist(lambda: self.visitor.rate(answer)) == 200:
            self.notes.rated.append(answer)

    def anywhere(self) -> "AnyServer":
        return AnyServer(self)

    def persist(self, action: Callable[[], T]) -> T:
        """Retry an action on any server until one responds."""
        deadline = time.monotonic() + PATIENCE
        while True:
            if hasattr(self, "visitor"):
                self.visitor.http.base_url = self.rng.choice(self.urls)
            try:
                return action()
            except (httpx2.TransportError, httpx2.HTTPStatusError) as error:
                self.note(type(error).__name__)
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.2)

    def note(self, what: str) -> None:
        self.notes.happened[what] += 1


class AnyServer:
    """Context manager like `reading` that connects to any running server."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def reading(self, answer: str, after: int = 0) -> "AnyServer":
        self.wanted = answer, after
        return self

    def __enter__(self) -> Watched:
        def open_it() -> Watched:
            self.context = self.person.visitor.reading(*self.wanted)
            return self.context.__enter__()

        return self.person.persist(open_it)

    def __exit__(self, *raised: object) -> None:
        self.context.__exit__(*raised)  # type: ignore[arg-type]
