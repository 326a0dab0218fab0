"""Review by keyboard alone: twenty answers, a verdict, a note, a correction, a step back."""

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.site_process import Site

pytestmark = pytest.mark.browser
ANSWERS = 20
MAKE = f"""
from chatapp.models import Assistant, Conversation, Message, User
from feedback import rating_flow
from feedback.models import Rating
person = User.objects.create_user("alice", "alice@example.org")
for n in range({ANSWERS}):
    answer = Conversation.objects.start(person, Assistant.objects.get()).ask(f"Question {{n}}?")
    Message.objects.filter(pk=answer.pk).update(text=f"Answer {{n}} is wrong.", status="complete")
    answer.refresh_from_db()
    rating_flow.rate(answer, person, -1)
"""
TOLD = """
import json
from feedback.models import ReviewChange, StaffAccess, Review
print(json.dumps({
    "reviews": list(Review.objects.order_by("pk").values_list("status", "verdict", "note", "correction")),
    "undone": ReviewChange.objects.exclude(undoes=None).count(),
}))
"""


FETCHED_AHEAD = """
performance.getEntriesByType("navigation")[0].deliveryType === "navigational-prefetch"
"""


def told(site):
    return json.loads(site.manage("shell", "-v", "0", "-c", TOLD))


@pytest.fixture
def desk(page: Page, site: Site) -> Page:
    site.manage("shell", "-v", "0", "-c", MAKE)
    page.goto("/admin/")
    page.locator("input[name=login]").fill(site.staff[0])
    page.get_by_label("Password").fill(site.staff[1])
    page.keyboard.press("Enter")
    page.wait_for_url("/admin/")
    page.goto("/admin/feedback/rating/queue/")
    return page


def shows(page: Page, number: int) -> None:
    expect(page.locator(".thread-message-rated")).to_contain_text(f"Answer {number} is wrong.")


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder, f"{name}.png"), caret="initial", full_page=True)


def test_twenty_answers_are_reviewed_by_keyboard_only(desk: Page, site: Site) -> None:
    saved = desk.get_by_role("status").filter(has_text=re.compile("^Saved$"))
    # The first: a verdict, a note in which keys are letters, a correction, and on
    shows(desk, 0)
    desk.keyboard.press("a")
    expect(saved).to_be_visible()
    desk.keyboard.press("e")
    desk.keyboard.type("jazz 5 and 3")
    desk.keyboard.press("Control+Enter")
    expect(saved).to_be_visible()
    desk.keyboard.press("c")
    desk.keyboard.press("ControlOrMeta+a")
    desk.keyboard.type("Answer 0 is right.")
    desk.keyboard.press("Escape")
    desk.keyboard.press("3")
    # The second is skipped, looked at again, decided, and taken back
    shows(desk, 1)
    desk.keyboard.press("j")
    shows(desk, 2)
    desk.keyboard.press("k")
    shows(desk, 0)
    expect(desk.locator(".diff")).to_have_text("Answer 0 is wrongright.")
    desk.keyboard.press("?")
    picture(desk, "desk")
    desk.keyboard.press("j")
    shows(desk, 1)
    desk.keyboard.press("5")
    shows(desk, 2)
    desk.keyboard.press("z")
    shows(desk, 1)
    desk.goto("/admin/feedback/rating/queue/")
    ahead = 0
    for number in range(1, ANSWERS):
        shows(desk, number)
        ahead += desk.evaluate(FETCHED_AHEAD)
        desk.keyboard.press("d")
        desk.keyboard.press("5")
    expect(desk.get_by_text("Nothing else waits for review.")).to_be_visible()
    now = told(site)
    assert now["reviews"][0] == ["needs-work", "agree", "jazz 5 and 3", "Answer 0 is right."]
    assert now["reviews"][1:] == [["no-action", "disagree", "", ""]] * (ANSWERS - 1)
    assert now["undone"] == 1
    # Chromium had the next pages before they were asked for
    assert ahead > ANSWERS / 2
