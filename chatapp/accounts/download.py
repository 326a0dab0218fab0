"""GET /accounts/data/: all that is kept of a person, as one file of theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from chatapp.accounts.data_export import all_parts, images
from chatapp.accounts.decorators import of_a_person
from chatapp.accounts.streamed_zip import archive
from chatapp.concurrency import in_database
from chatapp.current_user import HtmxRequest
from chatapp.models import User


@require_safe
@of_a_person
def download(request: HtmxRequest, person: User) -> StreamingHttpResponse:
    name = f"rapport-{timezone.localdate()}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }
    made = in_threads(archive(all_parts(person), images(person)))
    return StreamingHttpResponse(made, content_type="application/zip", headers=headers)


async def in_threads(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """A piece at a time, so that a long download holds no thread while the reader is slow."""
    while (piece := await in_database(next, pieces, None)) is not None:
        if piece:
            yield piece
