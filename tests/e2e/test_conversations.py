"""The list of conversations and what is done with one, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
MANY = """
from chatapp.models import *
from datetime import timedelta
from django.utils import timezone
person, assistant = User.objects.latest("pk"), Assistant.objects.get()
Conversation.objects.bulk_create(Conversation(user=person, assistant=assistant, title=f"Old {i}",
    updated_at=timezone.now() - timedelta(days=2 + i)) for i in range(100))
"""


@pytest.fixture(scope="module")
def site(start_site):
    return start_site(TITLE_MODEL="count-3")


@pytest.fixture
def talk(page, sandbox_server):
    sandbox_server.reset()
    page.goto("/")
    page.get_by_label("Your message").fill("Hello there, you")
    page.get_by_label("Your message").press("Enter")
    expect(page.get_by_role("button", name="Good answer")).to_be_visible()
    return page


def menu(page, name):
    if not page.locator(".menu[open]").count():
        page.get_by_label("Conversation menu").click()
    page.get_by_role("button", name=name).click()


def test_a_model_names_it_and_the_list_shows_that_without_a_reload(talk, sandbox_server):
    listed = talk.locator("#conversations a[aria-current]")
    expect(listed).not_to_have_text("Hello there, you")
    title = listed.inner_text()
    expect(talk.locator("h1")).to_have_text(title)
    answer, named = sandbox_server.requests()
    assert named["properties"]["purpose"] == "title"
    assert named["session"] == {**answer["session"], "path": "/chat/title"}
    assert named["helicone_id"] != answer["helicone_id"]
    talk.reload()
    expect(talk.locator("h1")).to_have_text(title)


def test_it_is_pinned_deleted_and_taken_back(talk, page_errors):
    menu(talk, "Pin")
    expect(talk.get_by_role("heading", name="Pinned")).to_be_visible()
    expect(talk.get_by_role("button", name="Unpin")).to_be_focused()
    url = talk.url
    menu(talk, "Delete")
    expect(talk.get_by_text("was deleted")).to_be_visible()
    assert talk.goto(url).status == 404
    page_errors.clear()
    talk.goto("/deleted/")
    talk.get_by_role("button", name="Restore").click()
    expect(talk).to_have_url(re.compile(re.escape(url)))
    expect(talk.get_by_role("heading", name="Pinned")).to_be_visible()


def test_scrolling_the_list_brings_the_rest_once(talk, site):
    site.manage("shell", "-c", MANY)
    talk.reload()
    listed = talk.locator("#conversations li")
    assert listed.count() < 60
    more = talk.locator("#conversations .more")
    while more.count():
        before = listed.count()
        talk.locator("#conversations").evaluate("list => list.scrollTo(0, list.scrollHeight)")
        expect(listed).not_to_have_count(before)
    expect(listed).to_have_count(101)
    expect(talk.locator("#conversations .more")).to_have_count(0)
    headings = talk.locator("#conversations h2").all_inner_texts()
    assert len(headings) == len(set(headings))


def test_search_finds_while_one_types(talk):
    talk.get_by_role("link", name="Search").click()
    talk.get_by_role("searchbox").press_sequentially("hello th", delay=20)
    expect(talk.locator(".result mark").first).to_be_visible()
    talk.locator(".result").first.click()
    expect(talk.locator(".question")).to_contain_text("Hello there, you")
