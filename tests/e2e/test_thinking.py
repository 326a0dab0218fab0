"""What a model thought before its answer: folded, live, and apart from the answer."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_chat import last_answer, send, wait_until

pytestmark = pytest.mark.browser

FROM_THE_END = "document.body.scrollHeight - innerHeight - scrollY"
THINKING = re.compile(r"^\s*Thinking… \d+ s\s*$")
THOUGHT = re.compile(r"^\s*Thought for \d+ s\s*$")


@pytest.fixture(autouse=True)
def sandbox(sandbox_server):
    sandbox_server.reset()
    return sandbox_server


def fold(page: Page):
    return last_answer(page).locator("details.thinking")


def thought(page: Page) -> str:
    return last_answer(page).locator(".thought").text_content() or ""


def begin(page: Page, text: str) -> None:
    page.goto("/")
    send(page, text)
    expect(fold(page)).to_be_visible()


def expect_the_end(page: Page) -> None:
    expect(last_answer(page).get_by_role("button", name="Good answer")).to_be_visible()
    expect(fold(page).locator("summary")).to_have_text(THOUGHT)


@pytest.mark.parametrize("kind", ["reasoning", "think"])
def test_thinking_is_folded_and_live(page, sandbox, kind):
    page.set_viewport_size({"width": 390, "height": 600})
    begin(page, f"Hello there [[{kind}=120 tps=20]]")
    summary = fold(page).locator("summary")
    expect(summary).to_have_text(THINKING)
    expect(last_answer(page).locator(".thought")).not_to_be_visible()
    first = summary.text_content()
    expect(summary).not_to_have_text(first or "")
    summary.press("Enter")
    expect(last_answer(page).locator(".thought")).to_be_visible()
    before = thought(page)
    wait_until(page, f"document.querySelector('.thought').textContent.length > {len(before)}")
    assert thought(page).startswith(before.rstrip())
    expect_the_end(page)
    expect(last_answer(page).locator(".thought")).to_be_visible()
    expect(summary).to_be_focused()
    wait_until(page, f"{FROM_THE_END} < 120")
    sent = sandbox.requests()[-1]["sent_text"]
    answer = last_answer(page).locator(".answer-body").inner_text()
    assert answer.split() == sent.rpartition("</think>")[2].split()
    page.reload()
    expect(last_answer(page).locator(".thought")).not_to_be_visible()
    assert thought(page).startswith("The question has to be understood first. Then comes")
    expect(summary).to_have_text(THOUGHT)


def test_text_moves_into_the_fold_when_its_end_is_marked(page, sandbox):
    page.goto("/")
    send(page, "Hello there [[think_end=30 tps=15]]")
    expect(last_answer(page).locator(".answer-body")).to_contain_text("has to be understood")
    expect(fold(page)).not_to_be_visible()
    expect_the_end(page)
    expect(last_answer(page).locator(".answer-body")).not_to_contain_text("has to be understood")
    assert "has to be understood" in thought(page)


def test_a_reload_in_the_middle_goes_on_counting_and_a_stop_keeps_it(page, sandbox):
    begin(page, "Hello there [[reasoning=2000 tps=20]]")
    summary = fold(page).locator("summary")
    later = re.compile(r"^\s*Thinking… ([2-9]|\d\d) s\s*$")
    expect(summary).to_have_text(later)
    page.reload()
    expect(last_answer(page).locator(".thought")).not_to_be_empty()
    expect(summary).to_have_text(later)
    assert thought(page).startswith("The question has to be understood first. Then comes")
    last_answer(page).get_by_role("button", name="Stop").click()
    expect(last_answer(page)).to_contain_text("Stopped before anything was written.")
    expect(summary).to_have_text(THOUGHT)
    expect(last_answer(page).get_by_role("button", name="Good answer")).to_have_count(0)


def test_thinking_is_not_sent_back(page, sandbox):
    begin(page, "Hello there [[reasoning=5]]")
    expect_the_end(page)
    send(page, "And then? [[think=5]]")
    expect(page.locator(".answer")).to_have_count(2)
    expect_the_end(page)
    send(page, "And now?")
    expect(page.locator(".answer").nth(2).get_by_role("button", name="Good")).to_be_visible()
    bodies = [str(request) for request in sandbox.requests()]
    assert "And then?" in bodies[-1]
    assert not any("has to be" in str(request["messages"]) for request in sandbox.requests())


def test_without_scripts_the_fold_is_there(page, browser, site):
    begin(page, "Hello there [[reasoning=5]]")
    expect_the_end(page)
    state = page.context.storage_state()
    with browser.new_context(java_script_enabled=False, storage_state=state) as context:
        plain = context.new_page()
        plain.goto(page.url)
        expect(plain.locator(".thinking summary")).to_have_text(THOUGHT)
        expect(plain.locator(".thought")).not_to_be_visible()
        plain.locator(".thinking summary").click()
        expect(plain.locator(".thought")).to_be_visible()


def test_screen_readers_are_not_told_each_piece(page, sandbox):
    begin(page, "Hello there [[reasoning=5]]")
    expect_the_end(page)
    expect(page.locator(":is([aria-live], [role=status], [role=alert]) .thinking")).to_have_count(0)
    expect(page.locator(".thinking :is([aria-live], [role=status])")).to_have_count(0)
