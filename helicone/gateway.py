"""OpenAI clients that go through Helicone's gateway, and the Helicone id of their answers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from helicone import validation
from helicone.errors import InvalidValue
from helicone.rate_limits import field
from helicone.settings import Settings

# openai takes half a second to import: it is loaded when a client is made.
if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI, OpenAI


def client(settings: Settings, **openai_kwargs: Any) -> OpenAI:
    """An openai client that goes through Helicone; takes what `openai.OpenAI` takes."""
    from openai import OpenAI  # half a second

    return OpenAI(**_arguments(settings, openai_kwargs))


def async_client(
    settings: Settings, *, http_client: httpx2.AsyncClient | None = None, **openai_kwargs: Any
) -> AsyncOpenAI:
    """An asyncio client, on aiohttp where it is installed: a third of the cost per token.

    `timeout` (seconds, or an httpx2.Timeout) works as ever. Close it, or use `async with`.
    """
    from openai import AsyncOpenAI, DefaultAioHttpClient  # half a second

    if http_client is None and find_spec("aiohttp"):
        http_client = DefaultAioHttpClient()
    return AsyncOpenAI(http_client=http_client, **_arguments(settings, openai_kwargs))


def _arguments(settings: Settings, openai_kwargs: Mapping[str, Any]) -> dict[str, Any]:
    key = settings.openai_api_key
    if not key:
        raise InvalidValue("There is no OpenAI key to make a client with.")
    headers = dict(openai_kwargs.get("default_headers") or {})
    if settings.key_header:
        headers[settings.key_header] = key
    # Without the word Bearer nothing is logged (observed on Helicone's worker, source of 2026-07).
    # The AI gateway is told the Helicone key once, as the provider's.
    if settings.helicone_api_key not in ("", key):
        headers["Helicone-Auth"] = f"Bearer {settings.helicone_api_key}"
    if settings.target_url:
        headers["Helicone-Target-URL"] = settings.target_url
    ours = {"api_key": key, "base_url": settings.gateway_url}
    return {**ours, **openai_kwargs, "default_headers": headers}


def helicone_id(source: object) -> uuid.UUID | None:
    """The id Helicone logged a call under: from headers, a response, a stream or an exception.

    Takes what openai gives: raw and streaming responses, Stream and AsyncStream (before the first
    chunk), APIStatusError, or a mapping of headers. None when there is none, as for errors before
    proxying, or it is malformed. A parsed completion alone has lost its headers: use
    `with_raw_response`. The header is there even when nothing gets logged, so it proves nothing.
    """
    if not isinstance(source, Mapping):
        response = getattr(source, "response", source)
        source = getattr(response, "headers", None)
    value = field(source, "Helicone-Id") if isinstance(source, Mapping) else None
    try:
        return uuid.UUID(validation.request_id(value or ""))
    except InvalidValue:
        return None


def request_page(settings: Settings, request_id: uuid.UUID | str) -> str:
    """The address of one request in Helicone's web UI."""
    return f"{settings.app_url}/requests?requestId={validation.request_id(request_id)}"
