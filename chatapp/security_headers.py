"""Security headers of every response: pages, static files, and errors before Django."""

from __future__ import annotations

from typing import Any

from django.conf import settings

PAGE_POLICY = "; ".join(
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
# The policy named default is in static/htmx/trusted_types.js.
STRICT_POLICY = f"{PAGE_POLICY}; require-trusted-types-for 'script'; trusted-types default"
FILE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
UNUSED_FEATURES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
COMMON = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES),
}
# A page shows what only one person may see, and the public pages are too cheap to be cached.
PAGE = {**COMMON, "Cache-Control": "private, no-store", "Content-Security-Policy": STRICT_POLICY}
FILE = {**COMMON, "Content-Security-Policy": FILE_POLICY}


def transport_security() -> dict[str, str]:
    """Strict-Transport-Security where the site is reached over https; browsers ignore it over
    http."""
    if not settings.SECURE_HSTS_SECONDS:
        return {}
    value = f"max-age={settings.SECURE_HSTS_SECONDS}"
    value += "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
    value += "; preload" if settings.SECURE_HSTS_PRELOAD else ""
    return {"Strict-Transport-Security": value}


def encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Return headers as ASGI sends them."""
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


class SecurityHeaders:
    """ASGI app that adds to each response the headers that it lacks."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.of_pages = encoded(PAGE | transport_security())
        self.of_files = encoded(FILE | transport_security())

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        is_started = False
        is_file = scope["path"].startswith(settings.STATIC_URL)
        needed = self.of_files if is_file else self.of_pages

        async def send_with_headers(message: Any) -> None:
            nonlocal is_started
            if message["type"] == "http.response.start":
                is_started = True
                headers = list(message["headers"])
                names = {name.lower() for name, _value in headers}
                headers += (header for header in needed if header[0] not in names)
                message = {**message, "headers": headers}
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception:
            if not is_started:
                await send({"type": "http.response.start", "status": 500, "headers": needed})
                await send({"type": "http.response.body", "body": b"Internal Server Error"})
            raise  # for the server's log
