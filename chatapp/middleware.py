"""Middleware: probes, Content-Security-Policy, required login where guests are disabled."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def answer_probes_at_any_address(get_response: GetResponse) -> GetResponse:
    """Let the paths of `settings.PROBES` be asked for by any Host, such as an IP address."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path in settings.PROBES:
            request.META["HTTP_HOST"] = settings.A_HOST
        return get_response(request)

    return middleware


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """Restrict scripts, styles and connections to the site itself."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
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
