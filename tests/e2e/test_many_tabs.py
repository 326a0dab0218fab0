"""Tabs of one conversation: more than a browser has connections, and one that is deleted."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_chat import last_answer, send
from tests.e2e.test_reconnect import HIDE

pytestmark = pytest.mark.browser

LONG = "Go on [[tokens=2000 tps=50 times=1]]"
DELETED = "This conversation was deleted."


@pytest.fixture(autouse=True)
def calm(sandbox_server):
    sandbox_server.reset()


def begin(page: Page, text: str = LONG) -> str:
    page.goto("/")
    send(page, text)
    expect(page).to_have_url(re.compile("/c/"))
    expect(last_answer(page).locator(".answer-done p").first).to_be_visible()
    return page.url


def test_nine_tabs_of_a_running_answer_load_grow_and_hear_its_end(page):
    """Headless, all of them are visible, as windows side by side are; HTTP/1.1 has six
    connections. Some requests are still free while the answer runs."""
    url = begin(page)
    tabs = [page]
    for _ in range(8):
        tabs.append(page.context.new_page())
        tabs[-1].goto(url)
    for tab in tabs:
        expect(last_answer(tab).locator(".answer-done p").first).to_be_visible()
    seen = tabs[-1].locator(".answer-done p").count()
    expect(tabs[-1].locator(".answer-done p").nth(seen)).to_be_visible()
    tabs[3].get_by_role("button", name="Stop").press("Enter")
    for tab in tabs:
        expect(last_answer(tab)).to_have_attribute("data-status", "stopped")
    texts = {last_answer(tab).locator(".answer-body").inner_text() for tab in tabs}
    assert len(texts) == 1


def delete(page: Page) -> None:
    page.get_by_label("Conversation menu").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("deleted.").first).to_be_visible()


@pytest.mark.parametrize("kind", ["kept for a while", "temporary"])
def test_an_answer_whose_conversation_is_deleted_in_another_tab_says_so(page, kind):
    page.goto("/")
    if kind == "temporary":
        page.get_by_label("Temporary").check()
    send(page, LONG)
    expect(last_answer(page).locator(".answer-done p").first).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    delete(other)
    expect(last_answer(page).get_by_text(DELETED)).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    expect(page.locator("#announcer")).to_have_text(DELETED)


def test_a_hidden_tab_hears_of_the_deletion_when_it_is_shown_again_and_asks_no_more(page):
    url = begin(page)
    with page.expect_event("requestfailed", lambda request: "/stream/" in request.url):
        page.evaluate(HIDE, True)
    other = page.context.new_page()
    other.goto(url)
    delete(other)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.evaluate(HIDE, False)
    expect(last_answer(page).get_by_text(DELETED)).to_be_visible()
    assert page.locator("[hx-sse\\:connect]").count() == 0
    assert len([url for url in requests if "/stream/" in url]) == 1
