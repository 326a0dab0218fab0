"""The next message, sent while an answer runs: it waits, can be taken back, goes or returns."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.test_chat import complain_no_more, last_answer, send, wait_until

pytestmark = pytest.mark.browser

LONG = "Go on [[tokens=2000 tps=50 times=1]]"
SHORT = "Go on [[tokens=150 tps=50 times=1]]"
NEXT = "And then?\n  Indented"


@pytest.fixture(autouse=True)
def calm(sandbox_server):
    sandbox_server.reset()


def begin(page: Page, text: str) -> None:
    page.goto("/")
    send(page, text)
    expect(page).to_have_url(re.compile("/c/"))
    expect(last_answer(page).locator(".answer-tail, .answer-done").first).not_to_be_empty()


def waiting(page: Page) -> Locator:
    return page.locator(".waiting-message")


def field(page: Page) -> Locator:
    return page.get_by_label("Your message")


def second_tab(page: Page) -> Page:
    other = page.context.new_page()
    other.goto(page.url)
    return other


def test_it_waits_in_all_tabs_and_after_a_reload_then_goes_once(page):
    begin(page, "Go on [[tokens=400 tps=50 times=1]]")
    other = second_tab(page)
    send(page, NEXT)
    expect(field(page)).to_have_value("")
    for tab in (page, other):
        expect(waiting(tab).locator(".waiting-text")).to_have_text(NEXT)
        expect(waiting(tab)).to_contain_text("Waits until the answer has ended.")
    expect(page.locator("#announcer")).to_have_text(
        "Your message waits until the answer has ended."
    )
    page.reload()
    expect(waiting(page).locator(".waiting-text")).to_have_text(NEXT)
    for tab in (page, other):
        expect(tab.locator(".question-text").nth(1)).to_have_text(NEXT)
        expect(tab.get_by_role("button", name="Good answer")).to_have_count(2)
        expect(waiting(tab)).to_have_count(0)
        expect(tab.locator(".message")).to_have_count(4)
    page.reload()
    expect(page.locator(".question-text")).to_have_count(2)
    expect(field(page)).to_have_value("")


def test_it_can_be_taken_back_by_keyboard_and_is_gone_everywhere(page):
    begin(page, LONG)
    other = second_tab(page)
    send(page, NEXT)
    expect(waiting(other)).to_be_visible()
    page.get_by_role("button", name="Take back").press("Enter")
    expect(field(page)).to_have_value(NEXT)
    expect(field(page)).to_be_focused()
    for tab in (page, other):
        expect(waiting(tab)).to_have_count(0)
    field(page).fill("Another one")
    field(page).press("Enter")
    expect(waiting(other).locator(".waiting-text")).to_have_text("Another one")
    page.get_by_role("button", name="Stop").click()


def test_a_lost_response_of_taking_back_loses_no_text(page, page_errors):
    begin(page, LONG)
    send(page, NEXT)
    expect(waiting(page)).to_be_visible()

    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/take-back/", lose, times=1)
    # The stream tells that it is gone within a second: what is on the page stays until then.
    page.evaluate("document.addEventListener('htmx:before:swap', (e) => e.preventDefault())")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("The server can't be reached")).to_be_visible()
    with page.expect_response("**/take-back/") as response:
        page.get_by_role("button", name="Take back").click()
    assert "data-taken-back" in response.value.text() and "Indented" in response.value.text()
    complain_no_more(page_errors, "ERR_FAILED", "Failed to fetch")


def test_after_a_stopped_answer_it_returns_before_what_is_typed(page):
    begin(page, LONG)
    send(page, NEXT)
    expect(waiting(page)).to_be_visible()
    field(page).fill("Something else")
    page.get_by_role("button", name="Stop").click()
    expect(last_answer(page)).to_have_attribute("data-status", "stopped")
    expect(field(page)).to_have_value(f"{NEXT}\n\nSomething else")
    expect(waiting(page)).to_have_count(0)
    expect(page.locator("#composer").get_by_role("alert")).to_contain_text(
        "The answer was stopped, so this message was not sent."
    )
    expect(page.locator(".question")).to_have_count(1)
    page.reload()
    expect(field(page)).to_have_value(f"{NEXT}\n\nSomething else")


def test_after_a_failed_answer_it_returns_to_the_tab_that_is_used(page):
    begin(page, "Go on [[tokens=300 tps=50 cut=150 times=1]]")
    other = second_tab(page)
    send(page, NEXT)
    for tab in (page, other):
        tab.bring_to_front()
        expect(last_answer(tab)).to_have_attribute("data-status", "interrupted")
        expect(waiting(tab)).to_have_count(0)
    values = [field(tab).input_value() for tab in (page, other)]
    assert sorted(values) == ["", NEXT]


def test_what_returned_while_no_page_was_open_is_taken_by_the_next(page):
    begin(page, LONG)
    url = page.url
    send(page, NEXT)
    expect(waiting(page)).to_be_visible()
    stop = page.locator("form.stop").get_attribute("action")
    page.goto("about:blank")
    page.goto("/")
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    page.request.post(stop, form={"csrfmiddlewaretoken": token}, headers={"Referer": url})
    page.goto(url)
    expect(field(page)).to_have_value(NEXT)
    expect(waiting(page)).to_have_count(0)


def test_a_second_one_is_refused_and_keeps_its_text(page, page_errors):
    begin(page, LONG)
    send(page, NEXT)
    expect(waiting(page)).to_be_visible()
    send(page, "One more")
    expect(page.locator("#composer").get_by_role("alert")).to_contain_text("waits here already")
    expect(field(page)).to_have_value("One more")
    expect(waiting(page)).to_have_count(1)
    page.get_by_role("button", name="Stop").click()
    expect(field(page)).to_have_value(f"{NEXT}\n\nOne more")
    complain_no_more(page_errors, "409")


def test_on_a_phone_it_fits_and_its_button_can_be_touched(page):
    page.set_viewport_size({"width": 390, "height": 800})
    begin(page, LONG)
    send(page, "x" * 300 + "\n" * 40 + "y")
    expect(waiting(page)).to_be_visible()
    wait_until(page, "document.scrollingElement.scrollWidth <= innerWidth")
    assert page.get_by_role("button", name="Take back").bounding_box()["height"] >= 24
    page.get_by_role("button", name="Stop").click()
    expect(last_answer(page)).to_have_attribute("data-status", "stopped")


def test_without_scripts_it_is_shown_and_taken_back_into_the_field(page, browser, site):
    begin(page, LONG)
    send(page, NEXT)
    expect(waiting(page)).to_be_visible()
    context = browser.new_context(
        base_url=site.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(page.url)
    expect(waiting(plain)).to_contain_text("Waits until the answer has ended.")
    plain.get_by_role("button", name="Take back").click()
    expect(field(plain)).to_have_value(NEXT)
    expect(waiting(plain)).to_have_count(0)
    field(plain).fill("Too early")
    plain.get_by_role("button", name="Send").click()
    expect(plain.get_by_role("alert").filter(has_text="still being written")).to_be_visible()
    expect(field(plain)).to_have_value("Too early")
    expect(waiting(page)).to_have_count(0)
    page.get_by_role("button", name="Stop").click()
    context.close()
