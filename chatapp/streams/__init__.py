"""The numbered event log of one answer, which outlives connections."""

from chatapp.streams.base import Event, StreamExpired, Streams, StreamUnavailable, Trimmed
from chatapp.streams.memory_streams import MemoryStreams

__all__ = [
    "Event",
    "StreamExpired",
    "MemoryStreams",
    "StreamUnavailable",
    "Streams",
    "Trimmed",
    "make_streams",
]


def make_streams(redis_url: str | None, prefix: str = "rapport") -> Streams:
    """Streams of this process alone, or, given a Redis URL, of all that share it."""
    if not redis_url:
        return MemoryStreams()
    from chatapp.streams.redis_streams import RedisStreams  # only those who use Redis load it

    return RedisStreams(redis_url, prefix)
