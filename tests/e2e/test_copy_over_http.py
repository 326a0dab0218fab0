"""Copying on a page that isn't a secure context: plain HTTP under a name, as on an intranet."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_copy import ECHOING, LINES, TEXT

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser_arguments():
    return ["--host-resolver-rules=MAP chat.test 127.0.0.1"]


@pytest.fixture(scope="module")
def site(start_site):
    site = start_site(ALLOWED_HOSTS="127.0.0.1,chat.test")
    site.manage("shell", "-c", ECHOING)
    return site


@pytest.mark.parametrize(("name", "copied"), [("Copy the answer", TEXT), ("Copy the code", LINES)])
def test_an_answer_and_its_code_are_copied(page, site, sandbox_server, page_errors, name, copied):
    sandbox_server.reset()
    page.goto(site.url.replace("127.0.0.1", "chat.test"))
    assert page.evaluate("isSecureContext") is False
    page.get_by_label("Your message").fill(TEXT)
    page.get_by_label("Your message").press("Enter")
    expect(page.get_by_role("button", name="Good answer")).to_be_visible()
    button = page.locator(".answer").get_by_role("button", name=name)
    with page.expect_response("**/copied/"):
        button.click()
    expect(page.locator("#announcer")).to_have_text("Copied")
    expect(button).to_be_focused()
    page.get_by_label("Your message").focus()
    page.keyboard.press("Control+V")
    expect(page.get_by_label("Your message")).to_have_value(copied)
    # What chromium says of every page without HTTPS.
    assert all("Cross-Origin-Opener-Policy" in error for error in page_errors)
    page_errors.clear()
