"""Lines of a body that arrives in chunks, by the rules of server-sent events."""

from __future__ import annotations

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class LineSplitter:
    """Splits a body at LF, CRLF and CR, in time linear in its bytes, without the byte order mark.

    A line of more than `max_size` bytes ends it: `is_too_long`, and no line from there on counts.
    """

    def __init__(self, max_size: int) -> None:
        self.max_size = max_size
        self.unfinished: list[bytes] = []
        self.size = 0  # of the unfinished line, in bytes
        self.is_first = True
        self.is_too_long = False
        self.skips_line_feed = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the lines that `chunk` completes, without their ends."""
        if self.skips_line_feed and chunk:
            chunk = chunk.removeprefix(b"\n")
            self.skips_line_feed = False
        if b"\r" in chunk:
            self.skips_line_feed = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *lines, rest = chunk.split(b"\n")
        is_large = self.size + len(chunk) > self.max_size
        if lines and self.unfinished:
            lines[0] = b"".join((*self.unfinished, lines[0]))
            self.unfinished.clear()
            self.size = 0
        if rest:
            self.unfinished.append(rest)
            self.size += len(rest)
        if is_large:
            lines = self.up_to_the_limit(lines)
        return self.without_mark(lines) if self.is_first else lines

    def finish(self) -> list[bytes]:
        """Return the last line, if it has no end."""
        lines = [b"".join(self.unfinished)] if self.unfinished else []
        self.unfinished.clear()
        return self.without_mark(lines) if self.is_first else lines

    def up_to_the_limit(self, lines: list[bytes]) -> list[bytes]:
        for position, line in enumerate(lines):
            if len(line) > self.max_size:
                self.is_too_long = True
                return lines[:position]
        self.is_too_long = self.size > self.max_size
        return lines

    def without_mark(self, lines: list[bytes]) -> list[bytes]:
        if lines:
            self.is_first = False
            lines[0] = lines[0].removeprefix(BYTE_ORDER_MARK)
        return lines
