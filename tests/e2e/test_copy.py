"""Copying an answer, and a block of its code."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ECHOING = """
from chatapp.models import PromptVersion
first = PromptVersion.objects.get()
first.weight = 0
first.save()
PromptVersion(assistant=first.assistant, model="echo").save()
"""
LINES = "".join(f"x{number} = {number}\n" for number in range(600))
TEXT = f"Some *code*:\n\n```python\n{LINES}```\n\nThat was **it**."


@pytest.fixture(scope="module")
def site(start_site):
    """Answers with what was asked."""
    site = start_site()
    site.manage("shell", "-c", ECHOING)
    return site


@pytest.fixture
def answer(page, sandbox_server):
    sandbox_server.reset()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    page.get_by_label("Your message").fill(TEXT)
    page.get_by_label("Your message").press("Enter")
    answer = page.locator(".answer")
    expect(answer.get_by_role("button", name="Good answer")).to_be_visible()
    return answer


def copied(page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_an_answer_is_copied_as_it_was_written_and_that_is_said(page, answer):
    answer.get_by_role("button", name="Copy the answer").click()
    expect(page.locator("#announcer")).to_have_text("Copied")
    assert copied(page) == TEXT
    expect(answer.get_by_role("button", name="Copy the answer")).to_be_focused()


def test_a_block_of_code_is_copied_whole(page, answer):
    assert answer.locator(".code.continues").count()
    expect(answer.get_by_role("button", name="Copy the code")).to_have_count(1)
    answer.get_by_role("button", name="Copy the code").click()
    expect(page.locator("#announcer")).to_have_text("Copied")
    assert copied(page) == LINES


@pytest.mark.parametrize("name", ["Copy the answer", "Copy the code"])
def test_the_site_is_told_that_an_answer_was_copied(page, answer, name):
    with page.expect_response("**/copied/") as told:
        answer.get_by_role("button", name=name).click()
    assert told.value.status == 204


def test_what_can_not_be_copied_is_said(page, answer, page_errors):
    page.route("**/source/", lambda route: route.abort())
    answer.get_by_role("button", name="Copy the answer").click()
    expect(page.locator("#announcer")).to_have_text("It could not be copied.")
    assert all("ERR_FAILED" in error for error in page_errors)
    page_errors.clear()


def test_without_scripts_nothing_offers_to_copy(browser, page, answer, site):
    context = browser.new_context(
        base_url=site.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(page.url)
    expect(plain.locator(".answer .thumbs")).to_be_visible()
    expect(plain.locator(".copy").first).to_be_hidden()
    context.close()
