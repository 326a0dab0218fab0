"""Signing in by an OpenID Connect provider: a real one, small, over HTTP."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.architecture.imports import ROOT
from tests.fixtures.processes import StartSite
from tests.oidc_provider import OidcProvider
from tests.resilience import stored
from tests.resilience.visitor import Visitor
from tests.site_process import Site

WAY_IN = "/accounts/oidc/login/"


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    with OidcProvider() as provider:
        yield provider


@pytest.fixture(scope="module")
def keyed(start_site: StartSite, provider: OidcProvider) -> Site:
    return start_site(**provider.settings, ACCOUNT_RATE_LIMITS="false")


def follow(visitor: Visitor, url: str) -> httpx2.Response:
    """To the provider and back, as a browser goes."""
    return visitor.http.get(url, follow_redirects=True)


def people(site: Site) -> dict[str, dict[str, object]]:
    return {str(row["email"]): row for row in stored.rows(site, "SELECT * FROM chatapp_user")}


def test_a_stranger_gets_an_account_and_comes_back_to_it(keyed, provider):
    provider.signed_in(sub="1", email="ada@example.org", email_verified=True, name="Ada Lovelace")
    with Visitor(keyed.url) as visitor:
        assert "Continue with House of Keys" in visitor.page("/accounts/login/")
        page = follow(visitor, WAY_IN)
        assert (page.status_code, page.url.path) == (200, "/")
        assert "ada@example.org" in visitor.page("/accounts/")
    before = people(keyed)
    with Visitor(keyed.url) as again:
        follow(again, WAY_IN)
        assert "ada@example.org" in again.page("/accounts/")
    assert people(keyed).keys() == before.keys()


def test_it_leads_to_where_one_was(keyed, provider):
    provider.signed_in(sub="1", email="ada@example.org", email_verified=True)
    with Visitor(keyed.url) as visitor:
        login = visitor.page("/accounts/login/?next=/archived/")
        (way,) = re.findall(rf'href="({WAY_IN}[^"]*)"', login)
        assert follow(visitor, way).url.path == "/archived/"


def test_a_guest_keeps_the_conversations(keyed, provider):
    provider.signed_in(sub="2", email="guest@example.org", email_verified=True)
    with Visitor(keyed.url) as visitor:
        asked = visitor.ask("Kept by the key? [[tokens=5]]")
        visitor.read(asked.answer)
        visitor.rate(asked.answer)
        follow(visitor, WAY_IN)
        assert "Kept by the key?" in visitor.page(asked.conversation)
        assert "guest@example.org" in visitor.page("/")
    with Visitor(keyed.url) as elsewhere:
        follow(elsewhere, WAY_IN)
        assert "Kept by the key?" in elsewhere.page(asked.conversation)


def test_a_confirmed_email_opens_the_account_that_has_it(keyed, provider):
    with Visitor(keyed.url) as first:
        first.post("/accounts/signup/", email="old@example.org", password1="Old-pass-phrase-1")
        asked = first.ask("From before. [[tokens=5]]")
        first.read(asked.answer)
    provider.signed_in(sub="3", email="old@example.org", email_verified=True)
    with Visitor(keyed.url) as second:
        follow(second, WAY_IN)
        assert "From before." in second.page(asked.conversation)


def test_an_email_that_is_not_confirmed_opens_nothing(keyed, provider):
    with Visitor(keyed.url) as first:
        first.post("/accounts/signup/", email="mine@example.org", password1="Mine-pass-phrase-1")
    provider.signed_in(sub="4", email="mine@example.org", email_verified=False)
    with Visitor(keyed.url) as thief:
        page = follow(thief, WAY_IN)
        assert page.url.path == "/accounts/oidc/signup/"
        assert "Almost there" in page.text
        assert thief.http.get("/accounts/").status_code == 302
        taken = thief.post("/accounts/oidc/signup/", email="mine@example.org")
        assert "There is an account with this email already" in taken.text
        done = thief.post("/accounts/oidc/signup/", email="other@example.org")
        assert done.status_code == 302
        assert "other@example.org" in thief.page("/accounts/")


@pytest.mark.parametrize("verified", ["false", "True", "yes", 1, [True], {"a": 1}, None])
def test_only_true_is_verified(keyed, provider, verified):
    """Or else whoever may choose a string at a provider opens any account."""
    with Visitor(keyed.url) as first:
        first.post("/accounts/signup/", email="own@example.org", password1="Own-pass-phrase-1")
    provider.signed_in(sub="6", email="own@example.org", email_verified=verified)
    with Visitor(keyed.url) as thief:
        assert follow(thief, WAY_IN).url.path == "/accounts/oidc/signup/"
        assert thief.http.get("/accounts/").status_code == 302


def test_the_string_true_is_verified_too(keyed, provider):
    provider.signed_in(sub="7", email="text@example.org", email_verified="true")
    with Visitor(keyed.url) as visitor:
        follow(visitor, WAY_IN)
        assert "text@example.org" in visitor.page("/accounts/")


SUBJECTS: list[Any] = ["", None, True, [], "x" * 300, "9", "8\0"]
PERSON = {"sub": "8", "email": "odd@example.org", "email_verified": True}


@pytest.mark.parametrize(
    "userinfo",
    [
        *({**PERSON, "sub": sub} for sub in SUBJECTS),
        *([], "8", None, [PERSON]),
    ],
)
def test_claims_about_nobody_or_somebody_else_sign_nobody_in(keyed, provider, userinfo):
    provider.signed_in(**PERSON, userinfo=userinfo)
    with Visitor(keyed.url) as visitor:
        page = follow(visitor, WAY_IN)
        assert page.status_code == 401
        assert "didn't sign you in" in page.text.replace("&#x27;", "'")
        assert visitor.http.get("/accounts/").status_code == 302


@pytest.mark.parametrize("value", [5, ["a@b.example"], {"a": 1}, "no address", "a\0b", None])
def test_other_claims_of_a_wrong_type_are_left_out(keyed, provider, value):
    provider.signed_in(sub="10", email=value, email_verified=True, name=value, given_name=value)
    with Visitor(keyed.url) as visitor:
        assert follow(visitor, WAY_IN).url.path == "/accounts/oidc/signup/"


@pytest.mark.parametrize("configuration", [[], "x", {}, {"token_endpoint": 5}])
def test_a_provider_with_an_odd_configuration_is_unavailable(keyed, provider, configuration):
    provider.signed_in(configuration=configuration)
    with Visitor(keyed.url) as visitor:
        assert follow(visitor, WAY_IN).status_code == 502


def test_who_turns_back_at_the_provider_is_told_so(keyed, provider):
    provider.signed_in()
    with Visitor(keyed.url) as visitor:
        page = follow(visitor, WAY_IN)
        assert "You cancelled signing in at House of Keys" in page.text
        assert visitor.http.get("/accounts/").status_code == 302


@pytest.mark.parametrize("forged", ["?code=made-up&state=made-up", "?code=made-up", ""])
def test_an_answer_nobody_asked_for_signs_nobody_in(keyed, provider, forged):
    with Visitor(keyed.url) as visitor:
        page = visitor.http.get(f"{WAY_IN}callback/{forged}")
        assert page.status_code == 401
        assert "didn't sign you in" in page.text.replace("&#x27;", "'")
        assert visitor.http.get("/accounts/").status_code == 302


def test_the_account_has_no_password_and_ends_by_its_name(keyed, provider):
    provider.signed_in(sub="5", email="brief@example.org", email_verified=True)
    with Visitor(keyed.url) as visitor:
        follow(visitor, WAY_IN)
        assert follow(visitor, "/accounts/password/change/").url.path == "/accounts/password/set/"
        assert visitor.http.get("/accounts/email/").status_code == 200
        name = str(people(keyed)["brief@example.org"]["username"])
        assert visitor.post("/accounts/delete/", proof=name).status_code == 303
    assert "brief@example.org" not in people(keyed)
    links = stored.rows(keyed, "SELECT uid FROM socialaccount_socialaccount")
    assert "5" not in [row["uid"] for row in links]


def test_a_provider_that_is_away_is_a_sentence(start_site):
    site = start_site(
        OIDC_SERVER_URL="http://127.0.0.1:9", OIDC_CLIENT_ID="rapport", OIDC_CLIENT_SECRET="x"
    )
    with Visitor(site.url) as visitor:
        page = visitor.http.get(WAY_IN)
        assert page.status_code == 502
        assert "Single sign-on can't be reached" in page.text.replace("&#x27;", "'")


def test_without_a_provider_there_is_no_button_and_nothing_is_loaded(site):
    with Visitor(site.url) as visitor:
        assert "/oidc/" not in visitor.page("/accounts/login/")
        assert visitor.http.get(WAY_IN).status_code == 404
    program = (
        "import sys, chatapp.asgi, chatapp.urls;"
        "print([name for name in sys.modules if name.split('.')[0] in"
        " ('requests', 'oauthlib', 'jwt', 'PIL') or 'socialaccount' in name])"
    )
    command = [sys.executable, "-c", program]
    environment = site.environment | {"DJANGO_SETTINGS_MODULE": "chatapp.settings"}
    loaded = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"
