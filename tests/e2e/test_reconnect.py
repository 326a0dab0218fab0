"""An answer survives what people do to a page, and what happens to its server."""

import pytest
from playwright.sync_api import Page, Request, expect

from tests.e2e.test_chat import last_answer, send, wait_until
from tests.site_process import Site

pytestmark = pytest.mark.browser

SLOW = "Tell me more. [[tokens=150 tps=50]]"
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
  const state = hidden ? "hidden" : "visible";
  Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(autouse=True)
def sandbox(sandbox_server):
    sandbox_server.reset()
    return sandbox_server


def begin(page: Page, text: str) -> None:
    page.goto("/")
    send(page, text)
    expect(last_answer(page).locator(".answer-done p").first).to_be_visible()


def check_whole(page: Page, sandbox) -> None:
    expect(last_answer(page).get_by_role("button", name="Good answer")).to_be_visible()
    shown = last_answer(page).locator(".answer-body").inner_text()
    assert shown.split() == sandbox.requests()[-1]["sent_text"].split()


def test_a_hidden_tab_lets_go_and_catches_up(page, sandbox):
    asked_for: list[Request] = []
    page.on("request", lambda sent: asked_for.append(sent))
    begin(page, SLOW)
    with page.expect_event("requestfailed", lambda request: "/stream/" in request.url):
        page.evaluate(HIDE, True)
    before = last_answer(page).locator(".answer-body").inner_text()
    wait_for_the_end(sandbox)
    assert last_answer(page).locator(".answer-body").inner_text() == before
    page.evaluate(HIDE, False)
    check_whole(page, sandbox)
    last = [sent for sent in asked_for if "/stream/" in sent.url][-1]
    assert int(last.all_headers()["last-event-id"]) > 0


def wait_for_the_end(sandbox) -> None:
    sandbox.wait_for(lambda: sandbox.requests()[-1]["complete"])


def test_a_reload_in_the_middle_loses_nothing(page, sandbox):
    begin(page, SLOW)
    page.reload()
    check_whole(page, sandbox)
    page.reload()
    check_whole(page, sandbox)


def test_a_page_hears_that_its_server_died_and_tries_again(
    browser, start_site, sandbox, page_errors
):
    site: Site = start_site()
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    begin(page, "Tell me more. [[tokens=2000 tps=50 times=1]]")
    site.kill()
    site.start()
    status = last_answer(page).locator(".answer-status")
    expect(status).to_contain_text("Interrupted.")
    page.get_by_role("button", name="Try again").click()
    expect(status).not_to_be_visible()
    check_whole(page, sandbox)
    expect(page.locator(".question")).to_have_count(1)
    context.close()


def test_an_answer_cut_by_length_continues_by_a_click(page, sandbox):
    page.goto("/")
    send(page, "A long story. [[length=12]]")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".question").last).to_contain_text("Continue where you stopped.")
    wait_until(page, "document.querySelectorAll('.answer .rating').length === 2")
    expect(page.get_by_role("button", name="Continue", exact=True)).not_to_be_visible()
    check_whole(page, sandbox)
