"""Queue of requests with files: few are answered at once, the others wait without a thread."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.conf import settings

from chatapp.http.request_body import RequestBody

MAX_WAIT_SECONDS = 15
SMALL = 100_000  # bytes; a larger form carries files, and needs no look
FILE_PART = re.compile(rb'filename\*?\s*=\s*"?[^"\s]', re.IGNORECASE)


class TooBusy(Exception):
    """There was no place in time."""


class UploadQueue:
    def __init__(self, max_wait: float = MAX_WAIT_SECONDS) -> None:
        self._max_wait = max_wait
        self._places = asyncio.Semaphore(settings.IMAGES_AT_ONCE)

    @asynccontextmanager
    async def place(self, body: RequestBody) -> AsyncIterator[None]:
        """Wait for a place if `body` has files. Raises TooBusy."""
        if not has_files(body):
            yield
            return
        try:
            async with asyncio.timeout(self._max_wait):
                await self._places.acquire()
        except TimeoutError as late:
            raise TooBusy from late
        try:
            yield
        finally:
            self._places.release()


def has_files(body: RequestBody) -> bool:
    """Whether a file was chosen in a form; a browser sends an empty name where none was."""
    if not body.is_form_with_files or body.is_too_big:
        return False
    if body.size > SMALL:
        return True
    found = FILE_PART.search(body.read())
    body.seek(0)
    return found is not None
