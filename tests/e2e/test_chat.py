"""The chat in a real browser: what typing, waiting and failing feel like."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.patience import DEADLINE
from tests.resilience import stored

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def calm(sandbox_server):
    sandbox_server.reset()


def send(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")


def last_answer(page: Page):
    return page.locator(".answer").last


def wait_until(page: Page, expression: str) -> None:
    """As wait_for_function, which our policy against eval forbids."""
    deadline = time.monotonic() + DEADLINE
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(20)


def complain_no_more(page_errors, *expected):
    """What a failing request makes the console say is expected; anything else is not."""
    unexpected = [e for e in page_errors if not any(words in e for words in expected)]
    assert unexpected == []
    page_errors.clear()


def test_enter_sends_and_the_answer_comes_with_its_thumbs(page):
    page.goto("/")
    expect(page.get_by_label("Your message")).to_be_focused()
    send(page, "Hello, I am glad to be here.")
    expect(page).to_have_url(re.compile("/c/"))
    expect(page).to_have_title(re.compile("Hello, I am glad"))
    expect(page.get_by_role("button", name="Good answer")).to_be_visible()
    expect(page.get_by_label("Your message")).to_be_focused()
    expect(page.get_by_label("Your message")).to_have_value("")
    expect(page.get_by_role("navigation").get_by_text("Hello, I am glad")).to_have_attribute(
        "aria-current", "page"
    )


def test_shift_enter_starts_a_new_line(page):
    page.goto("/")
    field = page.get_by_label("Your message")
    field.press_sequentially("one")
    field.press("Shift+Enter")
    field.press_sequentially("two")
    expect(field).to_have_value("one\ntwo")
    field.press("Enter")
    expect(page.locator(".question-text")).to_have_text("one\ntwo")


def test_a_draft_survives_a_reload_and_goes_when_it_is_sent(page):
    page.goto("/")
    page.get_by_label("Your message").fill("Half a thou")
    page.reload()
    expect(page.get_by_label("Your message")).to_have_value("Half a thou")
    page.get_by_label("Your message").press("Enter")
    expect(page).to_have_url(re.compile("/c/"))
    page.goto("/")
    expect(page.get_by_label("Your message")).to_have_value("")


def test_what_is_refused_is_said_and_stays_in_the_field(page, page_errors):
    page.goto("/")
    send(page, "x" * 16_001)
    expect(page.get_by_role("alert").filter(has_text="16,001 characters")).to_be_visible()
    assert len(page.get_by_label("Your message").input_value()) == 16_001
    send(page, "Short")
    expect(page).to_have_url(re.compile("/c/"))
    expect(page.locator(".problem")).to_have_count(0)
    complain_no_more(page_errors, "422")


def test_offline_sending_says_so_and_keeps_the_text(page, page_errors):
    page.goto("/")
    page.context.set_offline(True)
    send(page, "Into the void")
    expect(page.get_by_text("The server can't be reached")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("Into the void")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".question-text")).to_have_text("Into the void")
    complain_no_more(page_errors, "ERR_INTERNET_DISCONNECTED", "Failed to fetch")


def test_a_fault_of_the_server_says_so_and_keeps_the_text(page, page_errors):
    page.goto("/")
    page.route("/", lambda route: route.fulfill(status=500, body="<h1>Oops</h1>"))
    send(page, "Are you there?")
    expect(page.get_by_text("Something broke on our side")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("Are you there?")
    expect(page.get_by_text("Oops")).to_have_count(0)
    expect(page.locator(".error-id")).to_have_count(0)  # this one came from no log of ours
    complain_no_more(page_errors, "500")


def test_an_unexpected_error_names_its_request(page, answer, site, page_errors):
    broken = "UPDATE chatapp_message SET images = '5' WHERE conversation_id = %s RETURNING id"
    assert stored.rows(site, broken, page.url.rstrip("/").rpartition("/")[2])
    with page.expect_response(lambda response: response.status == 500) as failed:
        page.get_by_role("button", name="Another answer").click()
    problem = answer.locator("[id$='-tools-problem']")
    expect(problem).to_contain_text("Something broke on our side")
    expect(problem.locator(".error-id code")).to_have_text(failed.value.headers["x-request-id"])
    complain_no_more(page_errors, "500")


def test_escape_stops_an_answer_and_keeps_what_came(page):
    page.goto("/")
    send(page, "Go on [[tokens=2000 tps=50]]")
    expect(last_answer(page).locator(".answer-tail, .answer-done").first).not_to_be_empty()
    page.keyboard.press("Escape")
    expect(last_answer(page)).to_have_attribute("data-status", "stopped")
    expect(last_answer(page).get_by_text("The rest was not written")).to_be_visible()
    expect(last_answer(page).get_by_role("button", name="Good answer")).to_be_visible()


def test_the_end_of_an_answer_is_announced_once(page):
    page.goto("/")
    page.evaluate(
        """() => {
            window.said = [];
            new MutationObserver(() => {
                const words = document.getElementById("announcer").textContent;
                if (words) said.push(words);
            }).observe(document.getElementById("announcer"), {childList: true});
        }"""
    )
    send(page, "Count for me [[tokens=60 tps=100]]")
    expect(page.get_by_role("button", name="Good answer")).to_be_visible()
    assert page.evaluate("said") == ["The answer is complete."]


def test_a_failed_answer_can_be_tried_again(page):
    page.goto("/")
    send(page, "Only the second time [[status=400 times=1]]")
    expect(page.get_by_text("The provider didn't accept the request.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Good answer")).to_be_visible()
    expect(page.locator(".answer")).to_have_count(1)


def test_the_first_connection_of_a_stream_is_tried_until_it_is_there(page, page_errors):
    page.goto("/")
    failures: list[str] = []

    def fail_twice(route):
        if len(failures) < 2:
            failures.append(route.request.url)
            route.abort()
        else:
            route.fallback()

    page.route("**/stream/", fail_twice)
    send(page, "Hello")
    expect(page.get_by_role("button", name="Good answer")).to_be_visible()
    assert len(failures) == 2
    complain_no_more(page_errors, "ERR_FAILED", "Failed to fetch")


def test_too_many_open_streams_are_said_and_tried_again(page, page_errors):
    page.clock.install()
    page.goto("/")
    refused: list[str] = []

    def refuse_once(route):
        if refused:
            route.fallback()
            return
        refused.append(route.request.url)
        html = '<p class="problem"><span>Too many tabs.</span></p>'
        route.fulfill(status=429, content_type="text/html", body=html)

    page.route("**/stream/", refuse_once)
    send(page, "Hello")
    expect(page.get_by_role("alert").get_by_text("Too many tabs.")).to_be_visible()
    page.clock.fast_forward(20_000)
    expect(page.get_by_role("button", name="Good answer")).to_be_visible()
    expect(page.get_by_text("Too many tabs.")).to_have_count(0)
    complain_no_more(page_errors, "429")


def test_back_and_forward_show_the_pages_left(page):
    page.goto("/")
    send(page, "Hello")
    expect(page.get_by_role("button", name="Good answer")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Ask something.")).to_be_visible()
    page.go_forward()
    expect(page.locator(".question-text")).to_have_text("Hello")


def test_who_reads_above_is_left_alone_and_can_jump_down(page):
    page.set_viewport_size({"width": 800, "height": 500})
    page.goto("/")
    send(page, "At length [[tokens=800 tps=300]]")
    wait_until(page, "document.scrollingElement.scrollHeight > 1500")
    page.mouse.move(400, 200)
    page.mouse.wheel(0, -600)
    expect(page.get_by_role("button", name="Jump to the end")).to_be_visible()
    before = page.evaluate("scrollY")
    expect(page.get_by_role("button", name="Good answer")).to_be_attached()
    assert abs(page.evaluate("scrollY") - before) < 5
    page.get_by_role("button", name="Jump to the end").click()
    wait_until(page, "document.scrollingElement.scrollHeight - innerHeight - scrollY < 5")


def test_rename_in_place(page):
    page.goto("/")
    send(page, "Hello")
    expect(page.get_by_role("button", name="Good answer")).to_be_visible()
    page.get_by_label("Conversation menu").click()
    page.get_by_label("Name", exact=True).fill("A better name")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A better name")
    expect(page.get_by_role("navigation").get_by_text("A better name")).to_be_visible()
    expect(page).to_have_title(re.compile("A better name"))


def test_a_first_visit_is_small(page):
    seen = []
    page.on("requestfinished", lambda request: seen.append(request.sizes()))
    page.goto("/", wait_until="networkidle")
    assert len(seen) <= 8
    assert sum(sizes["responseBodySize"] for sizes in seen) < 100_000
