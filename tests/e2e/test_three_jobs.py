"""The whole way, as people go it: chat, thumb, review; and what Helicone then knows."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox_process import SandboxProcess
from tests.site_process import Site

pytestmark = [pytest.mark.browser, pytest.mark.both_databases]
QUESTION = "Explain how you format an answer."
# The model that writes headings, lists, tables, code and maths.
SHOWCASE = """
from chatapp.models import Assistant, PromptVersion
first = PromptVersion.objects.get()
first.weight = 0
first.save()
PromptVersion(assistant=first.assistant, model="showcase", instructions=first.instructions).save()
"""


def test_chat_then_thumb_then_review(
    page: Page,
    site: Site,
    sandbox_server: SandboxProcess,
    browser: Browser,
) -> None:
    sandbox_server.reset()
    sandbox_server.settings(tokens_per_second=200, ingest_delay_min=1, ingest_delay_max=1)
    site.manage("shell", "-c", SHOWCASE)
    chat(page)
    rate_and_say_why(page)
    logged = rated_at_helicone(page, sandbox_server)
    staff = browser.new_context(base_url=site.url, viewport={"width": 1440, "height": 800})
    review(staff.new_page(), site, sandbox_server, logged["helicone_id"])
    staff.close()


def chat(page: Page) -> None:
    page.goto("/")
    page.get_by_role("textbox").fill(QUESTION)
    page.keyboard.press("Enter")
    answer = page.locator("article.answer")
    expect(answer.get_by_role("button", name="Stop")).to_be_visible()
    expect(answer.get_by_role("button", name="Good answer")).to_be_visible()


def rate_and_say_why(page: Page) -> None:
    """One click, and it is saved; why comes after."""
    answer = page.locator("article.answer")
    good = answer.get_by_role("button", name="Good answer")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    expect(good).to_be_focused()
    answer.get_by_label("Clear").check()
    answer.get_by_role("textbox").fill("Now I see")
    answer.get_by_role("button", name="Save").click()
    expect(answer.get_by_role("button", name="Save")).to_be_hidden()
    page.reload()
    expect(good).to_have_attribute("aria-pressed", "true")


def rated_at_helicone(page: Page, sandbox: SandboxProcess) -> dict[str, Any]:
    """The request as Helicone has it, rated, with all that was sent along."""
    (conversation,) = [part for part in page.url.split("/") if len(part) == 36]
    logged: dict[str, Any] = sandbox.wait_for(
        lambda: [r for r in sandbox.requests(session=conversation) if r["rating"]]
    )[0]
    assert logged["user"]
    assert logged["properties"]["app"] == "rapport"
    return logged


def review(desk: Page, site: Site, sandbox: SandboxProcess, helicone_id: str) -> None:
    """Found in the admin, under the same id, and as arrived."""
    desk.goto("/admin/")
    desk.locator("input[name=login]").fill(site.staff[0])
    desk.get_by_label("Password").fill(site.staff[1])
    desk.keyboard.press("Enter")
    desk.wait_for_url("/admin/")
    sandbox.wait_for(lambda: "settled" in delivery_of(site))
    desk.goto("/admin/feedback/rating/")
    desk.get_by_role("link", name=QUESTION).click()
    expect(desk.get_by_text("Now I see")).to_be_visible()
    expect(desk.get_by_text("Settled.")).to_be_visible()
    expect(desk.get_by_text(helicone_id)).to_be_visible()
    link = desk.get_by_role("link", name="Open the request in Helicone")
    expect(link).to_have_attribute("href", f"{sandbox.url}/requests?requestId={helicone_id}")


def delivery_of(site: Site) -> str:
    return site.manage(
        "shell",
        "-c",
        "from feedback.models import Delivery; print([d.state for d in Delivery.objects.all()])",
    )
