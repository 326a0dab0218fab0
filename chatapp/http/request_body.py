"""What comes with a request, before anything looks into it: its size, its time, where it is kept."""

from __future__ import annotations

import asyncio
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestAborted

MAX_READ_BYTES = 50_000_000  # bytes
# Images from a phone take their time; whoever sends them must at least keep this pace.
MIN_UPLOAD_RATE = 20_000


class RequestBody(SpooledTemporaryFile[bytes]):
    """In memory, and on disk where images make it large. None of it is kept once it is too big."""

    def __init__(self, limit: int) -> None:
        super().__init__(max_size=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        self.limit, self.size = limit, 0

    @property
    def is_too_big(self) -> bool:
        return self.size > self.limit

    def take(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.is_too_big:
            self.seek(0)
            self.truncate(0)
        else:
            self.write(chunk)


def body_limit(scope: dict[str, Any]) -> int:
    """In bytes. Only forms that take files may be larger than a text can get."""
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    text: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if not kind.lower().startswith(b"multipart/form-data"):
        return text
    return text + int(settings.IMAGES_PER_MESSAGE * settings.IMAGE_MAX_SIZE)


async def read_body(scope: dict[str, Any], receive: Any) -> RequestBody:
    """All of it, also of what is too big: a browser reads no answer before it has sent. But not
    without an end. Raises RequestAborted, and TimeoutError for what comes too slowly."""
    body = RequestBody(body_limit(scope))
    at_most = max(MAX_READ_BYTES, 2 * body.limit)
    is_upload = body.limit > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    try:
        async with asyncio.timeout(settings.BODY_SECONDS) as patience:
            ends = patience.when()
            while body.size < at_most:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RequestAborted
                body.take(message.get("body", b""))
                if not message.get("more_body", False):
                    break
                if is_upload and ends is not None:
                    patience.reschedule(ends + body.size / MIN_UPLOAD_RATE)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body
