"""Reading of a request body: limits of size and time, spooled to disk."""

from __future__ import annotations

import asyncio
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestAborted

MAX_READ_BYTES = 50_000_000
MIN_UPLOAD_RATE = 20_000  # bytes a second: uploads from a phone are slow


class RequestBody(SpooledTemporaryFile[bytes]):
    """A body in memory, or on disk if large. Its content is dropped once it exceeds the limit."""

    def __init__(self, limit: int, is_form_with_files: bool = False) -> None:
        super().__init__(max_size=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        self.limit, self.size = limit, 0
        self.is_form_with_files = is_form_with_files  # or may be one

    @property
    def is_too_big(self) -> bool:
        return self.size > self.limit

    def append(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.is_too_big:
            self.seek(0)
            self.truncate(0)
        else:
            self.write(chunk)


def empty_body(scope: dict[str, Any]) -> RequestBody:
    """A body with its limit. Only multipart forms, which carry images, may exceed that of text."""
    content_type = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    text_limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if not content_type.lower().startswith(b"multipart/form-data"):
        return RequestBody(text_limit)
    images = int(settings.IMAGES_PER_MESSAGE * settings.IMAGE_MAX_SIZE)
    return RequestBody(text_limit + images, is_form_with_files=True)


async def read_body(scope: dict[str, Any], receive: Any) -> RequestBody:
    """Read a whole body, even a too large one up to a maximum: browsers read no response before
    they have sent. Raises RequestAborted, and TimeoutError if it arrives too slowly."""
    body = empty_body(scope)
    max_bytes = max(MAX_READ_BYTES, 2 * body.limit)
    is_upload = body.limit > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    try:
        async with asyncio.timeout(settings.BODY_SECONDS) as timeout:
            deadline = timeout.when()
            while body.size < max_bytes:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RequestAborted
                body.append(message.get("body", b""))
                if not message.get("more_body", False):
                    break
                if is_upload and deadline is not None:
                    timeout.reschedule(deadline + body.size / MIN_UPLOAD_RATE)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body
