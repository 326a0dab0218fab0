"""Readers that don't read, and senders that hardly send: others don't notice."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import parse_headers
from urllib.parse import urlsplit

import psutil
import pytest

from tests.fixtures.patience import DEADLINE, patience
from tests.fixtures.processes import StartSite
from tests.resilience import stored
from tests.resilience.conftest import NO_LIMITS
from tests.resilience.visitor import Visitor
from tests.site_process import Site

PACE = "Tell me more. [[tokens=150 tps=75]]"
PACE_SECONDS = 2
SLACK = 6  # what blocks others lasts longer


@pytest.fixture(scope="module")
def site(start_site: StartSite) -> Site:
    return start_site(**NO_LIMITS, BODY_SECONDS="2", HEADER_SECONDS="2")


def megabytes(site: Site) -> float:
    assert site.process
    return float(psutil.Process(site.process.pid).memory_info().rss) / 1e6


def check_pace(site: Site) -> None:
    """A normal answer of a stranger comes as fast as it is written, and whole."""
    with Visitor(site.url) as other:
        began = time.monotonic()
        asked = other.ask(PACE)
        watched = other.read(asked.answer)
        assert time.monotonic() - began < patience(PACE_SECONDS + SLACK)
        assert "Good answer" in watched.message
        assert stored.answer(site, asked.answer)["status"] == "complete"


@contextmanager
def deaf_readers(visitor: Visitor, answer: str, count: int) -> Iterator[list[socket.socket]]:
    """They ask for the stream, and take nothing but what the system takes for them."""
    address = urlsplit(visitor.http.base_url.__str__())
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.http.cookies.items())
    request = f"GET /m/{answer}/stream/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n"
    with ExitStack() as stack:
        readers = []
        for _ in range(count):
            reader = stack.enter_context(socket.socket())
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.connect((address.hostname, address.port))
            reader.sendall(request.encode())
            readers.append(reader)
        yield readers


def test_readers_that_never_read_a_megabyte(site):
    with Visitor(site.url) as visitor:
        before = megabytes(site)
        asked = visitor.ask("All of it. [[huge=1000000 tps=200]]")
        with deaf_readers(visitor, asked.answer, 20):
            check_pace(site)
            watched = visitor.read(asked.answer)
            assert "Good answer" in watched.message
            assert len(stored.answer(site, asked.answer)["text"]) == 1_000_000
            assert megabytes(site) - before < 200
    check_pace(site)


def test_a_thousand_idle_readers(site):
    with Visitor(site.url) as visitor:
        asked = visitor.ask("Wait. [[wait=60]]")
        before = megabytes(site)
        with deaf_readers(visitor, asked.answer, 1000) as readers:
            for reader in readers:
                reader.settimeout(DEADLINE)
                assert reader.recv(12) == b"HTTP/1.1 200"
            check_pace(site)
            assert megabytes(site) - before < 150
            visitor.stop(asked.answer)
            said = b""
            while b"event: done" not in said:
                said += readers[-1].recv(65536)
    check_pace(site)


def post(site: Site, length: int) -> socket.socket:
    address = urlsplit(site.url)
    sender = socket.create_connection((address.hostname, address.port), timeout=DEADLINE)
    kind = "application/x-www-form-urlencoded"
    sender.sendall(
        f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {length}\r\n\r\n".encode()
    )
    return sender


def test_a_body_sent_a_byte_at_a_time_is_given_up(site):
    senders = [post(site, 1000) for _ in range(50)]
    try:
        began = time.monotonic()
        while time.monotonic() - began < 1.5:
            for sender in senders:
                sender.sendall(b"x")
            time.sleep(0.1)
        check_pace(site)
        for sender in senders:
            assert sender.recv(65536).startswith(b"HTTP/1.1 408")
        assert time.monotonic() - began < patience(2 + PACE_SECONDS + SLACK)
    finally:
        for sender in senders:
            sender.close()


def test_headers_without_an_end_are_cut_off(site):
    address = urlsplit(site.url)
    with ExitStack() as stack:
        whole = (address.hostname, address.port)
        silent, slow, big = (
            stack.enter_context(socket.create_connection(whole, timeout=DEADLINE)) for _ in range(3)
        )
        slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        began = time.monotonic()
        while time.monotonic() - began < 1.5:
            slow.sendall(b"x")
            time.sleep(0.1)
        check_pace(site)
        assert slow.recv(65536) == silent.recv(65536) == b""
        before = megabytes(site)
        with pytest.raises(OSError):
            big.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            for number in range(100_000):
                big.sendall(b"X-%d: %s\r\n" % (number, b"x" * 1000))
        assert megabytes(site) - before < 15
    check_pace(site)


def test_a_second_request_on_the_same_connection_has_time_of_its_own(site):
    address = urlsplit(site.url)
    with (
        socket.create_connection((address.hostname, address.port), timeout=DEADLINE) as line,
        line.makefile("rb") as answers,
    ):
        for _ in range(2):
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            time.sleep(1.2)
            line.sendall(b"\r\n")
            assert answers.readline().startswith(b"HTTP/1.1 200")
            headers = parse_headers(answers)
            assert answers.read(int(headers["Content-Length"]))


def test_a_body_that_is_too_big_is_refused_in_words_and_not_kept(site):
    with Visitor(site.url) as visitor:
        before = megabytes(site)
        response = visitor.post("/", message="x" * 20_000_000)
        assert response.status_code == 413
        assert "That is more than can be sent at once." in response.text
        assert megabytes(site) - before < 15
    check_pace(site)


def test_a_body_without_an_end_is_cut_off(site):
    with post(site, 10**12) as sender:
        before = megabytes(site)
        with pytest.raises(OSError):
            for _ in range(2000):
                sender.sendall(b"x" * 100_000)
        assert megabytes(site) - before < 15
    check_pace(site)


def test_many_readers_of_one_answer_take_little_memory(start_site):
    """500 who read nothing of 200 kB, with the limits that a site has by default."""
    site = start_site(**(NO_LIMITS | {"STREAMS_PER_USER": "20"}))
    with Visitor(site.url) as visitor:
        asked = visitor.ask("All of it. [[huge=200000 tps=0 stall=199 stall_seconds=60]]")
        with visitor.reading(asked.answer) as watched:
            while len(watched.done) < 100_000:
                watched.next()
        before = megabytes(site)
        with deaf_readers(visitor, asked.answer, 500) as readers:
            for reader in readers:
                reader.settimeout(DEADLINE)
                assert reader.recv(12) in (b"HTTP/1.1 200", b"HTTP/1.1 429")
            check_pace(site)
            assert megabytes(site) - before < 100
        visitor.stop(asked.answer)
    check_pace(site)


def sign_up(visitor: Visitor) -> Visitor:
    way, email = "/accounts/signup/", "many@example.org"
    assert visitor.post(way, email=email, password1="Cast-pass-1").status_code == 302
    return visitor


@pytest.mark.parametrize("person", [lambda guest: guest, sign_up], ids=["guest", "signed up"])
def test_beyond_four_streams_of_a_user_further_ones_end_at_once(start_site, person):
    """From whichever tab or browser they come; and so that the page asks again."""
    site = start_site(**(NO_LIMITS | {"STREAMS_PER_USER": "20"}))
    with Visitor(site.url) as visitor:
        asked = person(visitor).ask("Slowly. [[tokens=600 tps=20]]")
        path = f"/m/{asked.answer}/stream/"
        with deaf_readers(visitor, asked.answer, 4) as readers:
            for reader in readers:
                reader.settimeout(DEADLINE)
                assert reader.recv(12) == b"HTTP/1.1 200"
            glanced = visitor.http.get(path)
            assert glanced.status_code == 200
            assert glanced.text.endswith("event: again\nretry: 2000\ndata:\n\n")
        deadline = time.monotonic() + DEADLINE
        while not follows(visitor, path):  # the site has yet to notice that they left
            assert time.monotonic() < deadline
        visitor.stop(asked.answer)


def follows(visitor: Visitor, path: str) -> bool:
    """Whether a stream goes on after what was there already."""
    with visitor.http.stream("GET", path) as response:
        events = (line for line in response.iter_lines() if line.startswith(("id:", "event:")))
        first_ones = [next(events), next(events)]
    return "event: again" not in first_ones


def test_a_user_with_too_many_streams_is_told_and_others_are_not(start_site):
    site = start_site(**(NO_LIMITS | {"STREAMS_PER_USER": "3"}))
    with Visitor(site.url) as visitor:
        asked = visitor.ask("Wait. [[wait=60]]")
        path = f"/m/{asked.answer}/stream/"
        with deaf_readers(visitor, asked.answer, 3) as readers:
            for reader in readers:
                reader.settimeout(DEADLINE)
                assert reader.recv(12) == b"HTTP/1.1 200"
            refused = visitor.http.get(path)
            assert refused.status_code == 429
            assert "too many tabs open" in refused.text
            assert refused.headers["Retry-After"] == "15"
            check_pace(site)
        deadline = time.monotonic() + DEADLINE
        while not is_free(visitor, path):  # the site has yet to notice that they left
            assert time.monotonic() < deadline
        visitor.stop(asked.answer)


def is_free(visitor: Visitor, path: str) -> bool:
    with visitor.http.stream("GET", path) as response:
        return response.status_code == 200
