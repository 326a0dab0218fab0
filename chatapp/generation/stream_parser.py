"""StreamParser: the body of a streamed completion, in chunks of bytes, as events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from chatapp.generation.chunk import read_chunk
from chatapp.generation.errors import CompletionError, excerpt
from chatapp.generation.events import CompletionEvent, Delta, Finished, Ignored, Thinking
from chatapp.generation.lines import LineSplitter
from chatapp.generation.think_tags import ThinkTags
from chatapp.text.validators import storable_text

UNREADABLE = object()
LONGEST_NUMBER = 30  # digits
NOT_DATA = (b":", b"id:", b"retry:")


@dataclass(frozen=True)
class Limits:
    """The longest line or event in bytes, and the longest answer in characters, with thinking."""

    line: int = 4_000_000
    answer: int = 1_000_000


DEFAULT_LIMITS = Limits()


class StreamParser:
    """Reads what the openai client reads, and what that client is known to stumble over.

    `is_done`: the stream said so, and nothing after it counts. `is_finished`: the answer has its
    finish reason. `failure`: the stream can't be read any further; the events before it count.
    """

    def __init__(self, limits: Limits) -> None:
        self.lines = LineSplitter(limits.line)
        self.max_size = limits.line
        self.characters_left = limits.answer
        self.event_name = b""
        self.held: list[bytes] = []  # lines of an event's data, or of a body that is no stream
        self.held_size = 0
        self.is_stream = self.is_done = self.is_finished = self.has_text = False
        self.failure: CompletionError | None = None
        self.suspected: CompletionError | None = None  # true if no finish reason comes after it
        self.ignored: set[str] = set()
        self.halves = {False: "", True: ""}  # of a surrogate pair, by Delta.is_refusal
        self.tags = ThinkTags()

    def feed(self, chunk: bytes) -> list[CompletionEvent]:
        """Return the events that `chunk` completes."""
        events: list[CompletionEvent] = []
        try:
            self.read_lines(self.lines.feed(chunk), events)
            if self.lines.is_too_long and not self.is_done:
                raise CompletionError("malformed", f"A line of more than {self.max_size} bytes.")
        except CompletionError as error:
            self.failure = error
        checked = self.checked(events)
        if self.is_done and not self.is_finished:
            self.failure = self.failure or self.suspected
        return checked + self.held_back() if self.is_done else checked

    def end(self) -> list[CompletionEvent]:
        """Return the events of a last line without an end, and of a body that was no stream."""
        events: list[CompletionEvent] = []
        try:
            self.read_lines(self.lines.finish(), events)
            if not self.is_stream:
                self.read_body(events)
            elif self.held:
                self.end_event(events)
        except CompletionError as error:
            self.failure = error
        checked = self.checked(events)
        is_cut = self.is_stream and self.failure and self.failure.code == "malformed"
        if self.suspected and not self.is_finished:
            self.failure = self.suspected
        elif is_cut or not (self.failure or self.is_done or self.is_finished):
            detail = "The stream ended without saying that it was finished."
            self.failure = CompletionError("cut", detail)
        return checked + self.held_back()

    def read_lines(self, lines: Iterable[bytes], events: list[CompletionEvent]) -> None:
        for line in lines:
            if line.startswith(b"data:"):
                self.read_data(line[5:].strip(), events)
                if self.is_done:
                    return
            elif not line:
                if self.held and self.is_stream:
                    self.end_event(events)
                self.event_name = b""
            elif line.startswith(b"event:"):
                self.event_name = line[6:].strip()
            elif not self.is_stream and not line.startswith(NOT_DATA):
                self.hold(line)

    def read_data(self, data: bytes, events: list[CompletionEvent]) -> None:
        """Read a line of data at once if it is whole, so that no event waits for an empty line."""
        if not self.is_stream:
            self.is_stream = True
            self.release()
        if data.startswith(b"[DONE]"):
            self.is_done = True
            if self.held:
                self.end_event(events)
        elif self.held:
            self.hold(data)
        elif data:
            chunk = decoded(data)
            if chunk is UNREADABLE:
                self.hold(data)
            else:
                self.read_chunk(chunk, events)

    def end_event(self, events: list[CompletionEvent]) -> None:
        """Read an event of several lines: one chunk, or a chunk on each line. Raises
        CompletionError after the events of the readable lines."""
        lines = self.release()
        chunk = decoded(b"\n".join(lines))
        if chunk is not UNREADABLE:
            self.read_chunk(chunk, events)
            return
        for line in lines:
            if (chunk := decoded(line)) is not UNREADABLE:
                self.read_chunk(chunk, events)
        code = "server_error" if self.event_name == b"error" else "malformed"
        raise CompletionError(code, f"A chunk made no sense: {excerpt(lines[0])}")

    def read_body(self, events: list[CompletionEvent]) -> None:
        """Read a body that was no stream: a whole completion, an error, or a chunk on each line."""
        lines = self.release()
        body = b"\n".join(lines).strip()
        if not body:
            return
        if body.startswith(b"<"):
            raise CompletionError("web_page", f"No stream, but {excerpt(body)}")
        chunk = decoded(body)
        chunks = [chunk] if chunk is not UNREADABLE else [decoded(line) for line in lines]
        for chunk in chunks:
            if chunk is UNREADABLE:
                raise CompletionError("malformed", f"No stream, but {excerpt(body)}")
            self.read_chunk(chunk, events)
        self.is_done = any(isinstance(event, Delta | Finished) for event in events)
        if not (self.is_done or self.suspected):
            raise CompletionError("malformed", f"No completion, but {excerpt(body)}")

    def read_chunk(self, chunk: Any, events: list[CompletionEvent]) -> None:
        is_error = self.event_name == b"error"
        suspected = read_chunk(chunk, events, has_text=self.has_text, is_error=is_error)
        self.suspected = self.suspected or suspected

    def hold(self, line: bytes) -> None:
        self.held.append(line)
        self.held_size += len(line)
        if self.held_size > self.max_size:
            raise CompletionError("malformed", f"An event of more than {self.max_size} bytes.")

    def release(self) -> list[bytes]:
        lines, self.held, self.held_size = self.held, [], 0
        return lines

    def checked(self, events: list[CompletionEvent]) -> list[CompletionEvent]:
        """Keep track of the answer, end it where it gets longer than is allowed, and let each
        kind of ignored thing be said once."""
        kept: list[CompletionEvent] = []
        for event in joined(events) if len(events) > 1 else events:
            if isinstance(event, Delta | Thinking):
                kept += self.text_events(event)
                if self.is_done and self.characters_left < 0:
                    return [*kept, Finished("length")]
                continue
            if isinstance(event, Finished):
                self.is_finished = True
            elif isinstance(event, Ignored):
                if event.what in self.ignored:
                    continue
                self.ignored.add(event.what)
            kept.append(event)
        return kept

    def text_events(self, event: Delta | Thinking) -> Sequence[CompletionEvent]:
        """Return a piece of text, as long as there is space for it, as text and thinking."""
        text = self.storable(event) if isinstance(event, Delta) else event.text
        self.characters_left -= len(text)
        if self.characters_left < 0:
            self.is_done = True
            text = text[: self.characters_left]
        if isinstance(event, Thinking):
            self.tags.thought()
            return [Thinking(text)]
        self.has_text = True
        if event.is_refusal:
            return [*self.tags.end(), Delta(text, is_refusal=True)]
        return self.tags.feed(text)

    def storable(self, delta: Delta) -> str:
        """Return the text that can be stored; half of a surrogate pair waits for the next delta."""
        if delta.text.isascii() and not self.halves[delta.is_refusal]:
            return storable_text(delta.text)
        text = self.halves[delta.is_refusal] + delta.text
        half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        self.halves[delta.is_refusal] = half
        return storable_text(text[: len(text) - len(half)])

    def held_back(self) -> list[CompletionEvent]:
        """Return what waited for more: halves of surrogate pairs, each as U+FFFD, and of tags."""
        halves, self.halves = self.halves, {False: "", True: ""}
        events = [*self.tags.feed("\ufffd")] if halves[False] else []
        return [*events, *self.tags.end(), *([Delta("\ufffd", True)] if halves[True] else [])]


def joined(events: list[CompletionEvent]) -> list[CompletionEvent]:
    """Make one event of deltas in a row: many arrive together when the provider is fast."""
    result: list[CompletionEvent] = []
    for kind, group in groupby(events, kind_of):
        several = list(group)
        if kind in (DELTA, REFUSAL) and len(several) > 1:
            text = "".join([event.text for event in several if isinstance(event, Delta)])
            several = [Delta(text, is_refusal=kind == REFUSAL)]
        elif kind == THINKING and len(several) > 1:
            several = [Thinking("".join([e.text for e in several if isinstance(e, Thinking)]))]
        result += several
    return result


DELTA, REFUSAL, THINKING = (Delta, False), (Delta, True), (Thinking, False)


def kind_of(event: CompletionEvent) -> tuple[type[CompletionEvent], bool]:
    return type(event), isinstance(event, Delta) and event.is_refusal


def decoded(data: bytes) -> Any:
    """Decode JSON; bytes that are no UTF-8 become U+FFFD. Returns UNREADABLE if it is no JSON."""
    text = data.decode("utf-8", "replace")
    for decoder in (DECODER, PATIENT_DECODER):
        try:
            return decoder.decode(text)
        except (json.JSONDecodeError, RecursionError):
            break
        except ValueError:  # a number with more digits than Python converts
            continue
    return UNREADABLE


def whole_number(digits: str) -> int | None:
    return int(digits) if len(digits) <= LONGEST_NUMBER else None


# Not strict: raw tabs and line ends inside a string are read as well.
DECODER = json.JSONDecoder(strict=False)
PATIENT_DECODER = json.JSONDecoder(strict=False, parse_int=whole_number)
