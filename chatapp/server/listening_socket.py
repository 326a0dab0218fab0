"""The site's own socket, taken before anything else, so that nothing is done for nothing."""

import errno
import socket
from dataclasses import dataclass

HOST = "127.0.0.1"
# Milliseconds after which the system drops a connection that takes nothing of what we send: a
# reader that doesn't read would else keep what waits for it in our memory for ever.
UNREAD = 60_000
WHY_NOT = {
    errno.EADDRINUSE: "is in use by another program: set another PORT, as in `make run PORT=8001`.",
    errno.EACCES: "is kept for the system: set a PORT above 1023, as in `make run PORT=8000`.",
}


@dataclass
class ListeningSocket:
    socket: socket.socket
    url: str


def on(port: int) -> ListeningSocket:
    """Listening already: a visitor who comes during the start waits instead of being refused.

    Raises SystemExit with a sentence when the port can't be had.
    """
    try:
        own = socket.create_server((HOST, port), backlog=2048)
    except OSError as error:
        why = WHY_NOT.get(error.errno or 0, f"can't be opened: {error.strerror}.")
        raise SystemExit(f"PORT {port} on {HOST} {why}") from None
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux has it; connections inherit it
        own.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD)
    return ListeningSocket(own, f"http://{HOST}:{own.getsockname()[1]}")
