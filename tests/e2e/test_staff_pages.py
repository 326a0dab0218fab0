"""The numbers and the export in a browser: light and dark, wide and narrow; a download that arrives."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.fixtures.browser import prove
from tests.site_process import Site

pytestmark = pytest.mark.browser
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
MAKE = """
from chatapp.models import Assistant, Conversation, Message, User
from feedback import rating_flow
from feedback.models import Rating, Reason
person, made = User.objects.get_or_create(username="nina", email="nina@example.org")
for n in range(12 if made else 0):
    answer = Conversation.objects.start(person, Assistant.objects.get()).ask(f"Question {n}?")
    Message.objects.filter(pk=answer.pk).update(text=f"=Answer {n}", status="complete")
    answer.refresh_from_db()
    if n % 3:
        rating = rating_flow.rate(answer, person, 1 if n % 2 else -1)
        rating_flow.explain(rating, Reason.objects.filter(value=rating.value)[:2], "")
"""


@pytest.fixture(params=[(1280, "light"), (320, "dark")], ids=["wide", "narrow"])
def staff(browser, site: Site, request):
    """Somebody of the staff, at the list of rated answers."""
    site.manage("shell", "-v", "0", "-c", MAKE)
    width, scheme = request.param
    context = browser.new_context(
        base_url=site.url,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        bypass_csp=True,  # axe is put into the page as a script
    )
    page = context.new_page()
    page.goto("/admin/")
    page.locator("input[name=login]").fill(site.staff[0])
    page.get_by_label("Password").fill(site.staff[1])
    page.keyboard.press("Enter")
    page.wait_for_url("/admin/")
    prove(page, site.staff[1])
    page.goto("/admin/feedback/rating/")
    yield page
    context.close()


def complaints(page: Page) -> list[str]:
    found = Axe().run(page, "#content", options=OPTIONS).response["violations"]
    return [f"{one['id']}: {node['html'][:150]}" for one in found for node in one["nodes"]]


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_numbers_are_for_everybody_to_read(staff):
    staff.get_by_role("link", name="Numbers").click()
    total = staff.locator("#by-total tbody tr")
    expect(total).to_contain_text("4 of 8")
    expect(total).to_contain_text("8 of 12")
    assert complaints(staff) == []
    assert fits(staff)
    staff.get_by_label("Model").select_option(index=1)
    staff.get_by_role("button", name="Show").click()
    expect(staff.locator("#by-model tbody tr")).to_have_count(1)


def export(staff):
    """By the keyboard: what for is asked in the page's only field."""
    staff.get_by_role("link", name="Export", exact=True).click()
    staff.get_by_label("Why do you need to read this?").fill("A report.")
    assert complaints(staff) == []
    assert fits(staff)
    staff.keyboard.press("Enter")


def test_what_is_filtered_is_downloaded_and_the_page_says_when_it_is_whole(staff):
    staff.goto("/admin/feedback/rating/?thumb=down")
    export(staff)
    expect(staff.get_by_text("4 rated answers are in the list")).to_be_visible()
    with staff.expect_download() as coming:
        staff.get_by_role("button", name="Download as JSONL").click()
    *lines, end = [json.loads(line) for line in coming.value.path().read_text().splitlines()]
    assert [line["rating"]["thumb"] for line in lines] == ["down"] * 4
    assert end == {"end": {"rows": 4, "found": 4}}
    expect(staff.locator(".exports li").first).to_contain_text("complete, 4 rated answers")
    assert complaints(staff) == []
    assert fits(staff)


def test_a_table_arrives_with_its_formulas_defused(staff):
    export(staff)
    with staff.expect_download() as coming:
        staff.get_by_role("button", name="Download as CSV").click()
    text = coming.value.path().read_text("utf-8-sig")
    assert text.count("'=Answer") == 8
    assert coming.value.suggested_filename.endswith(".csv")
