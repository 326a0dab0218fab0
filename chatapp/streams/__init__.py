"""Event streams: a numbered event log per running answer, read by any number of connections."""

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
    """RedisStreams for a Redis URL, shared by all processes; else MemoryStreams."""
    if not redis_url:
        return MemoryStreams()
    from chatapp.streams.redis_streams import RedisStreams  # saves start time without Redis

    return RedisStreams(redis_url, prefix)
