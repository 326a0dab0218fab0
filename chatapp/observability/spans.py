"""Spans of this process, and their sending. Imports OpenTelemetry: use it through `tracing`.

A thread sends them in batches, and what is left when the process ends. What a full queue or an
unreachable collector loses is lost: no request waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.re import parse_env_headers

from chatapp.observability.log_format import request_id
from chatapp.observability.metrics import version

TRACES_PATH = "/v1/traces"
EXPORT_SECONDS = 3  # for one batch; a process that stops waits as long for its last one
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUEST_ID = "rapport.request_id"


def make_tracer() -> Tracer:
    exporter = OTLPSpanExporter(
        endpoint=settings.OTEL_EXPORTER_OTLP_ENDPOINT.rstrip("/") + TRACES_PATH,
        headers=parse_env_headers(settings.OTEL_EXPORTER_OTLP_HEADERS, liberal=True),
        timeout=EXPORT_SECONDS,
    )
    names = {"service.name": settings.OTEL_SERVICE_NAME, "service.version": version()}
    provider = TracerProvider(resource=Resource.create(names))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider.get_tracer("rapport")


tracer = make_tracer()


@contextmanager
def request_span(scope: Any, trusts_proxy: bool) -> Iterator[Span]:
    method = scope["method"] if scope["method"] in METHODS else "_OTHER"
    span = tracer.start_span(
        method,
        context=sent_parent(scope["headers"]) if trusts_proxy else Context(),
        kind=SpanKind.SERVER,
        attributes={REQUEST_ID: request_id.get(), "http.request.method": method},
    )
    token = context.attach(trace.set_span_in_context(span))
    try:
        with recorded(span, lambda error: type(error).__qualname__):
            yield span
    finally:
        context.detach(token)


def sent_parent(headers: Iterable[tuple[bytes, bytes]]) -> Context:
    """The context of the only traceparent, if there is one; tracestate and baggage aren't read."""
    sent = [value.decode("latin-1") for name, value in headers if name == b"traceparent"]
    carrier = {"traceparent": sent[0]} if len(sent) == 1 else {}
    return TraceContextTextMapPropagator().extract(carrier, Context())


def name_request(route: str) -> None:
    span = trace.get_current_span()
    span.update_name(f"{getattr(span, 'name', '').partition(' ')[0]} /{route}")
    span.set_attribute("http.route", f"/{route}")


@contextmanager
def call_span(
    name: str, url: str, attributes: Mapping[str, str], error_type: Callable[[Any], str]
) -> Iterator[Span]:
    """Not made current, so that an async generator may hold it."""
    host = {"server.address": urlsplit(url).hostname or ""}
    span = tracer.start_span(
        name,
        kind=SpanKind.CLIENT,
        attributes={REQUEST_ID: request_id.get(), **host, **attributes},
    )
    with recorded(span, error_type):
        yield span


@contextmanager
def recorded(span: Span, error_type: Callable[[Any], str]) -> Iterator[None]:
    """End the span with the block. The SDK's own way would send the text of an exception."""
    try:
        yield
    except Exception as error:
        span.set_status(StatusCode.ERROR)
        span.set_attribute("error.type", error_type(error))
        raise
    finally:
        span.end()
