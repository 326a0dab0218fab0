"""A language is chosen and kept; from right to left, everything is on the other side."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser
PASSWORD = "Browser-pass-1"
ARABIC = "ما لون السماء؟"


def choose(page: Page, name: str) -> None:
    page.locator(".language summary").click()
    page.get_by_role("button", name=name).click()


def send(page: Page, text: str) -> None:
    page.locator("#id_message").fill(text)
    page.locator("#id_message").press("Enter")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def middle(place: Locator) -> float:
    script = "it => { const box = it.getBoundingClientRect(); return box.x + box.width / 2 }"
    return float(place.evaluate(script))


def test_german_is_chosen_in_a_conversation_and_outlives_signing_out(page: Page):
    page.goto("/")
    send(page, "Fail [[status=429]]")
    expect(page.get_by_text("Too many questions at once.")).to_be_visible()
    conversation = page.url
    choose(page, "Deutsch")
    expect(page).to_have_url(conversation)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_text("Zu viele Fragen auf einmal.")).to_be_visible()
    send(page, "Fail again [[status=400]]")  # told by the stream
    expect(page.get_by_text("Der Anbieter hat die Anfrage nicht angenommen.")).to_be_visible()
    page.goto("/accounts/signup/")
    page.locator("#id_email").fill("german@example.org")
    page.locator("#id_password1").fill(PASSWORD)
    page.get_by_role("button", name="Registrieren").click()
    page.get_by_role("link", name="Abmelden").click()
    page.locator("main").get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("heading", name="Fragen Sie etwas.")).to_be_visible()


def test_the_menu_closes_by_keyboard_and_says_what_is_chosen(page: Page):
    page.goto("/")
    menu = page.locator(".language summary")
    menu.focus()
    page.keyboard.press("Enter")
    chosen = page.get_by_role("button", name="English")
    expect(chosen).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Tab")
    expect(chosen).to_be_focused()
    page.keyboard.press("Escape")
    expect(chosen).to_be_hidden()
    expect(menu).to_be_focused()


def test_without_javascript_on_a_phone(browser: Browser, site):
    context = browser.new_context(
        base_url=site.url, java_script_enabled=False, viewport={"width": 320, "height": 700}
    )
    page = context.new_page()
    page.goto("/accounts/login/?next=/search")
    page.get_by_role("button", name="简体中文").click()
    expect(page).to_have_url(f"{site.url}/accounts/login/?next=/search")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.goto("/")
    page.locator("#id_message").fill("Fail [[status=400]]")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("提供商没有接受该请求。")).to_be_visible()
    page.get_by_role("button", name="对话", exact=True).click()
    choose(page, "Français")
    expect(page.get_by_text("Le fournisseur n’a pas accepté la requête.")).to_be_visible()
    context.close()


@pytest.mark.parametrize("language", ["de", "es", "fr", "zh-hans"])
def test_no_language_is_too_long_for_a_small_phone(page: Page, site, language):
    page.context.add_cookies([{"name": "language", "value": language, "url": site.url}])
    page.set_viewport_size({"width": 320, "height": 640})
    for path in (
        "/",
        "/search",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
    ):
        page.goto(path)
        assert fits(page), path
    page.goto("/")
    send(page, "Hello")
    bad = page.locator('.answer button[id^="down-"]')
    bad.click()
    expect(page.locator(".reasons-form")).to_be_visible()
    page.locator(".conversation-header .menu summary").click()
    assert fits(page)
    page.keyboard.press("Escape")
    page.locator(".topbar [popovertarget]").click()
    page.locator(".language summary").click()
    expect(page.locator(".languages").first).to_be_visible()
    assert page.locator("#sidebar").evaluate("it => it.scrollWidth <= it.clientWidth")


def test_arabic_reads_right_in_an_english_page_and_code_stays_left(page: Page):
    page.goto("/")
    field = page.locator("#id_message")
    field.fill(ARABIC)
    expect(field).to_have_css("direction", "rtl")
    send(page, ARABIC)
    question = page.locator(".question-text")
    expect(question).to_have_css("direction", "rtl")
    expect(page.locator(".conversation-header h1")).to_have_css("direction", "rtl")
    expect(page.locator("#conversations a").first).to_have_css("direction", "rtl")
    expect(page.locator("html")).to_have_css("direction", "ltr")


ANSWERED = """
from chatapp.models import Assistant, Conversation, Message, User
from django.contrib.sessions.backends.db import SessionStore
guest = User.objects.create_guest()
session = SessionStore()
session["guest"] = guest.pk
session.create()
answer = Conversation.objects.start(guest, Assistant.objects.get()).ask("?")
text = "السماء زرقاء.\\n\\n- أولا\\n- ثانيا\\n\\n```python\\nprint(1)\\n```\\n\\nIt is blue."
Message.objects.filter(pk=answer.pk).update(text=text, status="complete")
print("at", answer.conversation.get_absolute_url(), session.session_key)
"""


def test_each_block_of_an_answer_is_read_from_its_own_side(page: Page, site):
    url, key = site.manage("shell", "-c", ANSWERED).splitlines()[-1].split()[1:]
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": site.url}])
    page.goto(url)
    body = page.locator(".answer-body")
    expect(body.locator("p").first).to_have_css("direction", "rtl")
    expect(body.locator("ul")).to_have_css("direction", "rtl")
    expect(body.locator("pre")).to_have_css("direction", "ltr")
    expect(body.locator("p").last).to_have_css("direction", "ltr")


@pytest.fixture(scope="module")
def arabic_site(start_site):
    """Arabic is no language of ours: what turns a page is that it is one of those."""
    return start_site(LANGUAGES="en,ar", LANGUAGE_CODE="ar")


@pytest.fixture
def arabic(browser: Browser, arabic_site):
    context = browser.new_context(base_url=arabic_site.url, locale="ar")
    yield context.new_page()
    context.close()


def test_from_right_to_left_the_sidebar_is_on_the_right(arabic: Page):
    page = arabic
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert middle(page.locator("#sidebar")) > middle(page.locator("#main"))
    send(page, ARABIC)
    page.locator('.answer button[id^="up-"]').wait_for()
    assert middle(page.locator(".question-text")) < middle(page.locator("#thread"))
    assert middle(page.locator(".send")) < middle(page.locator("#id_message"))
    page.get_by_role("button", name="Another answer").click()
    expect(page.locator(".answer").get_by_text("Version 2 of 2")).to_be_attached()
    page.locator('.answer button[id^="up-"]').wait_for()  # written to its end
    older, newer = page.locator('[id^="older-"]'), page.locator('[id^="newer-"]')
    assert middle(older) > middle(newer)
    expect(older.locator("svg")).to_have_css("scale", "-1 1")
    assert fits(page)


def test_from_right_to_left_a_phone_shows_all_of_it(arabic: Page):
    page = arabic
    page.set_viewport_size({"width": 360, "height": 720})
    for path in ("/", "/search", "/archived/", "/accounts/login/", "/accounts/signup/", "/nowhere"):
        page.goto(path)
        assert fits(page), path
    page.goto("/")
    send(page, f"{ARABIC} [[status=400]]")
    page.get_by_role("button", name="Try again").wait_for()
    assert fits(page)
    page.goto("/")  # the next question would be one turn with the one that failed, fault and all
    send(page, "Hello")
    page.locator('.answer button[id^="down-"]').click()
    expect(page.locator(".reasons-form")).to_be_visible()
    assert fits(page)
    page.locator(".conversation-header .menu summary").click()
    panel = page.locator(".conversation-header .menu-panel").bounding_box()
    assert panel and panel["x"] >= 0 and panel["x"] + panel["width"] <= 360
    page.keyboard.press("Escape")
    page.locator(".topbar [popovertarget]").click()
    sidebar = page.locator("#sidebar")
    expect(sidebar).to_be_visible()
    sidebar.evaluate("it => Promise.all(it.getAnimations().map(one => one.finished))")
    box = sidebar.bounding_box()
    assert box and round(box["x"] + box["width"]) == 360
    assert fits(page)
