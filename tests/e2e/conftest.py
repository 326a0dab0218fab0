"""What several tests of the browser begin with."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def answer(page, sandbox_server):
    """The finished answer to a greeting, on its page."""
    sandbox_server.reset()
    page.goto("/")
    page.get_by_label("Your message").fill("Hello")
    page.get_by_label("Your message").press("Enter")
    answer = page.locator(".answer")
    expect(answer.get_by_role("button", name="Good answer")).to_be_visible()
    return answer
