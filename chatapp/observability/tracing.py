"""OpenTelemetry spans of requests and of calls to other servers, where the settings say so.

Without OTEL_EXPORTER_OTLP_ENDPOINT nothing of OpenTelemetry is imported. Attributes of a span are
ids, codes, numbers, names of models and hosts, and patterns of URLs: no URLs, which may hold a
token, no texts of exceptions, no words of users. Calls of other servers carry no traceparent:
Helicone is told the request id, as the property `site-request`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from types import ModuleType

    from helicone.calls import Call

Record = Callable[[str, str | int], None]


def spans() -> ModuleType | None:
    """The module that makes spans; None where they aren't sent."""
    if not settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        return None
    from chatapp.observability import spans  # OpenTelemetry, which takes 9 MB

    return spans


@contextmanager
def request_span(scope: Any, *, trusts_proxy: bool) -> Iterator[Record]:
    """Span of one HTTP request, the parent of all calls that are made for it, even after it.

    With `trusts_proxy` it continues the trace that the request's only traceparent names.
    """
    if found := spans():
        with found.request_span(scope, trusts_proxy) as span:
            yield span.set_attribute
    else:
        yield nowhere


def name_request(route: str) -> None:
    """Give the span of the current request the pattern of its URL."""
    if found := spans():
        found.name_request(route)


@contextmanager
def call_span(
    name: str,
    url: str,
    attributes: Mapping[str, str],
    error_type: Callable[[Any], str] = lambda error: type(error).__qualname__,
) -> Iterator[Record]:
    """Span of one call to the server at `url`, a child of the request that it is made for.
    `error_type` is what may be said of an exception."""
    if found := spans():
        with found.call_span(name, url, attributes, error_type) as span:
            yield span.set_attribute
    else:
        yield nowhere


@contextmanager
def helicone_span(call: Call[Any]) -> Iterator[None]:
    """Span of one call to Helicone's API; `helicone.request_id` is the request that it is about."""
    name = f"helicone {call.path.rpartition('/')[2]}"
    attributes = {"http.request.method": call.method} | about(call.about)
    with call_span(name, settings.HELICONE_API_URL, attributes):
        yield


def about(request: str | None) -> dict[str, str]:
    """The id of a request at Helicone as an attribute, if there is one."""
    return {"helicone.request_id": request} if request else {}


def nowhere(name: str, value: str | int) -> None:
    """Record of a span that isn't sent."""
