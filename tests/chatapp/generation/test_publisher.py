"""An answer on its way to its readers, while what keeps its log comes and goes."""

import asyncio
from typing import Any

import pytest

from chatapp.generation.publisher import StreamPublisher
from chatapp.streams import Event, MemoryStreams, StreamUnavailable
from chatapp.streams.base import merge_updates


class Unreliable(MemoryStreams):
    """Away when told so; with `loses`, an update is kept and its confirmation lost, as by a
    connection that breaks in between. The next one is known for a repetition."""

    away = False
    loses = False
    last: Any = None

    async def open(self, key: str) -> None:
        self.check()
        await super().open(key)

    async def append(self, key: str, payload: Any) -> int:
        self.check()
        number = 0 if payload == self.last else await super().append(key, payload)
        self.last = payload
        if self.loses:
            self.loses = False
            raise StreamUnavailable("lost")
        return number

    def check(self) -> None:
        if self.away:
            raise StreamUnavailable("away")


@pytest.fixture
def streams() -> Unreliable:
    return Unreliable()


async def shown(streams: Unreliable) -> str:
    """What a reader sees in the end."""
    seen = await fields(streams)
    return seen.get("done", "") + seen.get("tail", "")


async def fields(streams: Unreliable) -> dict[str, str]:
    """The same with the thinking, as a reader who comes late gets it."""
    updates: list[Any] = []
    async for events in streams.read("a"):
        assert all(isinstance(event, Event) for event in events)
        updates += [event.data for event in events if event.kind == "update"]
    return dict(merge_updates(updates)) if updates else {}


async def say(sending: StreamPublisher, *texts: str) -> None:
    for text in texts:
        sending.pending_text.append(text)
        await sending.send()


async def test_what_comes_while_it_is_away_is_sent_when_it_is_back(streams: Unreliable) -> None:
    sending = StreamPublisher("a", streams)
    await say(sending, "One. ")
    streams.away = True
    await say(sending, "Two. ", "Three. ")
    assert sending.is_due
    streams.away = False
    await say(sending, "Four.")
    await sending.close()
    assert (await shown(streams)).strip() == '<p dir="auto">One. Two. Three. Four.</p>'


async def test_a_log_that_could_not_be_opened_is_opened_later(streams: Unreliable) -> None:
    streams.away = True
    sending = StreamPublisher("a", streams)
    await sending.open()
    await say(sending, "One. ")
    streams.away = False
    await say(sending, "Two.")
    await sending.close()
    assert (await shown(streams)).strip() == '<p dir="auto">One. Two.</p>'


async def test_an_update_whose_confirmation_was_lost_is_repeated_unchanged(
    streams: Unreliable,
) -> None:
    sending = StreamPublisher("a", streams)
    await say(sending, "One.\n\n")
    streams.loses = True
    await say(sending, "Two.\n\n", "Three.\n\n")
    await sending.close()
    assert (await shown(streams)).count("Two.") == 1


async def test_a_log_that_is_gone_is_given_up_and_nothing_is_raised(streams: Unreliable) -> None:
    sending = StreamPublisher("a", streams)
    await say(sending, "One. ")
    await streams.aclose()
    await say(sending, "Two.")
    assert sending.closed and not sending.is_due
    await sending.close()


async def test_an_answer_that_ends_at_once_is_ended_after_it_was_opened(
    streams: Unreliable,
) -> None:
    sending = StreamPublisher("a", streams)
    await sending.open()
    await sending.close()
    assert await shown(streams) == ""


async def test_thinking_is_published_apart_from_the_text(streams: Unreliable) -> None:
    sending = StreamPublisher("a", streams)
    for piece in ("<b>", " & so"):
        sending.set_thinking(True, 0)
        sending.pending_thinking.append(piece)
        await sending.send()
    sending.set_thinking(False, 1_500)
    await say(sending, "Hello.")
    await sending.close()
    assert await fields(streams) == {
        "tail": '<p dir="auto">Hello.</p>\n',
        "thinking": "&lt;b&gt; &amp; so",
        "thinks": "",
        "thinking_ms": "1500",
    }


async def test_text_that_was_thinking_replaces_what_was_published(streams: Unreliable) -> None:
    sending = StreamPublisher("a", streams)
    await say(sending, "One.\n\n", "Two.")
    streams.away = True
    await say(sending, " Three.")
    sending.start_over("One.\n\nTwo. Three.")
    sending.set_thinking(False, 20)
    await sending.send()
    streams.away = False
    await say(sending, "Hello.")
    await sending.close()
    assert await fields(streams) == {
        "tail": '<p dir="auto">Hello.</p>\n',
        "starts_over": "1",
        "thinking": "One.\n\nTwo. Three.",
        "thinks": "",
        "thinking_ms": "20",
    }


async def turns_while(sending: StreamPublisher, text: str) -> int:
    """How often others get their turn while this is published."""
    sending.pending_text.append(text)
    task, turns = asyncio.create_task(sending.send()), 0
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    return turns


async def test_a_large_piece_is_rendered_beside_the_event_loop(streams: Unreliable) -> None:
    sending = StreamPublisher("a", streams)
    await sending.open()
    assert await turns_while(sending, "A *small* one.\n\n") < 10
    assert await turns_while(sending, "A *large* one.\n\n" * 3_000) > 10
    await sending.close()
    assert (await shown(streams)).count("<p") == 3_001


async def test_what_starts_over_while_a_large_piece_is_rendered_is_all_there_is(
    streams: Unreliable,
) -> None:
    sending = StreamPublisher("a", streams)
    await say(sending, "An *old* tail ")
    sending.pending_text.append("An *old* one.\n\n" * 3_000)
    task = asyncio.create_task(sending.send())
    while sending.pending_text:
        await asyncio.sleep(0)
    sending.start_over("")
    await task
    await say(sending, "New.")
    await sending.close()
    assert "done" not in await fields(streams)
    assert (await fields(streams))["tail"].strip() == '<p dir="auto">New.</p>'
