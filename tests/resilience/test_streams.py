"""An answer, read by real HTTP: late, twice, after a restart, and always the same."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chatapp.markdown import render
from tests.resilience import stored
from tests.resilience.visitor import Visitor
from tests.resilience.watched import Watched, words_of
from tests.sandbox_process import SandboxProcess
from tests.site_process import Site

SLOW = "Tell me more. [[tokens=120 tps=60]]"


def check(watched: Watched, text: str) -> None:
    """What was shown while it grew is a beginning of the text; the end is all of it."""
    assert " ".join(words_of(render(text))).startswith(" ".join(watched.words))
    assert watched.message.count(render(text)) == 1


def text_of(sandbox: SandboxProcess, site: Site, answer: str) -> str:
    """The stored text, which is what the provider sent to the last character."""
    row = stored.answer(site, answer)
    assert (row["status"], row["error"]) == ("complete", "")
    assert row["text"] == sandbox.request(id=row["helicone_id"])["sent_text"] != ""
    return str(row["text"])


def test_one_who_stays_sees_all_of_it(unlimited, visitor, sandbox):
    asked = visitor.ask(SLOW)
    watched = visitor.read(asked.answer)
    assert len(watched.words) > 50
    check(watched, text_of(sandbox, unlimited, asked.answer))


def test_one_who_comes_late_sees_all_of_it(unlimited, visitor, sandbox):
    asked = visitor.ask(SLOW)
    visitor.read(asked.answer)
    late = visitor.read(asked.answer)
    check(late, text_of(sandbox, unlimited, asked.answer))


def test_one_who_comes_in_the_middle_sees_the_beginning_too(unlimited, visitor, sandbox):
    asked = visitor.ask(SLOW)
    with visitor.reading(asked.answer) as first:
        first.until_words(30)
        with visitor.reading(asked.answer) as second:
            assert len(second.next().words) >= 30
            second.to_the_end()
    check(second, text_of(sandbox, unlimited, asked.answer))


def test_one_who_leaves_goes_on_where_they_were(unlimited, visitor, sandbox):
    """As a hidden tab does, three times over."""
    asked = visitor.ask(SLOW)
    place, done, tail = 0, "", ""
    for words in (15, 40, 70, None):
        with visitor.reading(asked.answer, after=place) as watched:
            watched.done, watched.tail = done, tail
            watched.until_words(words) if words else watched.to_the_end()
        place, done, tail = watched.last_id, watched.done, watched.tail
    check(watched, text_of(sandbox, unlimited, asked.answer))


def test_three_tabs_and_a_phone_see_the_same(unlimited, visitor, sandbox):
    asked = visitor.ask(SLOW)
    tabs = [visitor.at(unlimited.url) for _ in range(4)]
    with ThreadPoolExecutor() as threads:
        readings = list(threads.map(lambda tab: tab.read(asked.answer), tabs))
    text = text_of(sandbox, unlimited, asked.answer)
    for watched in readings:
        check(watched, text)


def test_a_place_from_before_a_restart_is_no_harm(own_site, sandbox):
    with Visitor(own_site.url) as visitor:
        asked = visitor.ask(SLOW)
        visitor.read(asked.answer)
        again = visitor.ask("And then? [[tokens=100 tps=60]]", asked.conversation)
        with visitor.reading(again.answer) as watched:
            watched.until_words(20)
        own_site.kill()
        own_site.start()
        after = visitor.read(again.answer, after=watched.last_id)
        assert "Interrupted." in after.message
        assert render(stored.answer(own_site, again.answer)["text"]) in after.message
        first = visitor.read(asked.answer, after=3)
        check(first, text_of(sandbox, own_site, asked.answer))


@pytest.mark.parametrize("place", [100_000, "9" * 5_000, "-1", "x", "1e9"])
def test_a_place_that_never_was_is_no_harm(unlimited, visitor, sandbox, place):
    asked = visitor.ask(SLOW)
    watched = visitor.read(asked.answer, after=place)
    check(watched, text_of(sandbox, unlimited, asked.answer))


def test_a_megabyte_arrives(unlimited, visitor, sandbox):
    asked = visitor.ask("All of it, please. [[huge=1000000]]")
    watched = visitor.read(asked.answer)
    text = text_of(sandbox, unlimited, asked.answer)
    assert len(text) == 1_000_000
    check(watched, text)
