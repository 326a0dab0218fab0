"""Every page that has an address of its own, walked from the map of URLs: axe finds nothing, and
nothing sticks out. Pages of one thing (a conversation, an answer) have tests that make it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.architecture.urlmap import routes
from tests.e2e.test_accessibility import OPTIONS, fits
from tests.fixtures.browser import prove
from tests.site_process import Site

pytestmark = pytest.mark.browser

LOOKS = {"light": (1280, "light"), "dark": (1280, "dark"), "phone": (320, "light")}
OUTSIDE = ("/admin/login/", "/admin/logout/", "/admin/jsi18n/", "/admin/autocomplete/")


LAW = [rule for rule in OPTIONS["runOnly"] if rule != "best-practice"]
# Django's own, on its page of a group.
DJANGOS = 'class="help-tooltip'


def addresses(admin: bool) -> list[str]:
    found = (f"/{r.path}" for r in routes() if "<" not in r.path and (r.group == "admin") is admin)
    return sorted({url for url in found if not url.startswith(OUTSIDE)})


@pytest.fixture(params=sorted(LOOKS))
def look(request: pytest.FixtureRequest) -> tuple[int, str]:
    return LOOKS[request.param]


def opened(browser: Browser, site: Site, look: tuple[int, str]) -> Page:
    width, scheme = look
    context = browser.new_context(
        base_url=site.url,
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
        bypass_csp=True,  # axe is put into the page as a script
    )
    return context.new_page()


def complaints(page: Page, url: str) -> list[str]:
    """Of the admin, which is Django's, what the law asks for; of our own pages what is good too."""
    rules = LAW if url.startswith("/admin/") else OPTIONS["runOnly"]
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    nodes = [f"{one['id']}: {node['html'][:150]}" for one in found for node in one["nodes"]]
    return [node for node in nodes if DJANGOS not in node]


def findings(page: Page, urls: list[str]) -> dict[str, list[str]]:
    found = {}
    for url in urls:
        asked = page.request.get(url, max_redirects=0)
        if asked.status != 200 or not asked.headers["content-type"].startswith("text/html"):
            continue
        page.goto(url)
        found[url] = complaints(page, url) + (
            [] if fits(page) else ["It is wider than the window."]
        )
    assert len(found) > 5, found
    return {url: what for url, what in found.items() if what}


def test_a_visitors_pages(browser: Browser, site: Site, look: tuple[int, str]) -> None:
    page = opened(browser, site, look)
    assert findings(page, addresses(admin=False)) == {}
    page.context.close()


def test_a_persons_pages(browser: Browser, site: Site, look: tuple[int, str]) -> None:
    page = opened(browser, site, look)
    page.goto("/accounts/signup/")
    page.get_by_label("Email").fill(f"every-{look[0]}-{look[1]}@example.org")
    page.get_by_label("Password").fill("Browser-pass-1")
    page.locator("main button").click()
    page.wait_for_url("/")
    assert findings(page, addresses(admin=False)) == {}
    page.context.close()


@pytest.mark.timeout(300)
def test_the_staffs_pages(browser: Browser, site: Site, look: tuple[int, str]) -> None:
    page = opened(browser, site, look)
    page.goto("/admin/")
    page.locator("input[name=login]").fill(site.staff[0])
    page.get_by_label("Password").fill(site.staff[1])
    page.keyboard.press("Enter")
    page.wait_for_url("/admin/")
    prove(page, site.staff[1])
    assert findings(page, addresses(admin=True)) == {}
    page.context.close()
