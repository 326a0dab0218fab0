"""Which address and scheme a request has, whatever a client writes into its headers."""

import asyncio
from typing import Any

import httpx2
import pytest

from chatapp.http.trusted_proxies import TrustedProxies
from chatapp.limits.quotas import network_of

PEER = ("192.0.2.9", 4711)


def received(count: int, **headers: str) -> dict[str, Any]:
    """The scope of a request behind so many trusted proxies."""
    scopes: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scopes.append(scope)

    pairs = [(b"host", b"x.example")]
    pairs += [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    scope = {"type": "http", "client": PEER, "scheme": "http", "headers": pairs}
    asyncio.run(TrustedProxies(app, count)(scope, None, None))
    return scopes[0]


def address(count: int, forwarded: str) -> str:
    return str(received(count, x_forwarded_for=forwarded)["client"][0])


def test_without_proxies_the_headers_are_ignored_and_go_no_further():
    scope = received(0, x_forwarded_for="10.0.0.1", x_forwarded_proto="https", x_real_ip="1.1.1.1")
    assert (scope["client"], scope["scheme"]) == (PEER, "http")
    assert scope["headers"] == [(b"host", b"x.example")]


@pytest.mark.parametrize(
    ("count", "forwarded", "right"),
    [
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "198.51.100.1", PEER[0]),
        (1, "198.51.100.1:5000", "198.51.100.1"),
        (1, "[2001:db8::1]:5000", "2001:db8::1"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "unknown", PEER[0]),
        (1, "", PEER[0]),
        (1, "9" * 5000, PEER[0]),
    ],
)
def test_the_outermost_trusted_proxy_is_believed_and_nobody_before_it(count, forwarded, right):
    assert address(count, forwarded) == right


def test_several_headers_are_one_list():
    scope: dict[str, Any] = {"type": "http", "client": PEER, "scheme": "http"}
    scope["headers"] = [(b"x-forwarded-for", b"6.6.6.6"), (b"x-forwarded-for", b"198.51.100.1")]
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])

    asyncio.run(TrustedProxies(app, 1)(scope, None, None))
    assert seen == ["198.51.100.1"]


@pytest.mark.parametrize(
    ("count", "proto", "right"),
    [(1, "https", "https"), (2, "https", "https"), (1, "https, http", "http"), (1, "x", "http")],
)
def test_the_scheme_is_told_alike(count, proto, right):
    assert received(count, x_forwarded_proto=proto)["scheme"] == right


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_limits_count_by_network(address, network):
    assert network_of(address) == network


def test_a_running_site_counts_by_what_its_proxy_tells(start_site):
    site = start_site(TRUSTED_PROXIES="1", GUEST_MESSAGES_PER_ADDRESS="1")

    def ask(forwarded: str) -> int:
        with httpx2.Client(base_url=site.url, trust_env=False) as http:
            http.get("/")
            form = {"message": "Who?", "csrfmiddlewaretoken": http.cookies["csrftoken"]}
            return http.post("/", data=form, headers={"X-Forwarded-For": forwarded}).status_code

    forged = [ask(f"10.0.0.{n}, 198.51.100.1") for n in range(2)]
    assert forged == [303, 429]
    assert ask("198.51.100.2") == 303
