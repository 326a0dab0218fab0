"""Error handlers: a page with links, or for htmx a sentence."""

import sys
from typing import Any

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, gettext, override

from chatapp.availability import is_connection_error
from chatapp.observability.log_format import request_id


def error_response(request: HttpRequest, status: int, name: str) -> HttpResponse:
    """Render an error template; for htmx as a fragment. Reads the header itself, since the
    middleware of django-htmx may not have run yet."""
    template = "errors/sentence.html" if request.headers.get("HX-Request") else "errors/page.html"
    context = {"words": f"errors/{name}.html", "status": status, "request_id": request_id.get()}
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_connection_error(exception):
        return unavailable(request)
    if isinstance(exception, RequestDataTooBig):
        return error_response(request, 413, "413")
    if isinstance(exception, DisallowedHost):
        return error_response(request, 400, "400_host")
    return error_response(request, 400, "400")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, 403, "403")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_response(request, 403, "403_csrf")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, 404, "404")


def too_big(request: HttpRequest) -> HttpResponse:
    """Status 413. Runs before the middleware that activates the language."""
    with override(get_language_from_request(request)):
        return error_response(request, 413, "413")


def too_slow(request: HttpRequest) -> HttpResponse:
    """Status 408 as plain text, since the request's body is incomplete. Like `too_busy` it runs
    outside of the middleware that activates the language."""
    with override(get_language_from_request(request)):
        words = gettext("That took too long to arrive, so it was not read. Send it again.")
    headers = {"Connection": "close"}
    return HttpResponse(words, status=408, content_type="text/plain", headers=headers)


def too_busy(request: HttpRequest) -> HttpResponse:
    """Status 503 as plain text, before the request is read: too many images wait."""
    with override(get_language_from_request(request)):
        words = gettext(
            "Too many images come at once, so this was not read. Send it again in a moment."
        )
    headers = {"Retry-After": "15"}
    return HttpResponse(words, status=503, content_type="text/plain", headers=headers)


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """Status 429 of django-allauth's rate limits, which count attempts per minute."""
    response = error_response(request, 429, "429")
    response.headers["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    """Status 500, rendered without a request context, which may be what failed."""
    if is_connection_error(sys.exception()):
        return unavailable(request)
    html = render_to_string("500.html", {"request_id": request_id.get()})
    return HttpResponse(html, status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Status 503 while the database or Redis is unavailable."""
    fragment = request.headers.get("HX-Request")
    template = "errors/sentence.html" if fragment else "errors/bare_page.html"
    context = {"words": "errors/503.html", "status": 503, "request_id": request_id.get()}
    html = render_to_string(template, context)
    return HttpResponse(html, status=503, headers={"Retry-After": "2"})
