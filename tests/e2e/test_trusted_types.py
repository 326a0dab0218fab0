"""Trusted Types in chromium: the pages work, and what no script of theirs does is refused."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_every_page import addresses
from tests.e2e.test_review_desk import MAKE
from tests.fixtures.browser import prove
from tests.site_process import Site

pytestmark = pytest.mark.browser
TRY = """(name) => {
  const text = "<b id='injected'>injected</b>";
  const deeds = {
    "innerHTML": () => { document.body.innerHTML = text },
    "insertAdjacentHTML": () => document.body.insertAdjacentHTML("beforeend", text),
    "DOMParser": () => new DOMParser().parseFromString(text, "text/html"),
    "parseHTMLUnsafe": () => Document.parseHTMLUnsafe(text),
    "srcdoc": () => { document.createElement("iframe").srcdoc = text },
    "script text": () => { document.createElement("script").textContent = "1" },
    "script address": () => { document.createElement("script").src = "/x.js" },
    "other policy": () => trustedTypes.createPolicy("other", { createHTML: (one) => one }),
    "second policy": () => trustedTypes.createPolicy("default", { createHTML: (one) => one }),
  };
  try { deeds[name](); return "passed" } catch (error) { return error.name }
}"""
REFUSED = (
    "innerHTML",
    "insertAdjacentHTML",
    "DOMParser",
    "parseHTMLUnsafe",
    "srcdoc",
    "script text",
    "script address",
    "other policy",
    "second policy",
)
SWAP = """async (url) => {
  const target = document.getElementById("main");
  if (!url) return htmx.swap({ text: "<b>injected</b>", target, swap: "beforeend", sourceElement: target })
    .then(() => "passed", (error) => error.name);
  const fetched = window.fetch;
  window.fetch = async () => {
    const response = new Response("<b id='answered'>answered</b>");
    Object.defineProperty(response, "url", { value: new URL(url, location.href).href });
    return response;
  };
  await htmx.ajax("GET", "/", { target, swap: "beforeend" });
  window.fetch = fetched;
  return document.getElementById("answered") ? "passed" : "dropped";
}"""
# Django's own forms, whose scripts need strings of HTML; see chatapp/settings.py.
EXEMPT = ("emailaddress", "group", "assistant", "promptversion", "user", "category", "reason")


def sign_in(page: Page, site: Site) -> None:
    page.goto("/admin/")
    page.locator("input[name=login]").fill(site.staff[0])
    page.get_by_label("Password").fill(site.staff[1])
    page.keyboard.press("Enter")
    page.wait_for_url("/admin/")
    prove(page, site.staff[1])


def probe(page: Page) -> dict[str, str]:
    return {name: page.evaluate(TRY, name) for name in REFUSED}


def test_strings_become_neither_html_nor_script(page, page_errors):
    page.goto("/")
    assert probe(page) == dict.fromkeys(REFUSED, "TypeError")
    page_errors.clear()


def test_htmx_swaps_answers_of_this_site_only(page, page_errors):
    page.goto("/")
    assert page.evaluate(SWAP, "https://elsewhere.example/") == "dropped"
    assert page.evaluate(SWAP, "/somewhere/") == "passed"
    assert page_errors == []
    page.wait_for_timeout(50)  # its answer may be parsed until the task has ended
    assert page.evaluate(SWAP, "") == "TypeError"
    page_errors.clear()


def test_a_conversation_goes_back_and_forth(page):
    page.goto("/")
    for text in ("Hello", "What is a monad?"):
        page.get_by_label("Your message").fill(text)
        page.get_by_label("Your message").press("Enter")
        expect(page.locator(".answer")).to_have_count(1)
        expect(page.get_by_role("button", name="Good answer")).to_be_visible()
        page.get_by_role("link", name="New").first.click()
        expect(page.get_by_label("Your message")).to_be_empty()
    page.go_back()
    expect(page.locator(".question")).to_contain_text("What is a monad?")
    page.go_forward()
    expect(page.locator(".question")).to_have_count(0)
    page.reload()
    page.go_back()
    expect(page.locator(".question")).to_contain_text("What is a monad?")


@pytest.mark.timeout(300)
def test_no_page_of_the_admin_complains(page, site, page_errors):
    site.manage("shell", "-v", "0", "-c", MAKE)
    sign_in(page, site)
    refusing: set[str] = set()
    exempt: set[str] = set()
    urls = addresses(admin=True)
    for url in urls:
        answer = page.request.get(url, max_redirects=0)
        if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
            continue
        page.goto(url)
        page.wait_for_load_state("networkidle")
        assert page_errors == [], url
        strict = page.evaluate(TRY, "innerHTML") == "TypeError"
        page_errors.clear()
        (refusing if strict else exempt).add(url)
        if rows := page.locator("#result_list tbody th a").all():
            urls.append(rows[0].get_attribute("href"))
    assert {url.split("/")[3] for url in exempt} == set(EXEMPT), exempt
    changed = {url.split("/")[3] for url in refusing if url.endswith("/change/")}
    assert {"rating", "conversation", "message", "delivery"} <= changed
    assert len(refusing) > 10
