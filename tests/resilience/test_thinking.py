"""Thinking on its way to its readers, when they leave, come late, or the server dies."""

from html import unescape

from tests.resilience import stored
from tests.resilience.visitor import Visitor

BEGIN = "The question has to be understood first."
SLOW = "Tell me. [[reasoning=120 tps=40 times=1]]"


def test_who_comes_back_gets_the_rest_and_who_comes_late_all(visitor, unlimited) -> None:
    asked = visitor.ask(SLOW)
    with visitor.reading(asked.answer) as left:
        left.until(lambda watched: len(watched.thinking) > 40)
        seen, last_id = left.thinking, left.last_id
    with (
        visitor.reading(asked.answer, after=last_id) as back,
        visitor.reading(asked.answer) as late,
    ):
        back.thinking = seen
        for watched in (back, late):
            watched.until(lambda watched: bool(watched.words))
            assert watched.summary.startswith("Thought for")
            row = stored.answer(unlimited, asked.answer)
            assert unescape(watched.thinking).startswith(row["thinking"])
            assert BEGIN not in watched.done + watched.tail
            watched.to_the_end()
    row = stored.answer(unlimited, asked.answer)
    assert unescape(back.thinking) == unescape(late.thinking) == row["thinking"]
    assert row["thinking"].startswith(BEGIN)
    assert BEGIN not in row["text"]
    assert 1_000 < row["thinking_ms"] <= row["first_token_ms"] <= row["duration_ms"]
    assert row["thinking"] in unescape(back.message)


def test_text_is_taken_back_when_its_end_says_it_was_thinking(visitor, unlimited) -> None:
    asked = visitor.ask("Tell me. [[think_end=60 tps=40]]")
    with visitor.reading(asked.answer) as watched:
        watched.until_words(8)
        assert (watched.thinking, watched.words[:2]) == ("", ["The", "question"])
        watched.until(lambda watched: bool(watched.thinking))
        assert unescape(watched.thinking).startswith(BEGIN)
        assert BEGIN not in watched.done + watched.tail
        watched.to_the_end()
    row = stored.answer(unlimited, asked.answer)
    assert row["thinking"].startswith(BEGIN) and BEGIN not in row["text"]
    assert 0 < row["thinking_ms"] <= row["first_token_ms"]


def test_what_a_killed_server_thought_is_kept(own_site, sandbox) -> None:
    with Visitor(own_site.url) as visitor:
        asked = visitor.ask("Tell me. [[reasoning=2000 tps=50 times=1]]")
        sandbox.wait_for(lambda: len(stored.answer(own_site, asked.answer)["thinking"]) > 40)
        own_site.kill()
        own_site.start()
        watched = visitor.read(asked.answer)
        assert "Interrupted." in watched.message and BEGIN in unescape(watched.message)
        row = stored.answer(own_site, asked.answer)
        assert (row["status"], row["text"]) == ("interrupted", "")
        assert row["thinking"].startswith(BEGIN) and row["thinking_ms"] > 0
