"""From a thumb down to the better answer under it; a bulk change that goes on by itself."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.fixtures.processes import StartSite
from tests.site_process import Site

pytestmark = [pytest.mark.browser, pytest.mark.both_databases]
ANSWERS = 1_200
PASSWORD = "Flagged-it-1"
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
MAKE = f"""
from chatapp.models import Assistant, Conversation, Message, User
from feedback import rating_flow
person = User.objects.create_user("alice", "alice@example.org", "{PASSWORD}")
answer = Conversation.objects.start(person, Assistant.objects.get()).ask("Where is Ulm?")
Message.objects.filter(pk=answer.pk).update(text="On the Rhine.", status="complete")
answer.refresh_from_db()
print(rating_flow.rate(answer, person, -1).pk)
"""
MANY = f"""
from chatapp.models import Assistant, Conversation, Message, User
from feedback.models import BulkChange, Rating, Review
person = User.objects.create_user("many", "many@example.org")
answer = Conversation.objects.start(person, Assistant.objects.get()).ask("Q")
people = User.objects.bulk_create(User(username=f"p{{n}}") for n in range({ANSWERS}))
ratings = Rating.objects.bulk_create(Rating(message=answer, user=p, value=1) for p in people)
Review.objects.bulk_create(Review(rating=rating) for rating in ratings)
staff = User.objects.get(is_superuser=True)
chosen = Review.objects.filter(rating__in=ratings)
bulk = BulkChange.objects.prepare(staff, chosen, "thumb=up", status="no-action")
bulk.begin()
bulk.work_once()
print(bulk.pk)
"""


@pytest.fixture(scope="module")
def site(start_site: StartSite) -> Site:
    return start_site(SHOW_CORRECTIONS="true", HIDE_NAMES="true")


@pytest.fixture
def shell(site: Site):
    return lambda code: site.manage("shell", "-v", "0", "-c", code).split()[-1]


@pytest.fixture
def person(browser: Browser, site: Site):
    """Another browser: a phone in the dark. Into its pages axe is put as a script."""
    context: BrowserContext = browser.new_context(
        base_url=site.url,
        color_scheme="dark",
        viewport={"width": 360, "height": 740},
        reduced_motion="reduce",
        bypass_csp=True,
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def complaints(page: Page) -> list[str]:
    page.evaluate("scrollTo(0, 0)")
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{one['id']}: {node['html'][:150]}" for one in found for node in one["nodes"]]


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)


def test_the_person_who_flagged_it_finds_the_better_answer(
    page: Page, person: Page, site: Site, shell
) -> None:
    rating = shell(MAKE)
    sign_in(page, *site.staff)
    page.goto(f"/admin/feedback/rating/{rating}/change/")
    page.locator("summary", has_text="Corrected answer").click()
    page.locator("textarea[name=correction]").fill("On the **Danube**, where the *Iller* joins it.")
    page.get_by_label("fixed", exact=False).first.check()
    page.get_by_label("Show it to the person").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The person finds the corrected answer")).to_be_visible()
    picture(page, "decision")

    sign_in(person, "alice@example.org", PASSWORD)
    person.goto("/")
    person.get_by_role("button", name="Conversations").click()
    link = person.get_by_role("link", name="The team improved an answer · Where is Ulm?")
    expect(link).to_be_visible()
    picture(person, "news")
    link.click()
    card = person.locator(".correction")
    expect(card.locator("strong")).to_have_text("Danube")
    assert complaints(person) == []
    picture(person, "fix")
    expect(person.locator("form[data-htmx-powered]").first).to_be_attached()
    card.get_by_role("button", name="Hide").click()
    expect(card.locator("strong")).to_be_hidden()
    expect(card.get_by_text("Improved by the team")).to_be_visible()
    expect(person.locator(".new-correction")).to_have_count(0)
    expect(person.locator("#sidebar")).not_to_contain_text("improved an answer")
    picture(person, "folded")
    person.reload()
    expect(card.locator("strong")).to_be_hidden()
    card.locator("summary").click()
    expect(card.locator("strong")).to_be_visible()


def test_a_bulk_change_goes_on_by_itself_and_is_undone_as_one(page: Page, site: Site, shell):
    bulk = shell(MANY)
    sign_in(page, *site.staff)
    page.goto(f"/admin/feedback/rating/bulk/{bulk}/")
    expect(page.get_by_text(f"exactly {ANSWERS} rated answers")).to_be_visible()
    expect(page.get_by_text(f"{ANSWERS} reviews were changed.")).to_be_visible()
    expect(page.get_by_role("button", name="Continue")).to_have_count(0)
    picture(page, "bulk")
    page.get_by_role("link", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(f"{ANSWERS} reviews were restored.")).to_be_visible()
