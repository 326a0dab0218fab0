"""Server-sent events: their format, and those that all readers of an answer share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from html import unescape
from typing import Any

from chatapp.streams import Event

END = "event: done\ndata:\n\n"
PIECE = 32_000  # bytes
RECENT_MESSAGES = 16  # of up to a megabyte

Shared = tuple[bytes, str | None]
# The newest messages by answer and place, each with the event it ends with.
recent_messages: dict[tuple[Any, ...], tuple[Event, Shared]] = {}


def shared(key: tuple[Any, ...], newest: Event, make: Callable[[], Shared]) -> Shared:
    """What `make` returns, made once for all readers at the same place of an answer."""
    known = recent_messages.get(key)
    if known is None or known[0] is not newest:
        known = recent_messages[key] = (newest, make())
        while len(recent_messages) > RECENT_MESSAGES:
            del recent_messages[next(iter(recent_messages))]
    return known[1]


async def in_pieces(messages: AsyncIterator[str | bytes]) -> AsyncIterator[bytes]:
    """The messages cut, so that a slow reader's connection holds no more than a piece."""
    async for message in messages:
        data = message if isinstance(message, bytes) else message.encode()
        if len(data) <= PIECE:
            yield data  # no copy: all readers send the same bytes
        else:
            for start in range(0, len(data), PIECE):
                yield data[start : start + PIECE]


def partial(target: str, swap: str, html: str) -> str:
    return f'<hx-partial hx-target="#{target}" hx-swap="{swap}">{html}</hx-partial>'


def message(*partials: str, id: int | None = None) -> str:
    """One server-sent event, with a data field per line of HTML."""
    lines = "".join(partials).replace("\r", "").split("\n")
    id_line = "" if id is None else f"id: {id}\n"
    return id_line + "".join(f"data: {line}\n" for line in lines) + "\n"


def added_text(added: str, closing: str, id: int) -> str:
    """The event for text that continues the tail before its tags `closing`: their number, a space
    and the text, without markup. `static/js/added_text.js` puts it in."""
    lines = f"{closing.count('</')} {unescape(added)}".replace("\r", "").split("\n")
    # Readers take one space after the colon away, so an indented line has one more.
    data = "".join(f"data:{' ' * line.startswith(' ')}{line}\n" for line in lines)
    return f"id:{id}\nevent:added\n{data}\n"
