"""Middleware: probes, security headers, required login where guests are disabled, huge numbers."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase

from chatapp.security_headers import PAGE, PAGE_POLICY

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def answer_probes_at_any_address(get_response: GetResponse) -> GetResponse:
    """Let the paths of `settings.PROBES` be asked for by any Host, such as an IP address."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path in settings.PROBES:
            request.META["HTTP_HOST"] = settings.A_HOST
        return get_response(request)

    return middleware


def security_headers(get_response: GetResponse) -> GetResponse:
    """Add the security headers that the view has not set itself. Pages with scripts of Django's
    that put HTML together from strings are exempt from Trusted Types."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        page = request.resolver_match
        if page and page.view_name in settings.TRUSTED_TYPES_EXEMPT:
            response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        for name, value in PAGE.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


class RequireLoginWhenGuestsDisabled(LoginRequiredMiddleware):
    """Redirects visitors to the login page, and back afterwards.

    Only for pages: views reject submissions themselves, with a message next to the form.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        is_page = request.method in ("GET", "HEAD") and "HX-Request" not in request.headers
        if settings.GUESTS or not is_page:
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class RejectHugeNumbers:
    """Answers 400 where a number that was sent is larger than any of SQLite's, as an id in a
    selection of the admin may be. PostgreSQL finds no row instead."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, OverflowError) and "SQLite" in str(exception):
            raise BadRequest("A number is out of range.") from exception
