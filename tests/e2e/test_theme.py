"""The switch between light and dark, with and without scripts."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_colours_change_at_once_and_stay(page):
    page.emulate_media(color_scheme="light")
    page.goto("/")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_css("color-scheme", "dark")
    expect(page.get_by_role("button", name="Dark")).to_be_focused()
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.locator("html")).to_have_css("color-scheme", "dark")
    page.get_by_role("button", name="Same as the system").click()
    expect(page.locator("html")).to_have_css("color-scheme", "light dark")


def test_without_javascript_the_page_comes_back_in_other_colours(browser, site):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(f"{site.url}/")
    context.close()
