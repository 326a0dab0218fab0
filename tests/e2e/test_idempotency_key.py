"""Sending again what had arrived although the page never heard of it."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.test_chat import complain_no_more, send
from tests.fixtures.patience import DEADLINE
from tests.resilience.proxy import Proxy

pytestmark = [pytest.mark.browser, pytest.mark.both_databases]

KEY = "document.querySelector('#composer [name=idempotency_key]').value"


@pytest.fixture(autouse=True)
def sandbox(sandbox_server):
    sandbox_server.reset()
    return sandbox_server


def lose_the_response(page: Page) -> None:
    """To the next thing that is posted: the server does it, and its answer never arrives."""

    lost: list[Route] = []

    def lose(route: Route) -> None:
        if lost or route.request.method != "POST":
            return route.fallback()
        lost.append(route)
        assert route.fetch(max_redirects=0).ok
        route.abort("connectionreset")

    page.route("**/*", lose)


def check_it_is_there_once(page: Page, text: str, sandbox, requests: int) -> None:
    for _ in range(2):
        expect(page.locator(".question-text", has_text=text)).to_have_count(1)
        expect(
            page.locator(".answer").last.get_by_role("button", name="Good answer")
        ).to_be_visible()
        page.reload()
    assert len(sandbox.requests()) == requests


def test_the_next_question(page, answer, sandbox, page_errors):
    lose_the_response(page)
    send(page, "Only once")
    expect(page.locator("#composer-problem")).to_contain_text("The server can't be reached.")
    expect(page.locator(".question-text")).to_have_count(1)
    expect(page.get_by_label("Your message")).to_have_value("Only once")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Your message")).to_have_value("")
    check_it_is_there_once(page, "Only once", sandbox, 2)
    complain_no_more(page_errors, "ERR_CONNECTION_RESET", "Failed to fetch")


def test_the_first_question_of_a_conversation(page, answer, sandbox, page_errors):
    page.goto("/")
    lose_the_response(page)
    send(page, "Only once")
    expect(page.locator("#composer-problem")).to_contain_text("The server can't be reached.")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(re.compile("/c/"))
    check_it_is_there_once(page, "Only once", sandbox, 2)
    expect(page.locator("#conversations a", has_text="Only once")).to_have_count(1)
    complain_no_more(page_errors, "ERR_CONNECTION_RESET", "Failed to fetch")


def test_another_wording(page, answer, sandbox, page_errors):
    page.get_by_role("link", name="Edit").click()
    field = page.get_by_label("Edit your message")
    field.fill("Only once")
    lose_the_response(page)
    field.press("Enter")
    expect(page.locator(".edit .problem-place")).to_contain_text("The server can't be reached.")
    field.press("Enter")
    expect(page.locator(".question")).to_contain_text("Version 2 of 2")
    check_it_is_there_once(page, "Only once", sandbox, 2)
    complain_no_more(page_errors, "ERR_CONNECTION_RESET", "Failed to fetch")


def test_without_scripts_a_browser_that_sends_again_by_itself(browser, site, sandbox):
    """As Chromium does where a connection breaks that it had used before."""
    place = urlsplit(site.url)
    with Proxy(str(place.hostname), int(place.port or 0)) as proxy:
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{proxy.port}", java_script_enabled=False
        )
        page = context.new_page()
        page.goto("/")
        send_by_the_button(page, "Hello")
        expect(page).to_have_url(re.compile("/c/"))
        page.goto("/")
        proxy.lose(after=b"POST / ", answer_to=b"Only once")
        send_by_the_button(page, "Only once")
        assert proxy.lost.wait(DEADLINE)
        expect(page).to_have_url(re.compile("/c/"))
        expect(page.locator(".question-text")).to_have_text("Only once")
        expect(page.locator("#conversations a", has_text="Only once")).to_have_count(1)
        context.close()


def send_by_the_button(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send").click()


def test_saying_the_same_again_is_another_question(page, answer):
    keys = {page.evaluate(KEY)}
    for number in (2, 3):
        send(page, "Hello")
        expect(page.get_by_role("button", name="Good answer")).to_have_count(number)
        keys.add(page.evaluate(KEY))
    expect(page.locator(".question-text")).to_have_count(3)
    assert len(keys) == 3 and all(keys)


def test_a_page_one_goes_back_to_carries_no_key_that_was_sent(page, answer):
    """At an address of its own, which no browser takes for changed by what was posted."""
    page.goto(f"{page.url}?at={answer.get_attribute('id').removeprefix('m-')}")
    for asked in (2, 3):
        send(page, "Again")
        expect(page.get_by_role("button", name="Good answer")).to_have_count(asked)
        page.goto("/")
        page.go_back()
        expect(page.locator(".question-text")).to_have_count(asked)
    page.reload()
    expect(page.locator(".question-text", has_text="Again")).to_have_count(2)
