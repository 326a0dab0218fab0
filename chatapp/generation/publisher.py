"""One answer on its way to its readers: what came, rendered, as numbered events."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

from chatapp.markdown import Renderer
from chatapp.streams import StreamExpired, Streams, StreamUnavailable

# Seconds between two looks at what came. An eye can't tell more than this from a steady flow.
FRAME = 0.04
LONGEST_DELAY = 0.5
# The growing tail is sent whole with every frame: a large one less often. Characters a second.
TAIL_PACE = 200_000

log = logging.getLogger(__name__)


class StreamPublisher:
    """Never waits for a reader, and never costs an answer: what can't be sent is stored anyway."""

    def __init__(self, key: str, streams: Streams) -> None:
        self.key, self.streams = key, streams
        self.renderer = Renderer()
        self.unsent: list[str] = []
        self.update: dict[str, Any] | None = None  # rendered, and not known to have arrived
        self.opened = self.closed = self.is_away = self.is_busy = False
        self.shown = ""
        self.late = 0.0
        self.opening = asyncio.Lock()

    @property
    def is_due(self) -> bool:
        return not (self.closed or self.is_busy) and bool(self.unsent or self.update)

    async def open(self) -> None:
        async with self.opening:
            if self.opened:
                return
            try:
                await self.streams.open(self.key)
                self.opened = True
            except StreamUnavailable as error:
                self.note_absence(error)

    async def frame(self) -> None:
        """Send what came, then let a frame's worth come, to be read in one go. Where the loop is
        late, so much longer."""
        if self.opened and not self.is_away:
            await self.send()
        loop = asyncio.get_running_loop()
        pause = max(FRAME, len(self.shown) / TAIL_PACE) + min(self.late, LONGEST_DELAY)
        due = loop.time() + pause
        await asyncio.sleep(pause)
        self.late = loop.time() - due

    async def send(self) -> None:
        if self.is_busy:
            return
        self.is_busy = True
        try:
            await self.send_all()
        except Exception:
            self.closed = True
            log.exception("Answer %s is written, but can't be streamed.", self.key)
        finally:
            self.is_busy = False

    async def send_all(self) -> None:
        """All that came since the last time. What did not arrive goes first, unchanged, so that
        the log can tell a repetition from something new."""
        await self.open()
        while self.opened and not self.closed and (self.unsent or self.update):
            if self.update is None and not self.render():
                return
            if not await self.append():
                return

    def render(self) -> bool:
        """Whether there is anything new to show."""
        html = self.renderer.feed("".join(self.unsent))
        self.unsent.clear()
        if not html.done and html.tail == self.shown:
            return False
        self.shown = html.tail
        self.update = {"done": html.done, "tail": html.tail}
        return True

    async def append(self) -> bool:
        try:
            await self.streams.append(self.key, self.update)
        except StreamUnavailable as error:
            self.note_absence(error)
            return False
        except StreamExpired as error:
            # With a part missing the log is of no use: readers are shown what is stored instead.
            self.closed = True
            log.warning("Answer %s is no longer streamed: %s", self.key, error)
            return False
        self.update, self.is_away = None, False
        return True

    async def close(self) -> None:
        """Tell the readers that there is nothing more to come."""
        self.closed = True
        async with self.opening:
            if self.opened:
                with contextlib.suppress(StreamExpired, StreamUnavailable):
                    await self.streams.close(self.key, {})

    def note_absence(self, error: StreamUnavailable) -> None:
        if not self.is_away:
            log.warning("Answer %s is written, but not streamed for now: %s", self.key, error)
        self.is_away = True
