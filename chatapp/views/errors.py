"""Every error in words, with a way on: a page, or a sentence for a fragment's place."""

import sys
from typing import Any

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, gettext, override

from chatapp.availability import is_connection_error


def answer(request: HttpRequest, status: int, name: str) -> HttpResponse:
    """htmx puts the same words where the request came from. It says so by a header; the
    middleware that reads it may not have run yet."""
    template = "errors/sentence.html" if request.headers.get("HX-Request") else "errors/page.html"
    context = {"words": f"errors/{name}.html", "status": status}
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_connection_error(exception):
        return away(request)
    if isinstance(exception, RequestDataTooBig):
        return answer(request, 413, "413")
    if isinstance(exception, DisallowedHost):
        return answer(request, 400, "400_host")
    return answer(request, 400, "400")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 403, "403")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(request, 403, "403_csrf")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 404, "404")


def too_big(request: HttpRequest) -> HttpResponse:
    """Refused before the middleware that would know the language."""
    with override(get_language_from_request(request)):
        return answer(request, 413, "413")


def too_slow() -> HttpResponse:
    """Nothing is known of the request but that most of it is still to come."""
    words = gettext("That took too long to arrive, so it was not read. Send it again.")
    headers = {"Connection": "close"}
    return HttpResponse(words, status=408, content_type="text/plain", headers=headers)


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """Asked for by django-allauth, whose limits count tries of a minute."""
    response = answer(request, 429, "429")
    response.headers["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    """Rendered without a request: whatever broke may break its context too."""
    if is_connection_error(sys.exception()):
        return away(request)
    return HttpResponse(render_to_string("500.html"), status=500)


def away(request: HttpRequest) -> HttpResponse:
    """For the moment: it is asked anew with the next request."""
    fragment = request.headers.get("HX-Request")
    template = "errors/sentence.html" if fragment else "errors/bare_page.html"
    html = render_to_string(template, {"words": "errors/503.html", "status": 503})
    return HttpResponse(html, status=503, headers={"Retry-After": "2"})
