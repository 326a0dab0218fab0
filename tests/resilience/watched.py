"""What a page shows of an answer, put together from server-sent events as htmx does it."""

import html
import re
import time
from collections.abc import Callable, Iterator
from typing import Self

from tests.fixtures.patience import DEADLINE

PARTIAL = re.compile(
    r'<hx-partial hx-target="#(?:m-[0-9a-f-]{36})?'
    r'(-done|-tail|-thought|-thinking-summary|waiting|thread|)" hx-swap="(\w+)">'
    r"(.*?)</hx-partial>",
    re.DOTALL,
)
TAG = re.compile(r"<[^>]+>")
END_TAG = re.compile(r"</[^>]+>\s*")


class Watched:
    def __init__(self, answer: str, lines: Iterator[str]) -> None:
        self.answer = answer
        self.events = events_of(lines)
        self.done = self.tail = self.message = self.thinking = self.summary = ""
        self.waiting = self.following = ""  # messages below it
        self.last_id = 0
        self.is_over = False

    def next(self) -> Self:
        """Apply the next event. Raises StopIteration when the connection ends before `done`."""
        name, number, data = next(self.events)
        if number is not None:
            self.last_id = number
        if name == "added":
            self._add(data)
        for target, swap, content in PARTIAL.findall(data):
            self._swap(target, swap, content)
        self.is_over = name == "done"
        return self

    def _swap(self, target: str, swap: str, content: str) -> None:
        if target == "-done":
            self.done = self.done + content if swap == "beforeend" else content
        elif target == "-tail":
            self.tail = content
        elif target == "waiting":
            self.waiting = content
        elif target == "thread":
            self.following += content
        elif target == "-thought":
            self.thinking = self.thinking + content if swap == "beforeend" else content
        elif target == "-thinking-summary":
            self.summary = content
        else:
            self.message = content

    def _add(self, data: str) -> None:
        """Put text into the last element of the tail, as deep as `data` says."""
        depth, _, text = data.partition(" ")
        ends = [end.start() for end in END_TAG.finditer(self.tail)]
        place = ends[-int(depth)]
        self.tail = self.tail[:place] + html.escape(text) + self.tail[place:]

    def until(self, wanted: Callable[[Self], bool], seconds: float = DEADLINE) -> Self:
        deadline = time.monotonic() + seconds
        while not wanted(self):
            assert not self.is_over, f"It ended first: {self.message}"
            assert time.monotonic() < deadline, f"Not within {seconds} s: {self.words}"
            self.next()
        return self

    def until_words(self, count: int) -> Self:
        return self.until(lambda watched: len(watched.words) >= count)

    def to_the_end(self) -> Self:
        while not self.is_over:
            self.next()
        return self

    @property
    def words(self) -> list[str]:
        """The words that the growing answer shows."""
        return words_of(self.done + self.tail)


def words_of(markup: str) -> list[str]:
    return html.unescape(TAG.sub(" ", markup)).split()


def events_of(lines: Iterator[str]) -> Iterator[tuple[str, int | None, str]]:
    """(name, id, data) of each event; comments are skipped."""
    name, number = "message", None
    data: list[str] = []
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield name, number, "\n".join(data)
            name, number, data = "message", None, []
        elif field == "event":
            name = value
        elif field == "id":
            number = int(value)
        elif field == "data":
            data.append(value)
