"""Redis, where it is asked for, must be there: answers would start and never be seen."""

import socket
from urllib.parse import urlsplit

from django.conf import settings


def must_answer() -> None:
    parts = urlsplit(settings.REDIS_URL)
    if parts.scheme not in ("redis", "rediss"):
        return
    place = parts.hostname or "localhost", parts.port or 6379
    try:
        socket.create_connection(place, timeout=3).close()
    except OSError as error:
        raise SystemExit(
            f"REDIS_URL points at {place[0]}:{place[1]}, where nothing answers: {error.strerror}."
        ) from None
