"""A provider whose answers are made to break their reader signs nobody in, and is told as such."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fixtures.patience import patience
from tests.fixtures.processes import StartSite
from tests.oidc_provider import OidcProvider
from tests.resilience.visitor import Visitor
from tests.site_process import Site

WAY_IN = "/accounts/oidc/login/"
DIGITS = "9" * 5_000
PERSON = {"email": "ada@example.org", "email_verified": True}
RAW = {
    "digits": f'{{"sub": "1", "age": {DIGITS}}}',
    "a subject of digits": f'{{"sub": {DIGITS}}}',
    "10 to the 400th": f'{{"sub": 1{"0" * 400}}}',
    "a fraction": '{"sub": 1.5}',
    "infinite": '{"sub": 1e400}',
    "NaN": '{"sub": NaN}',
    "list": '{"sub": ["1"]}',
    "null": '{"sub": null}',
    "half a character": '{"sub": "\\ud800"}',
    "invisible": '{"sub": "\\u0000"}',
    "deep": "[" * 100_000,
    "deep inside": '{"sub": "1", "a": ' + '{"a":' * 100_000,
    "endless": "endless",
    "no JSON": "<html>",
    "a number": "5",
}


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    with OidcProvider() as provider:
        yield provider


@pytest.fixture(scope="module")
def keyed(start_site: StartSite, provider: OidcProvider) -> Site:
    return start_site(**provider.settings, ACCOUNT_RATE_LIMITS="false")


def check_that_nobody_gets_in(site: Site) -> None:
    """In short time, with a page that says so, and not as an error of the site."""
    seen, began = len(site.log), time.monotonic()
    with Visitor(site.url) as visitor:
        page = visitor.http.get(WAY_IN, follow_redirects=True)
        assert page.status_code in (401, 502)
        assert visitor.http.get("/accounts/").status_code == 302
    assert time.monotonic() - began < patience(15)
    assert "Traceback" not in site.log[seen:]


@pytest.mark.parametrize("name", RAW)
@pytest.mark.parametrize("answer", ["configuration", "token", "userinfo"])
def test_an_answer_that_is_made_to_break_the_reader(keyed, provider, answer, name):
    provider.signed_in(sub="1", **PERSON, raw={answer: RAW[name]})
    check_that_nobody_gets_in(keyed)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": "soon"},
        {"exp": []},
        {"aud": {"a": 1}},
        {"iss": 5},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_a_token_that_is_made_to_break_the_reader(keyed, provider, claims: dict[str, Any]):
    provider.signed_in(sub="1", **PERSON | claims)
    check_that_nobody_gets_in(keyed)
