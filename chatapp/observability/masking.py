"""Masking of secrets in text from outside, before it is stored, shown or logged."""

import json
import re
from functools import lru_cache
from html import escape
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings

MASK = "[secret]"
NAMES = (
    "OPENAI_API_KEY",
    "HELICONE_API_KEY",
    "SECRET_KEY",
    "OIDC_CLIENT_SECRET",
    "METRICS_TOKEN",
    "EMAIL_HOST_PASSWORD",
)
ADDRESSES = (
    "REDIS_URL",
    "PROVIDER_URL",
    "HELICONE_GATEWAY_URL",
    "HELICONE_API_URL",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
)
SHORT = 8  # characters; a shorter secret is masked as a whole word alone
# What looks like a secret, whosever it is.
LIKELY = (
    r"(?<=\bbearer )\s*[\w.~+/=-]{8,}",
    r"(?<=\bbasic )\s*[\w.~+/=-]{16,}",
    r"\b[sp]k-[\w*-]{8,}",
    r"(?<=://)[^\s/@:]{0,200}:[^\s/@]{1,200}(?=@)",
)


def masked(text: str, *also: str) -> str:
    """The text with MASK in place of this site's secrets, of what looks like a key, and of `also`."""
    return pattern((*known_secrets(), *also)).sub(MASK, text)


def known_secrets() -> tuple[str, ...]:
    addresses = [urlsplit(getattr(settings, name)).password for name in ADDRESSES]
    secrets = [
        *(getattr(settings, name) for name in NAMES),
        settings.DATABASES["default"].get("PASSWORD"),
        *addresses,
        *(unquote(password) for password in addresses if password),
        *header_values(settings.OTEL_EXPORTER_OTLP_HEADERS),
    ]
    return tuple(str(secret) for secret in secrets if secret)


def header_values(headers: str) -> list[str]:
    """The values of `NAME=VALUE,…`, as written and as sent."""
    values = [header.partition("=")[2].strip() for header in headers.split(",")]
    return [*values, *map(unquote, values)]


@lru_cache(maxsize=4)
def pattern(secrets: tuple[str, ...]) -> re.Pattern[str]:
    """Matches each secret, also as JSON, HTML, URLs and Python's repr write it."""
    forms = {form for secret in secrets for form in written_forms(secret)}
    exact = [
        re.escape(form) if len(form) >= SHORT else rf"(?<!\w){re.escape(form)}(?!\w)"
        for form in sorted(forms, key=len, reverse=True)
    ]
    likely = [f"(?i:{one})" for one in LIKELY]
    return re.compile("|".join([*exact, *likely]))


def written_forms(secret: str) -> set[str]:
    return {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        escape(secret),
        quote(secret, safe=""),
        repr(secret)[1:-1],
        repr(secret.encode())[2:-1],
    }
