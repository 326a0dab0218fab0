"""Address and scheme of the client, as told by proxies that the settings trust."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

Headers = Iterable[tuple[bytes, bytes]]

FORWARDED = frozenset({b"forwarded", b"x-real-ip"})
FORWARDED_PREFIX = b"x-forwarded-"


class TrustedProxies:
    """ASGI middleware: sets the scope's client and scheme from `X-Forwarded-For` and `-Proto`.

    `count` is how many proxies a request passes, each of which adds the address it was asked from:
    the one that the outermost saw is the `count`-th from the right, and what stands left of it is
    the client's own invention. A request that passed fewer is taken for what it is, one from the
    peer of its connection. The headers go no further, so that nothing else can believe them.
    """

    def __init__(self, app: Any, count: int) -> None:
        self.app, self.count = app, count

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope = behind_proxies(scope, self.count)
        await self.app(scope, receive, send)


def behind_proxies(scope: dict[str, Any], count: int) -> dict[str, Any]:
    headers = [header for header in scope["headers"] if not is_forwarded(header[0])]
    if len(headers) == len(scope["headers"]):
        return scope
    changed: dict[str, Any] = {"headers": headers}
    if address := address_of(told(scope["headers"], b"x-forwarded-for", count)):
        changed["client"] = [address, 0]
    if told(scope["headers"], b"x-forwarded-proto", count).lower() == "https":
        changed["scheme"] = "https"
    return scope | changed


def is_forwarded(name: bytes) -> bool:
    return name.startswith(FORWARDED_PREFIX) or name in FORWARDED


def told(headers: Headers, name: bytes, count: int) -> str:
    """What the outermost trusted proxy told; empty if it told nothing, or if there is none.

    Some proxies replace `X-Forwarded-Proto` rather than add to it: a single value counts for all.
    """
    values = b",".join(value for key, value in headers if key == name).decode("latin-1").split(",")
    if count and name == b"x-forwarded-proto" and len(values) == 1:
        return values[0].strip()
    return values[-count].strip() if 0 < count <= len(values) else ""


def address_of(text: str) -> str:
    """An IP address, with or without a port and brackets, in its usual form; or nothing."""
    host = text.rpartition(":")[0] if text.count(":") == 1 else text
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ""
