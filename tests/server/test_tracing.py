"""Spans of a running site, as a collector gets them."""

import socket
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.fixtures.patience import DEADLINE, patience
from tests.resilience import stored
from tests.resilience.conftest import NO_LIMITS
from tests.resilience.visitor import Visitor
from tests.sandbox_process import SandboxProcess
from tests.site_process import Site
from tests.trace_collector import Received, TraceCollector

TOKEN = "secretcanary-collector"
WORD = "wordcanary"
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
SERVER, CLIENT = Span.SPAN_KIND_SERVER, Span.SPAN_KIND_CLIENT


def traced(url: str) -> dict[str, str]:
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": url,
        "OTEL_EXPORTER_OTLP_HEADERS": f"x-api-key={TOKEN}",
        "OTEL_BSP_SCHEDULE_DELAY": "50",  # milliseconds; the SDK's own variable
    }


@pytest.fixture(scope="module")
def collector() -> Iterator[TraceCollector]:
    with TraceCollector() as collector:
        yield collector


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory,
    stopped_site: Site,
    sandbox_server: SandboxProcess,
    collector: TraceCollector,
) -> Iterator[Site]:
    sandbox_server.reset()
    folder = tmp_path_factory.mktemp("traced")
    settings = NO_LIMITS | traced(collector.url) | {"TITLE_MODEL": "eliza"}
    with Site(folder, sandbox_server, like=stopped_site, **settings) as site:
        yield site.start()


@pytest.fixture
def visitor(site: Site) -> Iterator[Visitor]:
    with Visitor(site.url) as visitor:
        yield visitor


def about(request_id: str, kind: int, name: str = "") -> Callable[[Received], bool]:
    return lambda span: (
        span.attributes.get("rapport.request_id") == request_id
        and span.kind == kind
        and span.name.startswith(name)
    )


def ask(visitor: Visitor, text: str) -> tuple[str, str]:
    """Ids of the request that asked, and of the answer, which is complete or failed."""
    response = visitor.post("/", {"HX-Request": "true"}, message=text)
    answer = response.text.rpartition('class="message answer"')[0].rpartition('id="m-')[2][:36]
    visitor.read(answer)
    return response.headers["X-Request-ID"], answer


def test_a_question_is_a_span_whose_children_are_the_calls_of_the_provider(
    site, visitor, collector
):
    name, answer = ask(visitor, "Hello")
    asked = collector.wait_for(about(name, SERVER))
    assert (asked.name, asked.parent, asked.failed) == ("POST /", "", False)
    assert asked.attributes["http.route"] == "/"
    assert asked.attributes["http.response.status_code"] == 200
    assert asked.of_service["service.name"] == "rapport"
    logged = stored.answer(site, answer)["request_id"]
    answered = collector.wait_for(lambda span: span.attributes.get("helicone.request_id") == logged)
    assert (answered.trace, answered.parent) == (asked.trace, asked.id)
    assert (answered.kind, answered.failed) == (CLIENT, False)
    assert answered.name == f"chat {answered.attributes['gen_ai.request.model']}"
    assert answered.attributes["rapport.request_id"] == name
    assert answered.attributes["server.address"] == "127.0.0.1"
    titled = collector.wait_for(about(name, CLIENT, "chat eliza"))
    assert titled.id != answered.id
    assert (titled.trace, titled.parent) == (asked.trace, asked.id)


def test_each_attempt_is_a_span_that_says_why_it_failed(visitor, collector):
    name, _ = ask(visitor, f"{WORD} [[fault status=503 times=1]]")
    failed = collector.wait_for(lambda span: about(name, CLIENT)(span) and span.failed)
    assert failed.attributes["error.type"] == "server_error"
    collector.wait_for(lambda span: about(name, CLIENT)(span) and not span.failed)


