"""Versions of an answer in a real browser, with and without scripts."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.patience import DEADLINE

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def calm(sandbox_server):
    sandbox_server.reset()


def send(page: Page, text: str) -> None:
    answers = page.locator(".answer").count()
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")
    expect(page.locator(".answer")).to_have_count(answers + 1)
    expect(button(page, "Good answer")).to_be_visible()


def button(page: Page, name: str):
    return page.locator(".answer").last.get_by_role("button", name=name)


def test_another_answer_with_a_thumb_of_its_own(page):
    page.goto("/")
    send(page, "Hello")
    button(page, "Bad answer").click()
    expect(button(page, "Bad answer")).to_have_attribute("aria-pressed", "true")
    button(page, "Another answer").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".answer").last.get_by_text("Version 2 of 2")).to_be_attached()
    expect(button(page, "Bad answer")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".answer")).to_be_focused()
    expect(page.locator(".answer")).to_have_count(1)

    button(page, "Previous version").focus()
    page.keyboard.press("Enter")
    expect(button(page, "Bad answer")).to_have_attribute("aria-pressed", "true")
    expect(button(page, "Previous version")).to_be_focused()
    expect(button(page, "Previous version")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#announcer")).to_have_text("Version 1 of 2")
    page.reload()
    expect(page.locator(".answer").get_by_text("Version 1 of 2")).to_be_attached()


def test_paging_keeps_the_button_under_the_pointer(page):
    page.set_viewport_size({"width": 900, "height": 600})
    page.goto("/")
    # The first version takes more lines than the second: the page has to make up for it.
    send(page, "Two versions [[tokens=150 tps=3000 times=1]]")
    send(page, "Long [[tokens=600 tps=3000]]")
    first = page.locator(".answer").first
    first.get_by_role("button", name="Another answer").click()
    expect(page.locator(".answer")).to_have_count(1)
    expect(first.get_by_role("button", name="Good answer")).to_be_visible()
    older = first.get_by_role("button", name="Previous version")
    before, height = older.bounding_box()["y"], first.bounding_box()["height"]
    older.click()
    expect(page.locator(".answer")).to_have_count(2)
    assert first.bounding_box()["height"] > height + 50
    deadline = time.monotonic() + DEADLINE  # it is put back after the swap
    while abs(older.bounding_box()["y"] - before) >= 3:
        assert time.monotonic() < deadline, (before, older.bounding_box())
        page.wait_for_timeout(20)


def test_a_refusal_is_said_under_the_answer(page, page_errors):
    page.goto("/")
    send(page, "Hello")
    page.get_by_label("Your message").fill("Go on [[tokens=2000 tps=50]]")
    page.get_by_label("Your message").press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.locator(".answer").first.get_by_role("button", name="Another answer").click()
    expect(page.locator(".answer").first.get_by_role("alert")).to_contain_text(
        "still being written"
    )
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    assert all("409" in error for error in page_errors)
    page_errors.clear()


def test_a_question_is_edited_in_its_place_and_branches(page):
    page.goto("/")
    send(page, "Hello")
    page.get_by_label("Your message").press("ArrowUp")
    field = page.get_by_label("Edit your message")
    expect(field).to_be_focused()
    expect(field).to_have_value("Hello")
    page.keyboard.type(" you")
    page.keyboard.press("Enter")
    expect(page.locator(".question-text")).to_have_text("Hello you")
    expect(page.get_by_role("link", name="Edit")).to_be_focused()
    expect(button(page, "Good answer")).to_be_visible()
    older = page.locator(".question").get_by_role("button", name="Previous version")
    older.press("Enter")
    expect(page.locator(".question-text")).to_have_text("Hello")
    expect(older).to_be_focused()


def test_escape_takes_an_edit_back(page):
    page.goto("/")
    send(page, "Hello")
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_label("Edit your message")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".question-text")).to_have_text("Hello")
    expect(page.get_by_role("link", name="Edit")).to_be_focused()


def test_without_javascript_one_edits(browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Your message").fill("Hello")
    page.get_by_role("button", name="Send").click()
    expect(button(page, "Good answer")).to_be_visible()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Edit your message").fill("Goodbye")
    page.locator(".edit").get_by_role("button", name="Send").click()
    expect(page.locator(".question-text")).to_have_text("Goodbye")
    context.close()


def test_without_javascript_one_asks_anew_and_pages(browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Your message").fill("Hello")
    page.get_by_role("button", name="Send").click()
    expect(button(page, "Good answer")).to_be_visible()
    button(page, "Another answer").click()
    expect(button(page, "Good answer")).to_be_visible()
    button(page, "Previous version").click()
    expect(page).to_have_url(re.compile("#m-"))
    expect(page.locator(".answer").get_by_text("Version 1 of 2")).to_be_attached()
    context.close()
