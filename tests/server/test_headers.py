"""Security headers of real answers: pages, files, and errors that Django never sees."""

import asyncio
import socket
from typing import Any

import httpx2
import pytest

from chatapp.security_headers import SecurityHeaders
from tests.fixtures.patience import DEADLINE
from tests.site_process import Site

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PAGES = {
    "/": 200,
    "/accounts/login/": 200,
    "/accounts/": 302,
    "/archived/": 200,
    "/admin/": 302,
    "/healthz": 200,
    "/readyz": 200,
    "/nowhere/": 404,
    "/static/nowhere.js": 404,
    "/theme/": 405,
}


def check(answer: httpx2.Response, *, is_file: bool = False) -> None:
    for name, value in EVERYWHERE.items():
        assert answer.headers.get_list(name) == [value], (answer.url, name)
    assert "camera=()" in answer.headers["permissions-policy"]
    policy = answer.headers["content-security-policy"]
    for needed in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert needed in policy
    assert "unsafe" not in policy
    if not is_file:
        assert "require-trusted-types-for 'script'; trusted-types default" in policy
        kept = {part.strip() for part in answer.headers["cache-control"].split(",")}
        assert {"private", "no-store"} <= kept


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_pages_and_their_errors(site, method):
    with httpx2.Client(base_url=site.url, trust_env=False, timeout=DEADLINE) as client:
        for url, status in PAGES.items():
            answer = client.request(method, url)
            assert method != "GET" or answer.status_code == status, url
            check(answer)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_static_files(site, method):
    with httpx2.Client(base_url=site.url, trust_env=False, timeout=DEADLINE) as client:
        page = client.get("/").text
        urls = [part.split('"')[0] for part in page.split('="') if part.startswith("/static/")]
        assert len(urls) > 3
        for url in urls:
            answer = client.request(method, url)
            assert answer.status_code == (405 if method == "POST" else 200)
            check(answer, is_file=True)
            assert method == "POST" or "immutable" in answer.headers["cache-control"]
            assert "no-store" not in answer.headers.get("cache-control", "")
        again = {"If-Modified-Since": client.get(urls[0]).headers["last-modified"]}
        answer = client.get(urls[0], headers=again)
        assert answer.status_code == 304
        check(answer, is_file=True)


def said(site: Site, request: bytes) -> httpx2.Response:
    """The answer to bytes that no client would send."""
    host, port = site.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=DEADLINE) as connection:
        connection.sendall(request)
        received = b""
        while more := connection.recv(65536):
            received += more
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    pairs = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
    return httpx2.Response(int(first.split()[1]), headers=pairs, content=body)


def test_what_django_never_sees(site, start_site):
    unreadable = said(site, b"GET / nonsense\r\n\r\n")
    assert unreadable.status_code == 400
    check_without_url(unreadable)
    long = said(site, b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Long: y\r\n" * 10_000)
    assert long.status_code == 431
    check_without_url(long)
    strange = said(site, b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n")
    assert strange.status_code == 400
    check_without_url(strange)
    slow = said(
        start_site(BODY_SECONDS="1"),
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nslow",
    )
    assert slow.status_code == 408
    check_without_url(slow)


def check_without_url(answer: httpx2.Response) -> None:
    answer.request = httpx2.Request("GET", "http://127.0.0.1/")
    check(answer)


def test_a_body_that_is_too_large(site):
    with httpx2.Client(base_url=site.url, trust_env=False, timeout=DEADLINE) as client:
        answer = client.post("/", content=b"x" * 3_000_000)
        assert answer.status_code == 413
        check(answer)


def test_an_app_that_fails_answers_with_the_headers(settings):
    settings.SECURE_HSTS_SECONDS = 60
    sent: list[dict[str, Any]] = []

    async def fail(scope: Any, receive: Any, send: Any) -> None:
        raise ZeroDivisionError

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(SecurityHeaders(fail)({"type": "http", "path": "/"}, None, send))
    assert [message.get("status") for message in sent] == [500, None]
    assert (b"x-content-type-options", b"nosniff") in sent[0]["headers"]
    assert (b"strict-transport-security", b"max-age=60") in sent[0]["headers"]


@pytest.mark.parametrize(
    ("more", "value"),
    [
        ({}, "max-age=31536000"),
        ({"HSTS_SUBDOMAINS": "true"}, "max-age=31536000; includeSubDomains"),
        (
            {"HSTS_SUBDOMAINS": "true", "HSTS_PRELOAD": "true"},
            "max-age=31536000; includeSubDomains; preload",
        ),
    ],
    ids=["alone", "subdomains", "preload"],
)
def test_https_is_remembered_for_this_host_and_for_more_only_if_asked(start_site, more, value):
    site = start_site(HTTPS="true", **more)
    with httpx2.Client(base_url=site.url, trust_env=False, timeout=DEADLINE) as client:
        redirect = client.get("/")
        assert redirect.status_code == 301
        client.headers["X-Forwarded-Proto"] = "https"
        page = client.get("/")
        file = client.get(page.text.split('rel="stylesheet" href="')[1].split('"')[0])
        for answer in (redirect, page, client.get("/nowhere/"), file):
            assert answer.headers.get_list("strict-transport-security") == [value]
            check(answer, is_file=answer is file)


def test_over_http_nothing_is_remembered(site):
    answer = httpx2.get(site.url, trust_env=False, timeout=DEADLINE)
    assert "strict-transport-security" not in answer.headers
