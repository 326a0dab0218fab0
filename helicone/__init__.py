"""Helicone for Python: OpenAI through its gateway, ratings posted to it, and read back.

A call through the gateway, its rating, and the proof that the rating arrived:

    settings = helicone.Settings.from_keys(openai_key, helicone_key)
    openai = helicone.client(settings)
    raw = openai.chat.completions.with_raw_response.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello"}],
        extra_headers=helicone.call_headers(request_id=uuid.uuid4(), user="u-17"),
    )
    request_id = helicone.helicone_id(raw)
    with helicone.Api(settings) as api:
        api.rate(request_id, helicone.Rating.POSITIVE)
        reading = api.read([request_id]).found.get(request_id)

Read back some seconds later: until a request is ingested its rating is accepted and dropped, and
only reading back shows it. Every failure is a TransientError or a PermanentError.

Neither Django nor, before a client is made, openai or httpx2 is imported.
"""

from helicone.answers import Receipt
from helicone.api import Api, AsyncApi
from helicone.errors import (
    BadKey,
    ConnectionFailed,
    HeliconeError,
    InvalidId,
    InvalidValue,
    NoAnswer,
    NotAllowed,
    PermanentError,
    RateLimited,
    Rejected,
    ServerError,
    TimedOut,
    TransientError,
    UnexpectedAnswer,
    UnknownRequest,
)
from helicone.gateway import async_client, client, helicone_id, request_page
from helicone.headers import call_headers
from helicone.models import Rating, Reading
from helicone.rate_limits import RateLimit
from helicone.read_back import ReadBack
from helicone.settings import (
    AI_GATEWAY_URL,
    EU,
    LEGACY,
    OPENAI_URL,
    TARGET_GATEWAY_URL,
    US,
    Region,
    Settings,
)

__all__ = [
    "AI_GATEWAY_URL",
    "EU",
    "LEGACY",
    "OPENAI_URL",
    "TARGET_GATEWAY_URL",
    "US",
    "Api",
    "AsyncApi",
    "BadKey",
    "ConnectionFailed",
    "HeliconeError",
    "InvalidId",
    "InvalidValue",
    "NoAnswer",
    "NotAllowed",
    "PermanentError",
    "RateLimit",
    "RateLimited",
    "Rating",
    "ReadBack",
    "Reading",
    "Receipt",
    "Region",
    "Rejected",
    "ServerError",
    "Settings",
    "TimedOut",
    "TransientError",
    "UnexpectedAnswer",
    "UnknownRequest",
    "async_client",
    "call_headers",
    "client",
    "helicone_id",
    "request_page",
]
