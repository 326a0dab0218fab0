"""Limits by setting: a clear sentence, the typed text kept, and nothing stored."""

import html

import pytest

from tests.fixtures.pictures import scans
from tests.resilience import stored
from tests.resilience.visitor import HTMX, Refused, Visitor

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def two_a_minute(start_site):
    return start_site(MESSAGES_PER_MINUTE="2", MESSAGES_PER_DAY="0", ANSWERS_AT_ONCE="0")


def ask_twice(visitor: Visitor):
    first = visitor.ask("One. [[tokens=5]]")
    visitor.read(first.answer)
    second = visitor.ask("Two. [[tokens=5]]", first.conversation)
    visitor.read(second.answer)
    return second


def test_messages_a_minute_with_scripts(two_a_minute):
    with Visitor(two_a_minute.url) as visitor:
        asked = ask_twice(visitor)
        for path in (asked.conversation, "/"):
            with pytest.raises(Refused) as refused:
                visitor.ask("Three.", path)
            assert refused.value.status == 429
            assert "That was 2 messages within a minute." in refused.value.page
            assert "<form" not in refused.value.page  # the composer, and what is in it, stays
    assert "Three." not in {row["text"] for row in stored.questions(two_a_minute)}


def test_messages_a_minute_without_scripts_keep_the_typed_text(two_a_minute):
    with Visitor(two_a_minute.url) as visitor:
        asked = ask_twice(visitor)
        for path in (asked.conversation, "/"):
            page = visitor.post(path, message="  Three,\n with <care>.")
            assert page.status_code == 429
            assert "That was 2 messages within a minute." in page.text
            assert ">\n  Three,\n with <care>.</textarea>" in html.unescape(page.text)


def test_trying_again_counts_as_well(two_a_minute):
    with Visitor(two_a_minute.url) as visitor:
        first = visitor.ask("One. [[status=401]]")
        visitor.read(first.answer)
        second = visitor.retry(first.answer)
        visitor.read(second)
        with pytest.raises(Refused) as refused:
            visitor.retry(second)
        assert refused.value.status == 429


def test_messages_a_day(start_site):
    site = start_site(MESSAGES_PER_MINUTE="0", MESSAGES_PER_DAY="2")
    with Visitor(site.url) as visitor:
        ask_twice(visitor)
        with pytest.raises(Refused, match="2 messages within a day") as refused:
            visitor.ask("Three.")
        assert refused.value.status == 429


def test_answers_at_once_make_room_when_one_is_stopped(start_site, sandbox):
    site = start_site(ANSWERS_AT_ONCE="2")
    with Visitor(site.url) as visitor:
        running = [visitor.ask("Go on. [[tokens=2000 tps=20]]") for _ in range(2)]
        with pytest.raises(Refused, match="2 answers are still being written") as refused:
            visitor.ask("And me?")
        assert refused.value.status == 429
        visitor.stop(running[0].answer)
        visitor.read(running[0].answer)
        visitor.read(visitor.ask("And me? [[tokens=5]]").answer)


def test_one_answer_at_a_time_in_a_conversation(two_a_minute):
    with Visitor(two_a_minute.url) as visitor:
        asked = visitor.ask("Go on. [[tokens=2000 tps=20]]")
        page = visitor.post(asked.conversation, message="More?")
        assert page.status_code == 409 and "still being written" in page.text
        visitor.stop(asked.answer)


def test_a_message_that_is_too_long(start_site):
    site = start_site(MESSAGE_MAX_LENGTH="30")
    with Visitor(site.url) as visitor:
        page = visitor.post("/", message="x" * 31)
        assert page.status_code == 422
        assert "31 characters long; at most 30" in page.text and "x" * 31 in page.text
        visitor.read(visitor.ask("x" * 30).answer)


@pytest.mark.sqlite
def test_the_oldest_turns_leave_a_long_conversation_and_the_page_says_so(start_site, sandbox):
    site = start_site(CONTEXT_MAX_LENGTH="200")
    with Visitor(site.url) as visitor:
        first = visitor.ask("First " + "long " * 30 + "[[tokens=5]]")
        visitor.read(first.answer)
        second = visitor.ask("Second " + "long " * 30 + "[[tokens=5]]", first.conversation)
        message = visitor.read(second.answer).message
        assert "its 2 oldest messages were left out" in message
        assert "its 2 oldest messages were left out" in visitor.page(first.conversation)
    given = str(sandbox.requests()[-1]["messages"])
    assert "Second" in given and "First" not in given


@pytest.mark.sqlite
def test_limits_of_what_is_formatted_and_of_pictures_are_settings(start_site):
    settings = {"MARKDOWN_MAX_LENGTH": "300", "IMAGE_MAX_SCANS": "15"}
    site = start_site(database_url="", **settings)
    with Visitor(site.url) as visitor:
        asked = visitor.ask("At length. [[tokens=400 tps=0]]")
        said = visitor.read(asked.answer).message
        for shown in (said, visitor.page(asked.conversation)):
            assert "shown as plain text, since formatting it takes too long." in shown
            assert "Nothing is missing; copy it to format it elsewhere." in shown
        form = {"message": "See", "csrfmiddlewaretoken": visitor.http.cookies["csrftoken"]}
        files = [("images", ("a.jpg", scans(20), "image/jpeg"))]
        refused = visitor.http.post("/", data=form, files=files, headers=HTMX)
        assert refused.status_code == 422
        assert "“a.jpg” takes too long to read here." in html.unescape(refused.text)
        assert "Save it again as a plain PNG or JPEG, then send it." in refused.text
