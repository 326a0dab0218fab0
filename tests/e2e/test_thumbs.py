"""The thumbs in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def thumb(answer, name):
    return answer.get_by_role("button", name=f"{name} answer")


def test_a_click_presses_it_keeps_the_focus_and_asks_why(page, answer):
    thumb(answer, "Good").click()
    expect(thumb(answer, "Good")).to_have_attribute("aria-pressed", "true")
    expect(thumb(answer, "Good")).to_be_focused()
    answer.get_by_label("Clear").check()
    answer.get_by_label("In your own words").fill("It listened.")
    answer.get_by_role("button", name="Save").click()
    expect(answer.get_by_text("Thank you")).to_be_focused()
    page.reload()
    expect(thumb(answer, "Good")).to_have_attribute("aria-pressed", "true")
    answer.get_by_text("Change your reasons").click()
    expect(answer.get_by_label("Clear")).to_be_checked()
    expect(answer.get_by_label("In your own words")).to_have_value("It listened.")
    answer.get_by_text("No thanks").click()
    expect(answer.get_by_label("Clear")).to_have_count(0)


def test_clicks_end_as_the_last_one_says(page, answer):
    """All before the first response: the first click is sent, then the last one."""
    with page.expect_response(lambda response: "-1" in (response.request.post_data or "")):
        thumb(answer, "Good").evaluate(
            """good => {
                const bad = good.form.querySelector("[id^=down-]");
                for (const button of [good, bad, good, bad]) button.click();
            }"""
        )
    page.reload()
    expect(thumb(answer, "Good")).to_have_attribute("aria-pressed", "false")
    expect(thumb(answer, "Bad")).to_have_attribute("aria-pressed", "true")


def test_the_same_thumb_again_withdraws(page, answer):
    thumb(answer, "Bad").click()
    expect(thumb(answer, "Bad")).to_have_attribute("aria-pressed", "true")
    thumb(answer, "Bad").click()
    expect(thumb(answer, "Bad")).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(thumb(answer, "Bad")).to_have_attribute("aria-pressed", "false")


def test_a_thumb_that_was_not_saved_stays_unpressed_and_says_so(page, answer, page_errors):
    page.context.set_offline(True)
    thumb(answer, "Good").click()
    expect(answer.get_by_text("The server can't be reached")).to_be_visible()
    expect(thumb(answer, "Good")).to_have_attribute("aria-pressed", "false")
    page.context.set_offline(False)
    thumb(answer, "Good").click()
    expect(thumb(answer, "Good")).to_have_attribute("aria-pressed", "true")
    expect(answer.locator(".problem")).to_have_count(0)
    page_errors.clear()


def test_without_javascript_one_sends_rates_and_says_why(browser, site, sandbox_server):
    sandbox_server.reset()
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page: Page = context.new_page()
    page.goto("/")
    page.get_by_label("Your message").fill("Hello")
    page.get_by_role("button", name="Send").click()
    answer = page.locator(".answer")
    expect(thumb(answer, "Good")).to_be_visible()  # the page reloads by itself
    thumb(answer, "Bad").click()
    expect(page).to_have_url(re.compile("reasons="))
    expect(thumb(answer, "Bad")).to_have_attribute("aria-pressed", "true")
    answer.get_by_label("Too long").check()
    answer.get_by_role("button", name="Save").click()
    expect(answer.get_by_text("Change your reasons")).to_be_visible()
    context.close()
