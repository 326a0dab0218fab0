"""Validation of each value before it is sent; what is rejected is named in a sentence."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from helicone.errors import InvalidValue

MAX_HEADER = 4096  # bytes; a value near the usual 8 kB limit for all headers is a mistake
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_KEY = re.compile(r"[!#-&(-~]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_VISIBLE_ASCII = re.compile(r"[!-~]+")
_LABEL = r"\w([\w-]{0,61}\w)?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*|[0-9a-f:]+(\.[0-9]+)*", re.ASCII)
_PROPERTY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_PRINTABLE_ASCII = "".join(map(chr, range(0x20, 0x7F)))


def request_id(value: object) -> str:
    """The id in lower case, as Helicone needs it.

    Observed on Helicone's worker, source of 2026-07: an id that is no UUID v1-5 is silently
    replaced by the gateway, and one in upper case is rated 201 without being stored.
    """
    text = str(value).lower()
    if not _UUID.fullmatch(text):
        raise InvalidValue(
            f"{shown(value)} is no request id: Helicone takes UUIDs of version 1 to 5 only."
        )
    return text


def key(value: object, whose: str) -> str:
    """A key that is safe in a header; the sentence that refuses one doesn't repeat it."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise InvalidValue(
            f"The {whose} key holds a space, a quote, a line break or another character"
            " no key has: copy the bare key."
        )
    return value


def url(value: object, what: str) -> str:
    """An http(s) address without a trailing slash; a password in it would end up in logs."""
    if not isinstance(value, str) or not _VISIBLE_ASCII.fullmatch(value):
        raise InvalidValue(f"The {what} address must be ASCII without spaces or line breaks.")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not _HOST.fullmatch(host) or port == 0 or not value.startswith(("http://", "https://")):
        raise InvalidValue(f"The {what} address must look like https://host or http://host:port.")
    if "@" in value or "?" in value or "#" in value:
        raise InvalidValue(
            f"The {what} address must have no user, password, query (?) or fragment (#)."
        )
    return value.rstrip("/")


def header(value: object, what: str) -> str:
    """Text as a header's value: ASCII stays, all else is percent-encoded as UTF-8.

    Headers are ASCII on the wire. Percent-encoding keeps every letter (a folded "Muller" or "??"
    doesn't come back), and unquote() restores it; a "%" already in the text stays as it is.
    """
    if not isinstance(value, str) or _CONTROL.search(value):
        raise InvalidValue(f"The {what} must be text without line breaks or control characters.")
    encoded = quote(_encodable(value.strip(), what), safe=_PRINTABLE_ASCII)
    if not 0 < len(encoded) <= MAX_HEADER:
        raise InvalidValue(f"The {what} must have 1 to {MAX_HEADER} bytes, not {len(encoded)}.")
    return encoded


def property_name(value: object) -> str:
    """A property's name in lower case, since the gateway lowers it and the API doesn't."""
    if not isinstance(value, str) or not _PROPERTY.fullmatch(value):
        raise InvalidValue(
            f"{shown(value)} is no property name: up to 100 ASCII letters, digits, '.', '_', '-'."
        )
    if value.lower().startswith("helicone-"):
        raise InvalidValue(f"{shown(value)} is no property name: Helicone keeps that prefix.")
    return value.lower()


def text(value: object, what: str) -> str:
    """Text for a JSON body: anything but NUL and halves of a character."""
    if not isinstance(value, str) or "\x00" in value:
        raise InvalidValue(f"The {what} must be text without NUL.")
    return _encodable(value, what)


def within(value: object, low: int, high: int, what: str) -> int:
    """A whole number in bounds; True and False are no numbers here."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise InvalidValue(f"The {what} must be a whole number from {low} to {high}.")
    return value


def shown(value: object) -> str:
    """The value as a sentence may quote it: escaped, and never long."""
    quoted = repr(value) if isinstance(value, str) else str(value)
    return quoted if len(quoted) <= 60 else f"{quoted[:59]}…"


def _encodable(value: str, what: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidValue(f"The {what} holds half of a character (a lone surrogate).") from None
    return value
