"""HTTP response of an image, with headers that prevent any other use of its content."""

from __future__ import annotations

from django.http import HttpResponse

from chatapp.images import storage
from chatapp.images.processing import CONTENT_TYPE
from chatapp.models import Message

HEADERS = {
    # Immutable under its URL; cached per browser and per signed-in user.
    "Cache-Control": "private, max-age=86400, immutable",
    "Vary": "Cookie",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def image_response(message: Message, number: int) -> HttpResponse | None:
    """The image of this number, from 1 on; None if there is none. Callers check the permission."""
    if not 1 <= number <= len(message.images):
        return None
    data = storage.read(message.conversation_id, message.images[number - 1]["file"])
    if data is None:
        return None
    return HttpResponse(data, content_type=CONTENT_TYPE, headers=HEADERS)
