"""What readers are sent of a growing answer, whenever they come: little, and in the end the same."""

import asyncio
import json
import re
from html import escape
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import RequestFactory
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatapp.generation.publisher import StreamPublisher
from chatapp.models import Message
from chatapp.streams import Event, MemoryStreams
from chatapp.streams.base import merge_updates
from chatapp.views.stream import AnswerEventStream
from tests.html_tree import Node, tree_of
from tests.resilience.watched import PARTIAL, events_of

CASES = Path(__file__).parent.parent / "markdown" / "markdown_cases.json"
TEXTS = [case["markdown"] for case in json.loads(CASES.read_text("utf-8"))]
# What the page shows after an event: finished HTML, and the unfinished end
Shown = tuple[str, str]


class Page:
    """The answer as a script puts it together from events."""

    def __init__(self) -> None:
        self.done, self.tail, self.last_id = "", Node(), 0

    def hear(self, sent: str) -> None:
        for name, number, data in events_of(iter(sent.split("\n"))):
            self.last_id = self.last_id if number is None else number
            if name == "added":
                self.add(data)
            for place, swap, html in PARTIAL.findall(data):
                if place == "-done":
                    self.done = self.done + html if swap == "beforeend" else html
                elif place == "-tail":
                    self.tail = tree_of(html)

    def add(self, data: str) -> None:
        depth, _, text = data.partition(" ")
        place = self.tail
        for _level in range(int(depth)):
            place = place.last_element
        place.add_text(text)


def frames(pieces: list[str]) -> list[tuple[Event, Shown]]:
    """The events of an answer that arrives in these pieces, each with what is to be seen."""

    async def publish() -> list[tuple[Event, Shown]]:
        sending, done = StreamPublisher("a", MemoryStreams()), ""
        events: list[tuple[Event, Shown]] = []
        for piece in pieces:
            sending.pending_text.append(piece)
            if await sending.render():
                update, sending.update = dict(sending.update or {}), None
                done += update.get("done", "")
                shown = (done, sending.sent_tail)
                events.append((Event(len(events) + 1, "update", update), shown))
        return events

    return asyncio.run(publish())


def reader(after: int = 0) -> AnswerEventStream:
    return AnswerEventStream(RequestFactory().get("/"), Message(pk=uuid4()), after, follows=True)


def read(page: Page, events: list[Event]) -> int:
    """Let the page hear these events at once, as by one connection; returns the bytes."""
    sent, _ = reader(page.last_id).update_message(events)
    page.hear(sent.decode())
    return len(sent)


def check(page: Page, shown: Shown) -> None:
    assert page.done == shown[0]
    assert page.tail == tree_of(shown[1])


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[str], list[int]]:
    """The pieces of a text, and after how many events the reader reads."""
    marks = st.text("ab1 *_~`$\\()[]<>&'\"/!-=|#:@.\n。「あ가\U0001f600", max_size=12)
    words = st.sampled_from(["Some plain words, and more. ", "a & b; (c) “d” – it's e. "])
    text = "".join(draw(st.lists(st.one_of(marks, words, st.sampled_from(TEXTS)), max_size=5)))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=60)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    return pieces, sorted(draw(st.sets(st.integers(1, 61), max_size=10)))


@settings(max_examples=150, deadline=None)
@given(arrivals())
@example((["使用**A", "PI", "** 即"], [1]))
def test_every_reader_sees_the_same_after_every_event(arrival):
    pieces, stops = arrival
    log = frames(pieces)
    events = [event for event, _ in log]
    live, lagging = Page(), Page()
    for event, shown in log:
        read(live, [event])
        check(live, shown)
        if event.id in stops or event.id == len(log):
            read(lagging, events[lagging.last_id : event.id])
            check(lagging, shown)
            late = Page()
            read(late, events[: event.id])
            check(late, shown)
            # From a log whose oldest events have been merged
            merged = Event(event.id, "update", merge_updates([e.data for e in events[: event.id]]))
            rest = Page()
            read(rest, [merged, *events[event.id :]])
            check(rest, log[-1][1])


@pytest.mark.parametrize("case", TEXTS, ids=range(len(TEXTS)))
def test_every_case_is_the_same_in_every_frame(case):
    page = Page()
    for event, shown in frames(re.findall(r"(?s).{1,3}", case)):
        read(page, [event])
        check(page, shown)


PROSE = "The words of a long paragraph go on & on; it's “plain” text – nothing (else), or so. "
PARAGRAPH = (PROSE * 80)[:6_000]


@pytest.mark.parametrize(("size", "most"), [(64, 9_500), (20, 12_500), (10, 18_500)])
def test_a_long_paragraph_costs_what_it_adds(size, most):
    """In bytes up to its end, in frames of so many characters; sent whole each time, 280,000."""
    page = Page()
    log = frames([PARAGRAPH[at : at + size] for at in range(0, len(PARAGRAPH), size)])
    assert sum(read(page, [event]) for event, _ in log) < most
    check(page, log[-1][1])


def test_text_behind_a_mark_sends_the_tail_once():
    log = frames(["One **two** ", "three", " and four"])
    assert [next(iter(event.data)) for event, _ in log] == ["tail", "tail", "added"]


def test_lines_of_code_keep_their_indentation():
    page = Page()
    log = frames(["```\n", "if x:\n    y = 1\n     z = 2\n", "        w\n  v\n"])
    assert [next(iter(event.data)) for event, _ in log] == ["tail", "added", "added"]
    for event, shown in log:
        read(page, [event])
        check(page, shown)


def test_the_same_words_after_a_finished_block_are_another_text():
    log = frames(["Again.", "\n\nAgain. And"])
    assert log[-1][0].data.keys() == {"done", "tail"}


def test_text_of_all_characters_is_put_in_unchanged():
    odd = "<b> & &amp; &lt; \"q\" 'a' \u00a0 \U0001f600 a"
    update = {"added": escape(odd), "closing": "</p>\n"}
    page = Page()
    read(page, [Event(1, "update", {"tail": '<p dir="auto">One</p>\n'})])
    read(page, [Event(2, "update", update)])
    assert page.tail == tree_of(f'<p dir="auto">One{escape(odd)}</p>\n')
