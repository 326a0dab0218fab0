"""The listening socket, opened first of all, so that a port in use fails at once."""

import errno
import socket
from dataclasses import dataclass

HOST = "127.0.0.1"
# The system drops a connection whose peer acknowledges nothing for so long: its unsent data would
# else stay in memory for ever.
UNREAD_TIMEOUT_MS = 60_000
REASONS = {
    errno.EADDRINUSE: "is in use by another program: set another PORT, as in `make run PORT=8001`.",
    errno.EACCES: "is kept for the system: set a PORT above 1023, as in `make run PORT=8000`.",
}


@dataclass
class ListeningSocket:
    socket: socket.socket
    url: str


def listen(port: int) -> ListeningSocket:
    """Open the socket. It listens already: connections during the start wait for the site.

    Raises SystemExit with a sentence if the port can't be opened.
    """
    try:
        listening = socket.create_server((HOST, port), backlog=2048)
    except OSError as error:
        reason = REASONS.get(error.errno or 0, f"can't be opened: {error.strerror}.")
        raise SystemExit(f"PORT {port} on {HOST} {reason}") from None
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux has it; connections inherit it
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_TIMEOUT_MS)
    return ListeningSocket(listening, f"http://{HOST}:{listening.getsockname()[1]}")
