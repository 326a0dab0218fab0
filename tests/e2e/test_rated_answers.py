"""The list of rated answers in a browser: numbers that come by themselves, saved filters, no barrier."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.test_accessibility import OPTIONS

pytestmark = [pytest.mark.browser, pytest.mark.both_databases]
LIST = "/admin/feedback/rating/"
MAKE = """
from chatapp.models import Assistant, Conversation, Message, User
from feedback import rating_flow
from feedback.models import Rating, Reason
person, _new = User.objects.get_or_create(username="alice", defaults={"email": "alice@example.org"})
for n in range(3):
    answer = Conversation.objects.start(person, Assistant.objects.get()).ask(f"Question {n}?")
    Message.objects.filter(pk=answer.pk).update(text=f"Answer {n} is wrong.", status="complete")
    answer.refresh_from_db()
    rating = rating_flow.rate(answer, person, 1 if n else -1)
    rating_flow.explain(rating, Reason.objects.filter(slug__in=["wrong", "clear"]), "Said so.")
"""


@pytest.fixture(params=[("light", 1280), ("dark", 320)], ids=["light", "dark"])
def page(browser, site, request):
    scheme, width = request.param
    context = browser.new_context(
        base_url=site.url,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
        bypass_csp=True,  # axe is put into the page as a script
    )
    page = context.new_page()
    site.manage("shell", "-v", "0", "-c", MAKE)
    page.goto("/admin/")
    page.locator("input[name=login]").fill(site.staff[0])
    page.get_by_label("Password").fill(site.staff[1])
    page.keyboard.press("Enter")
    page.wait_for_url("/admin/")
    yield page
    context.close()


def picture(page, name):
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)


def test_numbers_come_and_a_filtered_list_is_saved_and_opened(page, request):
    page.goto(f"{LIST}?thumb=down")
    expect(page.locator("[data-facets-loaded]")).to_be_attached()
    down = int(page.locator('[data-choice="thumb=down"]').inner_text())
    assert down == page.locator("#result_list tbody tr").count() > 0
    assert int(page.locator('[data-choice="thumb=up"]').inner_text()) == 2 * down
    expect(page.get_by_text("Show counts")).to_be_hidden()
    page.locator(".saved-filters-edit summary").click()
    page.get_by_label("Name of this list").fill("What went wrong")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as “What went wrong”.")).to_be_visible()
    page.goto(LIST)
    page.get_by_role("link", name="What went wrong").click()
    page.wait_for_url("**/feedback/rating/?thumb=down")
    expect(page.locator("[data-facets-loaded]")).to_be_attached()
    page.locator(".saved-filters-edit summary").click()
    picture(page, f"list-{request.node.callspec.id}")
    found = Axe().run(page, options=OPTIONS).response["violations"]
    told = [f"{one['id']}: {node['html'][:150]}" for one in found for node in one["nodes"]]
    assert "\n".join(told) == ""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
