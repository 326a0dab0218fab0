"""Thinking between <think> and </think>, cut at every position."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.generation.events import CompletionEvent, Delta, TextWasThinking, Thinking
from chatapp.generation.think_tags import ThinkTags

SECONDS = 10  # of CPU; takes about one, and minutes if each piece were read again
# What a model sent, the thinking and the text in it.
CASES = {
    "plain": ("Hello", "", "Hello"),
    "blank first": (" \n Hello", "", " \n Hello"),
    "nothing but blanks": (" \n ", "", " \n "),
    "block": ("<think>\nLet me see.\n</think>\n\nHello", "\nLet me see.\n", "Hello"),
    "after blanks": ("\n\n <think>a</think>b", "a", "b"),
    "capitals": ("<THINK>a</Think>b", "a", "b"),
    "longer name": ("<thinking>a</thinking>b", "a", "b"),
    "empty block": ("<think>\n\n</think>\n\nHello", "\n\n", "Hello"),
    "two blocks": ("<think>a</think>\n<think>b</think>c", "ab", "c"),
    "no end": ("<think>a < b", "a < b", ""),
    "half an end": ("<think>a</thin", "a</thin", ""),
    "no beginning": ("First, a.\n</think>\n\nHello", "First, a.\n", "Hello"),
    "an end alone": ("\n</think>\n\nHello", "", "Hello"),
    "only half a beginning": ("<thin", "", "<thin"),
    "another tag": ("<thinker>a</thinker>", "", "<thinker>a</thinker>"),
    "in the middle": ("It is <think>a</think> b", "", "It is <think>a</think> b"),
    "in the text after": ("<think>a</think>b <think>c</think>", "a", "b <think>c</think>"),
    "an end in the text after": ("<think>a</think>b </think> c", "a", "b </think> c"),
    "end in backticks": ("Write `</think>` then.", "", "Write `</think>` then."),
    "end in two backticks": ("``a ` </think>`` b", "", "``a ` </think>`` b"),
    "end in a fence": ("```xml\n</think>\n```\nb", "", "```xml\n</think>\n```\nb"),
    "end in a fence of a list": ("- a\n  ~~~\n  </think>\n", "", "- a\n  ~~~\n  </think>\n"),
    "end after code": ("`a`\n```\nb\n```\n</think>c", "`a`\n```\nb\n```\n", "c"),
    "ends in code and after": ("`</think>`</think>c", "`</think>`", "c"),
    "beginning in backticks": ("`<think>` begins", "", "`<think>` begins"),
    "less than": ("a < b </ c", "", "a < b </ c"),
}


def split(events: list[CompletionEvent]) -> tuple[str, str]:
    """Put events together as a reader does: thinking and text."""
    thinking = text = ""
    for event in events:
        match event:
            case Delta(piece):
                text += piece
            case Thinking(piece):
                thinking += piece
            case TextWasThinking():
                thinking, text = thinking + text, ""
    return thinking, text


def fed(pieces: list[str]) -> tuple[str, str]:
    tags = ThinkTags()
    events = [event for piece in pieces for event in tags.feed(piece)]
    return split([*events, *tags.end()])


@pytest.mark.parametrize(("sent", "thinking", "text"), CASES.values(), ids=CASES)
def test_thinking_is_told_from_text_wherever_the_pieces_are_cut(
    sent: str, thinking: str, text: str
) -> None:
    assert fed([sent]) == (thinking, text)
    assert fed(list(sent)) == (thinking, text)
    for cut in range(1, len(sent)):
        assert fed([sent[:cut], sent[cut:]]) == (thinking, text), cut


PARTS = ["<think>", "</think>", "<thinking>", "<", "</", "think", ">", "`", "```", "\n", " ", "a"]


@given(st.lists(st.sampled_from(PARTS), max_size=20))
@settings(max_examples=300, deadline=None)
def test_any_cuts_give_the_same(parts: list[str]) -> None:
    sent = "".join(parts)
    assert fed(parts) == fed([sent]) == fed(list(sent))


@given(st.lists(st.sampled_from(PARTS), max_size=20))
@settings(max_examples=200, deadline=None)
def test_nothing_but_tags_and_blanks_beside_them_is_lost(parts: list[str]) -> None:
    thinking, text = fed(parts)
    kept = "".join((thinking + text).split())
    sent = "".join("".join(parts).split())
    for tag in ("<thinking>", "<think>", "</think>"):
        kept, sent = kept.replace(tag, ""), sent.replace(tag, "")
    assert kept == sent


def test_a_piece_without_a_tag_is_not_delayed() -> None:
    tags = ThinkTags()
    assert tags.feed("Hello") == [Delta("Hello")]
    assert tags.feed(" <b") == [Delta(" <b")]
    assert tags.feed(" wor</t") == [Delta(" wor")]
    assert tags.feed("d>") == [Delta("</td>")]


def test_thinking_in_a_field_of_its_own_leaves_an_end_in_the_text() -> None:
    tags = ThinkTags()
    tags.thought()
    assert split([*tags.feed("a </think> b"), *tags.end()]) == ("", "a </think> b")


def test_many_blanks_at_the_start_are_text() -> None:
    tags = ThinkTags()
    assert tags.feed(" " * 2_000) == [Delta(" " * 2_000)]


@pytest.mark.parametrize(
    "piece", ["`</think>", "``` </think>\n", "<", "</think", "a b", " <think>"], ids=repr
)
@pytest.mark.parametrize("start", ["", "Text ", "<think>", "`"], ids=repr)
def test_time_is_in_proportion_to_the_text(start: str, piece: str) -> None:
    began = time.process_time()
    fed([start, *([piece] * 50_000)])
    fed([start + piece * 50_000])
    assert time.process_time() - began < SECONDS
