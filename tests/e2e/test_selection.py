"""What a reader has selected in an answer stays selected while it grows and when it ends."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_chat import last_answer, send, wait_until
from tests.fixtures.patience import DEADLINE

pytestmark = pytest.mark.browser

SLOW = "Tell me more. [[tokens=250 tps=50]]"
SELECT = """([from, to, isBackward]) => {
  const text = (place) => {
    const paragraph = [...document.querySelectorAll(`.answer-${place} p`)].at(-1);
    return paragraph && document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT).nextNode();
  };
  if (!(text(from)?.length > 20 && text(to)?.length > 20)) return "";
  const [a, b] = [[text(from), 3], [text(to), 15]];
  const [anchor, focus] = isBackward ? [b, a] : [a, b];
  getSelection().setBaseAndExtent(...anchor, ...focus);
  return getSelection().toString();
}"""
SELECTED = "getSelection().toString()"
TAIL = "(document.querySelector('.answer-tail p')?.firstChild.length ?? 0)"
PARTS = "document.querySelectorAll('.answer-done > *').length"


@pytest.fixture
def growing(page: Page, sandbox_server) -> Page:
    """A page whose answer has a finished paragraph and one that grows."""
    sandbox_server.reset()
    page.goto("/")
    send(page, SLOW)
    expect(last_answer(page).locator(".answer-done p").first).to_be_visible()
    wait_until(page, f"{TAIL} > 20")
    return page


def words(page: Page) -> list[str]:
    """What is selected; blocks are set apart by different line breaks once the answer is whole."""
    return str(page.evaluate(SELECTED)).split()


@pytest.mark.parametrize("is_backward", [False, True], ids=["forward", "backward"])
@pytest.mark.parametrize(("start", "end"), [("tail", "tail"), ("done", "tail"), ("done", "done")])
def test_a_selection_stays_while_the_answer_grows_and_when_it_ends(
    growing, start, end, is_backward
):
    deadline = time.monotonic() + DEADLINE
    while not (selected := growing.evaluate(SELECT, [start, end, is_backward]).split()):
        assert time.monotonic() < deadline
    grown = growing.evaluate(TAIL) + 30
    wait_until(growing, f"{TAIL} > {grown} || {PARTS} > 1")
    assert words(growing) == selected
    parts = growing.evaluate(PARTS)
    wait_until(growing, f"{PARTS} > {parts} || !document.querySelector('.answer-done')")
    assert words(growing) == selected
    expect(growing.get_by_role("button", name="Good answer")).to_be_visible()
    assert words(growing) == selected
    is_reversed = "getSelection().anchorNode === getSelection().getRangeAt(0).endContainer"
    is_reversed += " && getSelection().anchorOffset === getSelection().getRangeAt(0).endOffset"
    assert growing.evaluate(is_reversed) is is_backward


def test_what_was_selected_by_mouse_can_be_copied_after_the_end(growing):
    wait_until(growing, f"{TAIL} > 20 && {TAIL} < 60")
    x, y = growing.evaluate(
        """() => {
            const { left, top } = document.querySelector(".answer-tail p").getBoundingClientRect();
            return [left, top];
        }"""
    )
    growing.mouse.move(x + 2, y + 8)
    growing.mouse.down()
    growing.mouse.move(x + 60, y + 8, steps=2)
    wait_until(growing, f"{TAIL} > {growing.evaluate(TAIL) + 20} || {PARTS} > 1")
    growing.mouse.move(x + 120, y + 8, steps=2)
    growing.mouse.up()
    selected = words(growing)
    assert len(" ".join(selected)) > 8
    expect(growing.get_by_role("button", name="Good answer")).to_be_visible()
    assert words(growing) == selected
    growing.keyboard.press("Control+C")
    growing.get_by_label("Your message").focus()
    growing.keyboard.press("Control+V")
    assert growing.get_by_label("Your message").input_value().split() == selected


def test_what_is_selected_elsewhere_is_left_alone(growing):
    growing.evaluate("getSelection().selectAllChildren(document.querySelector('.question-text'))")
    selected = words(growing)
    expect(growing.get_by_role("button", name="Good answer")).to_be_visible()
    assert words(growing) == selected == SLOW.split()
