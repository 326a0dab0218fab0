"""What every response says about safety, and what no page may contain."""

import os
import subprocess
import sys
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.admin.sites import site as admin_site
from django.http import HttpResponse

from chatapp.models import User
from feedback import rating_flow
from tests.architecture.imports import ROOT
from tests.architecture.urlmap import routes
from tests.fixtures.people import PASSWORD

HOSTILE = """# Look

<script>alert(1)</script> <b style="color:red" onclick="alert(1)">x</b> [y](javascript:alert(1))
![z](https://elsewhere.example/pixel.png "t")

```python
print("<script>")
```
"""
SECRETS = {
    "OPENAI_API_KEY": "sk-not-for-pages",
    "HELICONE_API_KEY": "sk-helicone-not-for-pages",
}
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


class Inline(HTMLParser):
    """Finds what a strict policy forbids: code and style in the page itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_data = (values.get("type") or "").endswith("json")
        if tag == "style" or (tag == "script" and not values.get("src") and not is_data):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"<{tag} {name}>")
            if (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value}>")
            if name in ("src", "href") and tag != "a" and (value or "").startswith(("http", "//")):
                self.found.append(f"<{tag} {name}={value}> from elsewhere")


def inline(html: str) -> list[str]:
    parser = Inline()
    parser.feed(html)
    return parser.found


def check(response: Any) -> None:
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"
    policy = response.headers["Content-Security-Policy"]
    for needed in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert needed in policy
    assert "unsafe" not in policy
    page = "" if response.streaming else response.content.decode()
    assert inline(page) == []
    for secret in SECRETS.values():
        assert secret not in page
        assert secret not in str(response.headers)


PAGES = [f"/{route.path}" for route in routes() if "<" not in route.path and not route.group]
LINKS = ["/accounts/confirm-email/1/", "/accounts/password/reset/key/1-abc/"]
ADMIN = [f"/admin/{r.path.removeprefix('admin/')}" for r in routes() if r.group == "admin"]


@pytest.fixture(autouse=True)
def with_secrets(settings) -> None:
    for name, value in SECRETS.items():
        setattr(settings, name, value)


def test_the_finder_finds():
    bad = [
        "<script>a</script>",
        "<style></style>",
        "<p style=''>",
        "<p onclick=''>",
        "<a href=' JavaScript:x'>",
        "<img src='https://elsewhere.example'>",
    ]
    assert all(inline(html) for html in bad)
    assert inline("<script src='/a.js'></script><a href='https://else.example'>") == []


@pytest.mark.parametrize("who", ["visitor", "guest", "alice", "sam"])
@pytest.mark.parametrize("url", PAGES + LINKS)
def test_every_page_is_safe(url, who, request, client_of):
    people = {"guest": User.objects.create_guest, "visitor": lambda: None}
    client = client_of(people.get(who, lambda: request.getfixturevalue(who))())
    check(client.get(url, follow=True))
    check(client.post(url, follow=True))


def test_a_conversation_with_a_hostile_answer_is_safe(alice, talk, client_of):
    conversation = talk(alice, HOSTILE, HOSTILE)
    answer = conversation.path()[-1]
    rating_flow.rate(answer, alice, -1)
    page = client_of(alice).get(f"{conversation.get_absolute_url()}?reasons={answer.pk}")
    assert page.status_code == 200
    assert b"Look" in page.content
    check(page)


def test_the_admin_is_safe(sam, alice, talk, client_of):
    rating_flow.rate(talk(alice, HOSTILE, HOSTILE).path()[-1], alice, -1)
    client = client_of(sam)
    seen = 0
    for url in (url for url in ADMIN if "<" not in url and not url.endswith("jsi18n/")):
        page = client.get(url)
        if page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"):
            check(page)
            seen += 1
    assert seen >= len(admin_site._registry)


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])
def test_errors_are_safe(htmx, client_of, alice, settings):
    client = client_of(headers={"HX-Request": "true"} if htmx else {})
    strict = client_of(alice, enforce_csrf_checks=True)
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    wrong = {"login": "alice", "password": "wrong"}
    client.post("/accounts/login/", wrong)
    found = {
        404: client.get("/nowhere/"),
        403: strict.post("/"),
        400: client.get("/", headers={"Host": "elsewhere.example"}),
        429: client.post("/accounts/login/", wrong),
        405: client.get("/m/00000000-0000-4000-8000-000000000000/stop/"),
        422: client.post("/", {"message": " "}),
    }
    assert {status: answer.status_code for status, answer in found.items()} == {s: s for s in found}
    for answer in found.values():
        check(answer)


def test_a_strange_host_name_is_refused_in_words(client_of):
    answer = client_of().get("/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "ALLOWED_HOSTS" in answer.content.decode()
    assert "elsewhere.example" not in answer.content.decode()


def test_cookies_stay_on_this_site(alice, client_of):
    client = client_of()
    client.get("/accounts/login/")
    answer: HttpResponse = client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    session, csrf = answer.cookies["sessionid"], answer.cookies["csrftoken"]
    assert session["httponly"]
    assert session["samesite"] == csrf["samesite"] == "Lax"


def test_a_visitor_who_only_looks_gets_no_session(client_of):
    client = client_of()
    client.get("/")
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize(("https", "secure"), [("true", "True"), ("false", "False")])
def test_under_https_cookies_travel_over_https_only(tmp_path, https, secure):
    program = "from chatapp import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, bool(s.SECURE_HSTS_SECONDS), s.ACCOUNT_DEFAULT_HTTP_PROTOCOL)"
    own = {"ENV_FILE": os.devnull, "VAR_DIR": str(tmp_path), "HTTPS": https}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **own},
        capture_output=True,
        text=True,
        check=True,
    )
    scheme = "https" if https == "true" else "http"
    assert done.stdout.split() == [secure] * 4 + [scheme]
