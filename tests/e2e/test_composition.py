"""Keys of an input method editor: they confirm or cancel a word, and do nothing else.

Safari ends the composition before the key that confirms it: keyCode 229, isComposing false.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_chat import last_answer, send

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def calm(sandbox_server):
    sandbox_server.reset()


def compose(page: Page, text: str, key: str) -> None:
    """Compose a word and confirm it, in Safari's order of events."""
    browser = page.context.new_cdp_session(page)
    composition = {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
    browser.send("Input.imeSetComposition", composition)
    browser.send("Input.insertText", {"text": text})
    press_229(page, key)


def press_229(page: Page, key: str) -> None:
    browser = page.context.new_cdp_session(page)
    event = {"type": "rawKeyDown", "key": key, "code": key, "windowsVirtualKeyCode": 229}
    browser.send("Input.dispatchKeyEvent", event)


def test_enter_that_confirms_a_word_sends_nothing(page):
    # Before all listeners of the page
    page.add_init_script(
        """addEventListener("keydown", ({ keyCode, isComposing }) => {
            window.lastKey = [keyCode, isComposing];
        }, true)"""
    )
    page.goto("/")
    page.get_by_label("Your message").focus()
    compose(page, "日本語", "Enter")
    assert page.evaluate("lastKey") == [229, False]
    expect(page.get_by_label("Your message")).to_have_value("日本語")
    page.get_by_label("Your message").press("Enter")
    expect(page.locator(".question-text")).to_have_text("日本語")


@pytest.mark.parametrize("key", ["Enter", "Escape"])
def test_in_an_edited_question_neither_enter_nor_escape_does_anything(page, answer, key):
    page.get_by_role("link", name="Edit").click()
    field = page.locator(".edit textarea")
    expect(field).to_be_focused()
    compose(page, "日本", key)
    expect(field).to_have_value("Hello日本")
    field.press("Enter")
    expect(page.locator(".question-text")).to_have_text("Hello日本")


def test_enter_in_the_palette_opens_nothing(page, answer):
    url = page.url
    page.goto("/")
    page.keyboard.press("Control+k")
    expect(page.locator(".palette-found a").first).to_be_visible()
    press_229(page, "Enter")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(url)


def test_escape_that_cancels_a_word_stops_no_answer(page):
    page.goto("/")
    send(page, "Go on [[tokens=2000 tps=50]]")
    expect(last_answer(page).locator(".answer-tail, .answer-done").first).not_to_be_empty()
    with page.expect_request("**/stop/") as stopped:
        compose(page, "かな", "Escape")
        expect(page.get_by_label("Your message")).to_have_value("かな")
        page.keyboard.press("Escape")
    assert stopped.value.method == "POST"
    expect(last_answer(page)).to_have_attribute("data-status", "stopped")
