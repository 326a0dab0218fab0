"""What is added to every response of the site."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase

Respond = Callable[[HttpRequest], HttpResponseBase]

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


def content_security_policy(respond: Respond) -> Respond:
    """Nothing runs, loads or connects but what this site serves itself."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = respond(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware


class RequireLoginWhenGuestsDisabled(LoginRequiredMiddleware):
    """Sends visitors to sign in, and then to where they wanted to go.

    Pages only: what is sent is the view's to refuse, in words next to what was typed.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        is_page = request.method in ("GET", "HEAD") and "HX-Request" not in request.headers
        if settings.GUESTS or not is_page:
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