def test_a_rating_and_its_reading_back_are_spans_which_name_the_rated_request(
    site, visitor, collector
):
    _, answer = ask(visitor, f"{WORD} to rate")
    assert visitor.rate(answer) == 200
    logged = stored.answer(site, answer)["request_id"]
    sent = collector.wait_for(lambda span: span.name == "helicone feedback")
    assert (sent.kind, sent.parent, sent.failed) == (CLIENT, "", False)
    assert sent.attributes["helicone.request_id"] == logged
    assert sent.attributes["http.request.method"] == "POST"
    collector.wait_for(lambda span: span.name == "helicone query-clickhouse")


def test_no_words_no_addresses_and_no_secrets_leave(site, visitor, collector, sandbox_server):
    visitor.http.get("/search", params={"q": WORD})
    visitor.http.get(f"/s/{WORD}/")
    name, _ = ask(visitor, f"{WORD} [[fault status=400 repeat times=3]]")
    last = visitor.http.get(f"/{WORD}/nowhere").headers["X-Request-ID"]
    nowhere = collector.wait_for(about(last, SERVER))
    collector.wait_for(about(name, CLIENT))
    assert (nowhere.name, nowhere.attributes["http.response.status_code"]) == ("GET", 404)
    everything = b"".join(collector.bodies)
    assert b"rapport.request_id" in everything
    hidden = [WORD, TOKEN, "sk-tests", sandbox_server.key, visitor.http.cookies["csrftoken"]]
    assert [word for word in hidden if word.encode() in everything] == []
    assert {headers.get("x-api-key") for headers in collector.headers} == {TOKEN}
    assert TOKEN not in site.log


def test_a_stranger_s_traceparent_is_not_taken_over(site, collector):
    response = httpx2.get(
        f"{site.url}/healthz", headers=TRACEPARENT, timeout=DEADLINE, trust_env=False
    )
    span = collector.wait_for(about(response.headers["X-Request-ID"], SERVER))
    assert span.trace != TRACE and span.parent == ""


def test_a_proxy_s_traceparent_is_taken_over_if_it_is_one(tmp_path, stopped_site, sandbox_server):
    with TraceCollector() as collector:
        settings = NO_LIMITS | traced(collector.url) | {"TRUSTED_PROXIES": "1"}
        with Site(tmp_path, sandbox_server, like=stopped_site, **settings) as site:
            site.start()
            for sent in ([TRACEPARENT], [TRACEPARENT, TRACEPARENT], [{"traceparent": "00-0-0-0"}]):
                headers = [pair for header in sent for pair in header.items()]
                response = httpx2.get(
                    f"{site.url}/healthz", headers=headers, timeout=DEADLINE, trust_env=False
                )
                span = collector.wait_for(about(response.headers["X-Request-ID"], SERVER))
                taken = (span.trace, span.parent) == (TRACE, PARENT)
                assert taken == (sent == [TRACEPARENT])
                assert response.headers["X-Request-ID"] not in TRACE


def test_the_last_spans_come_when_a_site_stops_and_a_dead_collector_stops_nothing(
    tmp_path, stopped_site, sandbox_server
):
    with TraceCollector() as collector:
        late = traced(collector.url) | {"OTEL_BSP_SCHEDULE_DELAY": "600000"}
        with Site(tmp_path / "late", sandbox_server, like=stopped_site, **late) as site:
            site.start()
            name = httpx2.get(f"{site.url}/healthz", trust_env=False).headers["X-Request-ID"]
            assert not collector.spans
            assert site.stop() == 0
            collector.wait_for(about(name, SERVER))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        dead = traced(f"http://127.0.0.1:{silent.getsockname()[1]}")
        with Site(tmp_path / "dead", sandbox_server, like=stopped_site, **dead) as site:
            site.start()
            httpx2.get(f"{site.url}/healthz", trust_env=False).raise_for_status()
            began = time.monotonic()
            assert site.stop() == 0
            assert time.monotonic() - began < patience(10)


def test_nothing_of_it_is_loaded_where_it_is_off(tmp_path, stopped_site):
    with Site(tmp_path, like=stopped_site) as site:
        program = "import sys, chatapp.asgi; print([n for n in sys.modules if 'opentelem' in n])"
        assert site.manage("shell", "-v0", "-c", program).strip() == "[]"
