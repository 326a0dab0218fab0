"""Every text that a page shows can be translated: none stands there outside of the brackets that a
language made for this puts around what was translated. Names, and what people said, may."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.admin.sites import site as admin_site
from django.urls import reverse

from chatapp.error_messages import ERROR_MESSAGES
from chatapp.models import Assistant, PromptVersion
from feedback import rating_flow
from feedback.models import Category, Reason, Review
from feedback.models.labels import DEFAULT_CATEGORIES, ORIGINAL
from tests.architecture.urlmap import routes
from tests.fixtures.languages import CLOSE, OPEN
from tests.fixtures.people import answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("marking"), pytest.mark.sqlite]

INNERMOST = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
SPOKEN = [
    "aria-label",
    "title",
    "placeholder",
    "alt",
    "data-words",
    "data-copied-text",
    "data-failed-text",
    "data-saving",
    "data-saved",
    "data-announce",
]
# Names of things, of people in these tests, and of what has one name everywhere.
NAMES = [
    "Rapport",
    "Helicone",
    "alice",
    "rita",
    "sam",
    "example.org",
    "example.com",
    "testserver",
    "UTC",
    "gpt",
    "mini",
    "JSON",
    "CSV",
    "Markdown",
    "http",
    "sk-",
]
# Of the admin: what Django says in English only, and what has a name in the database or in a log.
STAFFS = ["Search", "True", "False", "ID", "lead", "operator", "reviewer", "viewer", "abandoned"]
STAFFS += [*ERROR_MESSAGES, *(slug for slug, _label in [*ORIGINAL, *DEFAULT_CATEGORIES])]
HEX = re.compile(r"\b[0-9a-f]{8,}\b|-[0-9a-f]{4}\b")
WORD = re.compile(r"[^\W\d_]{2,}")
SILENT = ("script", "style", "code", "kbd", "pre")


class Unmarked(HTMLParser):
    """Gathers what is shown or spoken, and not in brackets."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = 0
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        values = dict(attrs)
        self.texts += [values[name] or "" for name in SPOKEN if name in values]
        if tag == "input" and values.get("type") in ("submit", "button", "reset"):
            self.texts.append(values.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


def unmarked(page: str, names: Sequence[str] = tuple(NAMES)) -> list[str]:
    parser = Unmarked()
    parser.feed(page)
    text = "\n".join(parser.texts)  # brackets may begin before an element and end after it
    while INNERMOST.search(text):
        text = INNERMOST.sub(" ", text)
    text = HEX.sub("", text)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return WORD.findall(text)


def test_the_finder_finds():
    assert unmarked(f"<p>{OPEN}Marked <b>too{CLOSE}</b> this</p>") == ["this"]
    assert unmarked('<b aria-label="that">⟦one ⟦two⟧⟧</b>') == ["that"]
    assert unmarked("<kbd>Ctrl</kbd> 2") == []


@pytest.fixture
def everything(alice, rita, sam):
    """One of each that pages show, in the words of nobody: "1", "2" …"""
    Assistant.objects.update(name="1", slug="1", description="2")
    PromptVersion.objects.update(instructions="3", note="4")
    states: list[dict[str, Any]] = [
        {},
        {"error": "length", "left_out": 3},
        {"status": "stopped"},
        {"status": "interrupted", "error": "abandoned"},
        {"status": "failed", "error": "rate_limited", "retry_after": 90},
        *({"status": "failed", "error": code} for code in ERROR_MESSAGES),
    ]
    answers = [answered(alice, "1+1?", "2", **state) for state in states]
    Assistant.objects.create(name="5", slug="5")
    rating = rating_flow.rate(answers[0], alice, -1)
    rating_flow.explain(rating, Reason.objects.offered(-1), "6", "7")
    rating.review.decide(
        rita, status="needs-work", category=Category.objects.first(), note="8", correction="9"
    )
    rating_flow.rate(answers[2], alice, 1)
    rating_flow.rate(answers[3], alice, None)
    answers[1].conversation.pin()
    answers[-1].conversation.archive()
    answers[-2].conversation.soft_delete()
    return answers


PAGES = [f"/{route.path}" for route in routes() if "<" not in route.path and not route.group]
LINKS = ["/accounts/confirm-email/1/", "/accounts/password/reset/key/1-abc/", "/nowhere"]
PLAIN = ["/readyz", "/metrics", "/healthz"]  # for machines
PLAIN += ["/accounts/data/", "/accounts/requests/"]  # files


@pytest.mark.parametrize("who", ["visitor", "alice"])
def test_the_pages_with_no_id(who, everything, alice, client_of):
    client = client_of(alice if who == "alice" else None)
    found = {
        url: unmarked(client.get(url, {"q": "1"}).text)
        for url in [*PAGES, *LINKS]
        if url not in PLAIN
    }
    assert {url: words for url, words in found.items() if words} == {}


def test_a_conversation_in_each_state(everything, alice, client_of):
    client = client_of(alice)
    for answer in everything:
        url = answer.conversation.get_absolute_url()
        page = client.get(url, {"reasons": str(answer.pk)})
        assert page.status_code in (200, 404)
        assert unmarked(page.text) == [], answer.error
    question = everything[0].parent
    assert unmarked(client.get(reverse("edit", args=[question.pk])).text) == []
    answer = everything[0]
    client.post(reverse("share", args=[answer.conversation_id]))
    assert unmarked(client.get(answer.conversation.get_absolute_url()).text) == []
    shared = client.get(answer.conversation.shared_copies.live().get().get_absolute_url())
    assert shared.status_code == 200
    assert unmarked(shared.text) == []


def test_what_is_refused(everything, alice, client_of, settings):
    client, url = client_of(alice), everything[0].conversation.get_absolute_url()
    settings.MESSAGE_MAX_LENGTH = 3
    answers = [client.post(url, {"message": text}) for text in ("", "12345", "\x07")]
    answers += [client.post(f"{url}rename/", {"title": title}) for title in ("", "1" * 300)]
    settings.MESSAGES_PER_MINUTE = 1
    answers += [client.post(url, {"message": "1"})]
    answers += [client.post("/theme/", {"theme": "1"})]
    answers += [client.post("/accounts/password/change/", {"oldpassword": "1", "password1": "1"})]
    answers += [client_of().post("/accounts/login/", {"login": "1@example.org", "password": "1"})]
    answers += [client_of().post("/accounts/signup/", {"email": "1", "password1": "1"})]
    assert {answer.status_code for answer in answers} <= {200, 422, 429}
    assert [unmarked(answer.text) for answer in answers] == [[] for answer in answers]


def test_the_pages_of_the_staff(everything, rita, sam, client_of):
    client = client_of(sam)
    pages = [reverse("admin:index"), reverse("admin:feedback_rating_queue")]
    ours = [m for m in admin_site._registry if m._meta.app_label in ("chatapp", "feedback")]
    for model in ours:
        name = str(model._meta.model_name)
        room = f"admin:{model._meta.app_label}_{name}"
        urls = admin_site._registry[model].get_urls()
        pages.append(reverse(f"{room}_changelist"))
        if name != "user":
            has_rooms = f"{room}_add" in {f"admin:{path.name}" for path in urls}
            rows = model._default_manager.all()[:3] if has_rooms else []
            pages += [reverse(f"{room}_change", args=[row.pk]) for row in rows]
            pages += [reverse(f"{room}_add")] if has_rooms else []
    act = Review.objects.get(note="8").decide(sam, status="fixed").id
    pages.append(reverse("admin:feedback_rating_undo", args=[act]))
    found = {url: unmarked(client.get(url, follow=True).text, NAMES + STAFFS) for url in pages}
    assert {url: words for url, words in found.items() if words} == {}
