"""What axe finds on each kind of page, light and dark, wide and narrow: nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


@pytest.fixture(params=[1280, 320])
def page(browser, site, sandbox_server, scheme, request):
    sandbox_server.reset()
    context = browser.new_context(
        base_url=site.url,
        color_scheme=scheme,
        viewport={"width": request.param, "height": 720},
        reduced_motion="reduce",
        bypass_csp=True,  # axe is put into the page as a script
    )
    yield context.new_page()
    context.close()


def complaints(page: Page) -> list[str]:
    # A page that follows its answer has buttons half under the bar, which axe takes for small ones.
    page.evaluate("scrollTo(0, 0)")
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{one['id']}: {node['html'][:150]}" for one in found for node in one["nodes"]]


def send(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_the_first_page(page):
    page.goto("/")
    assert complaints(page) == []
    assert fits(page)


def test_a_conversation_with_all_that_can_be_in_it(page):
    page.goto("/")
    send(page, "Hello " + "x" * 200)
    answer = page.locator(".answer").first
    answer.get_by_role("button", name="Bad answer").click()
    answer.get_by_label("Too long").check()
    send(page, "Fail [[status=400]]")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.get_by_label("Conversation menu").click()
    assert complaints(page) == []
    assert fits(page)


def test_versions_an_edit_and_code(page):
    page.goto("/")
    send(page, "Hello")
    answer = page.locator(".answer").last
    answer.get_by_role("button", name="Another answer").click()
    expect(answer.get_by_text("Version 2 of 2")).to_be_attached()
    expect(answer.get_by_role("button", name="Good answer")).to_be_visible()
    send(page, "Once more")
    expect(page.locator(".answer")).to_have_count(2)
    page.get_by_role("link", name="Edit").first.click()
    expect(page.get_by_label("Edit your message")).to_be_focused()
    assert complaints(page) == []
    assert fits(page)


@pytest.mark.parametrize("keys", ["?", "Control+k"])
def test_a_dialog(page, keys):
    page.goto("/")
    send(page, "Hello")
    expect(page.get_by_role("button", name="Good answer")).to_be_visible()
    page.get_by_label("Your message").evaluate("field => field.blur()")
    page.keyboard.press(keys)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert complaints(page) == []
    assert fits(page)


def test_the_colours_that_were_chosen(page, site, scheme):
    other = {"light": "dark", "dark": "light"}[scheme]
    page.context.add_cookies([{"name": "theme", "value": other, "url": site.url}])
    page.goto("/")
    expect(page.locator("html")).to_have_css("color-scheme", other)
    assert complaints(page) == []


def test_an_answer_being_written_a_message_that_waits_and_a_refusal(page):
    page.goto("/")
    send(page, "Go on [[tokens=3000 tps=1]]")  # slow: nothing scrolls under a bar
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    send(page, "Too early")
    expect(page.get_by_role("button", name="Take back")).to_be_visible()
    send(page, "Far too early")
    expect(page.locator(".problem")).to_be_visible()
    assert complaints(page) == []
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)


RATED = """
from chatapp.models import Assistant, Conversation, Message, User
from feedback import rating_flow
person, _ = User.objects.get_or_create(username="alice")
answer = Conversation.objects.start(person, Assistant.objects.get()).ask("Why?")
Message.objects.filter(pk=answer.pk).update(text="Because.", status="complete")
answer.refresh_from_db()
rating = rating_flow.rate(answer, person, -1)
rating.review.decide(person, correction="Be cause.", note="Hm.")
print("rating", rating.pk)
"""


def test_a_rated_answer_to_decide_on(page, site):
    number = site.manage("shell", "-c", RATED).split("rating ")[1].strip()
    page.goto("/admin/")
    page.locator("input[name=login]").fill(site.staff[0])
    page.get_by_label("Password").fill(site.staff[1])
    page.keyboard.press("Enter")
    page.wait_for_url("/admin/")
    page.goto(f"/admin/feedback/rating/{number}/change/")
    expect(page.locator(".diff")).to_be_visible()
    page.get_by_text("History").click()
    assert complaints(page) == []
    assert fits(page)


def test_ones_own_account_and_its_end(page, scheme):
    width = page.viewport_size["width"]
    page.goto("/accounts/signup/")
    page.get_by_label("Email").fill(f"axe-{scheme}-{width}@example.org")
    page.get_by_label("Password").fill("Browser-pass-1")
    page.locator("main button").click()
    page.wait_for_url("/")
    for path in ("/accounts/", "/accounts/delete/"):
        page.goto(path)
        assert complaints(page) == []
        assert fits(page)
    page.locator("main button").click()
    expect(page.locator("#id_proof")).to_be_focused()
    page.locator("#id_proof").fill("not the password")
    page.keyboard.press("Enter")
    expect(page.locator(".problem")).to_contain_text("Nothing was deleted.")
    assert complaints(page) == []


def test_the_choice_of_a_language(page, site):
    page.context.add_cookies([{"name": "language", "value": "de", "url": site.url}])
    page.goto("/accounts/login/")
    assert complaints(page) == []
    page.goto("/")
    if page.locator(".topbar").is_visible():
        page.locator(".topbar [popovertarget]").click()
    page.locator(".language summary").click()
    expect(page.get_by_role("button", name="Deutsch")).to_be_visible()
    assert complaints(page) == []


def test_an_error_page(page):
    page.goto("/nowhere")
    assert complaints(page) == []
    assert fits(page)
