"""Accounts in a real browser: by keyboard, without JavaScript, on a phone, in the dark."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
PASSWORD = "Browser-pass-1"
PAGES = ["login", "signup", "password/reset", "password/reset/done", "inactive", "confirm-email/1"]


def test_a_guest_signs_up_by_keyboard_and_keeps_the_conversation(page: Page, site):
    page.goto("/")
    expect(page.get_by_label("Your message")).to_be_focused()
    page.keyboard.type("Kept when I sign up?")
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/**")
    conversation = page.url
    page.goto(f"/accounts/signup/?next={conversation.removeprefix(site.url)}")
    expect(page.get_by_label("Email")).to_be_focused()
    page.keyboard.type("keys@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(conversation)
    expect(page.locator("#main")).to_contain_text("Kept when I sign up?")
    expect(page.locator("body")).to_contain_text("keys@example.org")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_without_javascript_on_a_phone(browser: Browser, site, dark):
    context = browser.new_context(
        base_url=site.url,
        java_script_enabled=False,
        viewport={"width": 320, "height": 640},
        color_scheme="dark" if dark else "light",
    )
    page = context.new_page()
    who = f"phone-{'dark' if dark else 'light'}@example.org"
    page.goto("/accounts/signup/")
    page.fill("#id_email", who)
    page.fill("#id_password1", PASSWORD)
    page.click("main button")
    page.goto("/accounts/logout/")
    page.click("main button")
    page.goto("/accounts/password/reset/")
    expect(page.locator("main")).to_contain_text("printed in the terminal")
    page.fill("#id_email", who)
    page.click("main button")
    page.goto(re.findall(r"http://\S+/password/reset/key/\S+", site.log)[-1])
    page.fill("#id_password1", "Another-pass-2")
    page.fill("#id_password2", "Another-pass-2")
    page.click("main button")
    expect(page).to_have_url(f"{site.url}/")
    page.goto("/accounts/email/")
    expect(page.locator("main")).to_contain_text(who)
    context.close()


def test_no_page_is_wider_than_a_small_phone(page: Page):
    page.set_viewport_size({"width": 320, "height": 640})
    for name in PAGES:
        page.goto(f"/accounts/{name}/")
        assert page.evaluate("document.documentElement.scrollWidth") == 320, name
    page.goto("/accounts/signup/")
    page.fill("#id_email", "a-rather-long-address-for-a-small-telephone@example.org")
    page.fill("#id_password1", PASSWORD)
    page.click("main button")
    page.wait_for_url("/")
    for name in ("", "delete/", "email/", "password/change/", "logout/", "reauthenticate/"):
        page.goto(f"/accounts/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") == 320, name
