"""Keys for what is done often: the sheet that lists them, rating, writing, finding."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def answer(page, answer):
    """Nobody is typing."""
    page.get_by_label("Your message").evaluate("field => field.blur()")
    return answer


def pressed(answer, name: str):
    # Once htmx has its hands on the form: before that a key posts it as without JavaScript.
    thumb = f'[aria-label="{name} answer"][aria-pressed="true"]'
    return answer.locator(f"form[data-htmx-powered] {thumb}")


def test_keys_rate_the_last_answer_and_withdraw(page, answer):
    page.keyboard.press("-")
    expect(pressed(answer, "Bad")).to_be_focused()
    page.keyboard.press("+")
    expect(pressed(answer, "Good")).to_be_focused()
    page.keyboard.press("+")
    expect(answer.locator('[aria-pressed="true"]')).to_have_count(0)


def test_a_slash_goes_to_the_composer_where_keys_are_text(page, answer):
    page.keyboard.press("/")
    expect(page.get_by_label("Your message")).to_be_focused()
    page.keyboard.type("n+-/?")
    expect(page.get_by_label("Your message")).to_have_value("n+-/?")
    expect(answer.locator('[aria-pressed="true"]')).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_n_begins_anew(page, answer):
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Ask something.")).to_be_visible()


def test_the_sheet_opens_and_closes_and_can_turn_the_keys_off(page, answer):
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard")
    expect(sheet).to_be_visible()
    page.keyboard.press("n")
    sheet.get_by_label("Keys without Ctrl").uncheck()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.reload()
    page.keyboard.press("?")
    page.keyboard.press("+")
    page.get_by_role("button", name="Keyboard").click()
    expect(sheet.get_by_label("Keys without Ctrl")).not_to_be_checked()
    expect(page.locator('.thumb[aria-pressed="true"]')).to_have_count(0)
    expect(page).to_have_url(re.compile("/c/"))


def test_keys_held_with_others_do_nothing(page, answer):
    for keys in ("Control+n", "Alt+n", "Meta+n", "Control+Shift+?"):
        page.keyboard.press(keys)
    expect(page).to_have_url(re.compile("/c/"))
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_escape_closes_a_dialog_and_leaves_the_answer_alone(page, answer):
    page.get_by_label("Your message").fill("Go on [[tokens=2000 tps=50]]")
    page.get_by_label("Your message").press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".answer").last).to_have_attribute("data-status", "stopped")


def test_a_conversation_is_found_by_what_was_said_in_it(page, answer):
    there = page.url
    page.get_by_label("Your message").fill("Something about zebras")
    page.get_by_label("Your message").press("Enter")
    expect(page.locator(".question")).to_have_count(2)
    page.goto("/")
    page.keyboard.press("Control+k")
    said = page.locator("#palette-results")
    expect(page.locator("#palette-query")).to_be_focused()
    page.keyboard.type("zebra")
    expect(said.get_by_role("link")).to_contain_text("zebras")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(there) + r"\?at=.+#m-"))


def test_a_conversation_is_found_by_its_name(page, answer):
    there = page.url
    page.goto("/")
    page.keyboard.press("Control+k")
    query = page.get_by_label("Go to a conversation", exact=True).and_(page.locator("input"))
    expect(query).to_be_focused()
    query.fill("nothing like it")
    expect(page.get_by_text("No conversation has this in its name.")).to_be_visible()
    query.fill("hel")
    expect(page.get_by_role("dialog").get_by_role("link", name="Hello", exact=True)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("dialog").get_by_role("link", name="Hello", exact=True)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(there)
