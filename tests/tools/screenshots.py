"""make screenshots: the main pages into docs/screenshots, in light, in the dark and on a phone.

A visitor and a member of staff do what the README tells of, on a site and a sandbox of their own.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.test_three_jobs import QUESTION, SHOWCASE
from tests.fixtures.browser import ARGUMENTS, where_chromium_is
from tests.sandbox_process import SandboxProcess
from tests.site_process import ROOT, Site

FOLDER = ROOT / "docs" / "screenshots"
LOOKS = {
    "": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "-dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "-phone": {
        "viewport": {"width": 390, "height": 844},
        "color_scheme": "light",
        "device_scale_factor": 2,
    },
}
STAFF_PAGES = {
    "review": "/admin/feedback/rating/",
    "numbers": "/admin/feedback/rating/numbers/",
    "delivery": "/admin/feedback/delivery/",
}


def main() -> int:
    chromium = where_chromium_is()
    if not chromium:
        print("There is no chromium here: install it, or say where it is in CHROMIUM.")
        return 1
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sandbox = stack.enter_context(SandboxProcess(ingest_delay_min=0, ingest_delay_max=0))
        site = stack.enter_context(Site(folder / "site", sandbox)).start()
        site.manage("shell", "-c", SHOWCASE)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        with person(browser, site) as page:
            address = chat(page)
            state = page.context.storage_state()
        staff_state = signed_in(browser, site)
        for look in LOOKS:
            with context(browser, site, look, state) as visitor:
                shoot_chat(visitor.new_page(), address, look)
            with context(browser, site, look, staff_state) as staff:
                for name, url in STAFF_PAGES.items():
                    page = staff.new_page()
                    page.goto(url)
                    picture(page, name + look)
        browser.close()
    return 0


@contextmanager
def context(
    browser: Browser, site: Site, look: str, state: object = None
) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=site.url, storage_state=state, **LOOKS[look])  # type: ignore[arg-type]
    yield made
    made.close()


@contextmanager
def person(browser: Browser, site: Site) -> Iterator[Page]:
    with context(browser, site, "") as made:
        yield made.new_page()


def chat(page: Page) -> str:
    """Ask, and rate what came; where that was."""
    page.goto("/")
    page.get_by_role("textbox").fill(QUESTION)
    page.keyboard.press("Enter")
    good = page.get_by_role("button", name="Good answer")
    expect(good).to_be_visible(timeout=30_000)
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Clear").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Save")).to_be_hidden()
    return page.url


def shoot_chat(page: Page, address: str, look: str) -> None:
    page.goto("/")
    picture(page, "home" + look)
    page.goto(address)
    page.evaluate("scrollTo(0, 0)")
    picture(page, "chat" + look)
    page.get_by_role("button", name="Good answer").click()  # withdrawn, and given again
    page.get_by_role("button", name="Good answer").click()
    expect(page.get_by_label("Clear")).to_be_visible()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    picture(page, "thumb" + look)


def signed_in(browser: Browser, site: Site) -> object:
    with person(browser, site) as page:
        page.goto("/admin/")
        page.locator("input[name=login]").fill(site.staff[0])
        page.get_by_label("Password").fill(site.staff[1])
        page.keyboard.press("Enter")
        page.wait_for_url("/admin/")
        return page.context.storage_state()


def picture(page: Page, name: str) -> None:
    # Hiding the caret takes a style of Playwright's own, which our policy refuses.
    page.screenshot(path=FOLDER / f"{name}.png", caret="initial")
    print(f"docs/screenshots/{name}.png", flush=True)


if __name__ == "__main__":
    sys.exit(main())
