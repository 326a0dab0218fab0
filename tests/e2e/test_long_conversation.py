"""A conversation of a thousand messages in a real browser."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# The one conversation there is gets a thousand messages more.
LONG = """
from datetime import timedelta
from uuid import uuid4
from chatapp.models import Conversation, Message
conversation = Conversation.objects.latest("created_at")
# Long ago: they count in no limit of today.
parent, at = conversation.head, conversation.updated_at - timedelta(days=3)
messages = []
for number in range(1000):
    message = Message(id=uuid4(), conversation=conversation, parent=parent, status="complete",
        role="assistant" if number % 2 else "user", text=f"said-{number}. " + "Some *words*. " * 20,
        created_at=at + timedelta(seconds=number + 1))
    messages.append(message)
    parent = message
Message.objects.bulk_create(messages)
Conversation.objects.filter(pk=conversation.pk).update(head=parent.pk)
"""


@pytest.fixture
def talk(page, site, sandbox_server):
    sandbox_server.reset()
    page.goto("/")
    page.get_by_label("Your message").fill("Hello")
    page.get_by_label("Your message").press("Enter")
    expect(page.get_by_role("button", name="Good answer")).to_be_visible()
    site.manage("shell", "-c", LONG)
    page.reload()
    return page


def test_it_opens_at_its_end_and_the_rest_comes_on_the_way_up(talk, page_errors):
    messages = talk.locator(".message")
    expect(messages).to_have_count(40)
    expect(messages.last).to_be_in_viewport()
    talk.evaluate("scrollTo(0, 0)")  # as far up as there is, where no browser keeps the place
    expect(messages).to_have_count(80)
    # What was read is where it was, not at the end of what came in above.
    expect(talk.get_by_text("said-960.")).to_be_in_viewport()
    expect(talk.get_by_text("said-920.")).not_to_be_in_viewport()

    talk.get_by_label("Your message").fill("And now?")
    talk.get_by_label("Your message").press("Enter")
    expect(messages).to_have_count(82)
    expect(talk.get_by_role("button", name="Good answer").last).to_be_in_viewport()
    expect(talk.get_by_text("said-920.")).to_be_attached()


def test_without_scripts_a_link_leads_up_and_another_down(talk, browser, site):
    context = browser.new_context(
        base_url=site.url, java_script_enabled=False, storage_state=talk.context.storage_state()
    )
    page = context.new_page()
    page.goto(talk.url)
    page.get_by_role("link", name="Earlier messages").click()
    expect(page.get_by_text("said-959.")).to_be_attached()
    expect(page.get_by_text("said-960.")).not_to_be_attached()
    page.get_by_role("link", name="Later messages").click()
    expect(page.get_by_text("said-999.")).to_be_attached()
    context.close()
