"""A paragraph that grows by its added text alone: the same page as for who comes late."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_chat import last_answer, send, wait_until
from tests.e2e.test_copy import ECHOING

pytestmark = pytest.mark.browser

TEXT = (
    "A finished block.\n\n- An item\n- Another with **strong words & \"plain\" <b> 'text'; of one,"
    " two, three, four, five, six, seven, eight, nine, ten, and of many more, until it goes on & on"
)
STALL = 28  # tokens, up to these words
LAST = "ten, and of"
COUNT = 'window.grown = 0, document.addEventListener("grown", () => (window.grown += 1))'
# The finished HTML, the unfinished one, and the texts of that, each a node
SHOWN = """(() => {
  const [done, tail] = document.querySelectorAll(".answer-done, .answer-tail");
  const walker = document.createTreeWalker(tail, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode.data);
  return [done.innerHTML, tail.innerHTML, texts];
})()"""


@pytest.fixture(scope="module")
def site(start_site):
    """Answers with what was asked."""
    site = start_site()
    site.manage("shell", "-c", ECHOING)
    return site


def test_who_stays_and_who_comes_late_have_the_same_page(page: Page, sandbox_server) -> None:
    sandbox_server.reset()
    page.goto("/")
    page.evaluate(COUNT)
    send(page, f"{TEXT} [[tps=25 stall={STALL}]]")
    expect(last_answer(page).locator(".answer-tail strong")).to_contain_text(LAST)
    wait_until(page, "grown > 3")
    with page.context.new_page() as late:
        late.goto(page.url)
        expect(last_answer(late).locator(".answer-tail strong")).to_contain_text(LAST)
        assert page.evaluate(SHOWN) == late.evaluate(SHOWN)
    last_answer(page).get_by_role("button", name="Stop").click()
    expect(last_answer(page).get_by_text("Stopped")).to_be_visible()
