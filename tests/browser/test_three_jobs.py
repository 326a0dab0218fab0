"""The whole way, as people go it: chat, thumb, review; and what Helicone then knows."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox_process import SandboxProcess
from tests.site_process import Site

pytestmark = pytest.mark.browser
QUESTION = "Explain how you format an answer."


def test_chat_then_thumb_then_review(
    page: Page,
    site: Site,
    sandbox_server: SandboxProcess,
    browser: Browser,
) -> None:
    sandbox_server.reset()
    sandbox_server.settings(tokens_per_second=200, ingest_delay_min=1, ingest_delay_max=1)
    site.manage("shell", "-c", SHOWCASE)

    # A visitor chats
    page.goto("/")
    page.get_by_role("textbox").fill(QUESTION)
    page.keyboard.press("Enter")
    answer = page.locator("article.answer")
    expect(answer.get_by_role("button", name="Stop")).to_be_visible()
    good = answer.get_by_role("button", name="Good answer")
    expect(good).to_be_visible(timeout=20_000)

    # One click, and it is saved; why comes after
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    expect(good).to_be_focused()
    answer.get_by_label("Clear").check()
    answer.get_by_role("textbox").fill("Now I see")
    answer.get_by_role("button", name="Save").click()
    expect(answer.get_by_role("button", name="Save")).to_be_hidden()
    page.reload()
    expect(good).to_have_attribute("aria-pressed", "true")

    # Helicone has it, under the id that the answer keeps
    (conversation,) = [part for part in page.url.split("/") if len(part) == 36]
    logged = sandbox_server.wait_for(
        lambda: [r for r in sandbox_server.requests(session=conversation) if r["rating"]]
    )[0]
    assert logged["user"]
    assert logged["properties"]["app"] == "rapport"

    # A reviewer finds it in the admin, and that it arrived
    staff = browser.new_context(base_url=site.url, viewport={"width": 1440, "height": 800})
    desk = staff.new_page()
    desk.goto("/admin/")
    desk.locator("input[name=login]").fill(site.staff[0])
    desk.get_by_label("Password").fill(site.staff[1])
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/admin/")
    sandbox_server.wait_for(lambda: "settled" in delivery_of(site))
    desk.goto("/admin/feedback/rating/")
    desk.get_by_role("link", name=QUESTION).click()
    expect(desk.get_by_text("Now I see")).to_be_visible()
    expect(desk.get_by_text("Settled.")).to_be_visible()
    expect(desk.get_by_text(logged["helicone_id"])).to_be_visible()
    link = desk.get_by_role("link", name="Open the request in Helicone")
    expect(link).to_have_attribute(
        "href", f"{sandbox_server.url}/requests?requestId={logged['helicone_id']}"
    )
    staff.close()


SHOWCASE = """
from chatapp.models import Assistant, PromptVersion
first = PromptVersion.objects.get()
first.weight = 0
first.save()
PromptVersion(assistant=first.assistant, model="showcase", instructions=first.instructions).save()
"""


def delivery_of(site: Site) -> str:
    return site.manage(
        "shell",
        "-c",
        "from feedback.models import Delivery; print([d.state for d in Delivery.objects.all()])",
    )
