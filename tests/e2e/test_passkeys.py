"""Second factors in chromium: a passkey of a virtual authenticator."""

import pytest
from playwright.sync_api import Page, expect

from tests.site_process import Site

pytestmark = pytest.mark.browser
PASSWORD = "Browser-pass-1"


def authenticator(page: Page) -> None:
    """A device that keeps passkeys, and says yes."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
        "hasResidentKey": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def at_localhost(site: Site) -> str:
    """Where passkeys work over http: they belong to a name, never to an address."""
    return site.url.replace("127.0.0.1", "localhost")


def sign_in(page: Page, start: str, email: str) -> None:
    page.goto(f"{start}/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_a_passkey_is_added_and_signs_in_and_confirms(page, site):
    start, email = at_localhost(site), "passkey@example.org"
    authenticator(page)
    page.goto(f"{start}/accounts/signup/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url(f"{start}/")
    page.goto(f"{start}/accounts/second-factor/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Name of the passkey").fill("Blue key")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.get_by_text("The passkey was added.")).to_be_visible()
    page.get_by_role("link", name="Second factor").click()
    expect(page.locator("main li")).to_contain_text("Blue key")
    page.context.clear_cookies()

    sign_in(page, start, email)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{start}/")
    page.goto(f"{start}/accounts/second-factor/passkeys/add/")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Add the passkey")).to_be_visible()


def test_a_passkey_that_is_refused_is_said_so(page, site):
    start, email = at_localhost(site), "refused@example.org"
    page.goto(f"{start}/accounts/signup/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url(f"{start}/")
    page.goto(f"{start}/accounts/second-factor/passkeys/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("can't use passkeys")).to_be_hidden()
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error()) }")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_text("That did not work.")).to_be_visible()
