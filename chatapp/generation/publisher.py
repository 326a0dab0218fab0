"""StreamPublisher: renders an answer's deltas and appends them to its event stream."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from concurrent.futures import ThreadPoolExecutor
from html import escape
from typing import Any

from chatapp.generation.tail import change_of
from chatapp.markdown import Renderer, Update
from chatapp.streams import StreamExpired, Streams, StreamUnavailable

# Interval between two updates: any shorter one looks the same to the eye.
FRAME_SECONDS = 0.04
MAX_DELAY = 0.5
# A long tail is sent less often, since many frames send it whole.
TAIL_CHARACTERS_PER_SECOND = 200_000
# Characters that are rendered outside of the event loop: more takes longer than a frame.
LARGE = 4_000

log = logging.getLogger(__name__)
# Started with the first large piece. Two threads: Python renders one at a time anyway.
large_pieces = ThreadPoolExecutor(2, thread_name_prefix="render")


class StreamPublisher:
    """Publisher of one answer. Never waits for readers; its failures never fail the answer."""

    def __init__(self, key: str, streams: Streams) -> None:
        self.key, self.streams = key, streams
        self.renderer = Renderer()
        self.pending_text: list[str] = []
        self.pending_thinking: list[str] = []
        self.pending_state: dict[str, str] = {}  # other fields of the next update
        self.update: dict[str, Any] | None = None  # rendered, not confirmed as appended
        self.opened = self.closed = self.is_unavailable = self.is_busy = False
        self.sent_tail = ""
        self.waiting = ""  # id of the message that waits for this answer
        self.loop_delay = 0.0
        self.open_lock = asyncio.Lock()

    @property
    def is_due(self) -> bool:
        return self.has_pending and not (self.closed or self.is_busy)

    @property
    def has_pending(self) -> bool:
        return bool(self.pending_text or self.pending_thinking or self.pending_state or self.update)

    def set_thinking(self, is_thinking: bool, milliseconds: int) -> None:
        """Tell readers that the thinking begins or ends, and how long it has taken."""
        thinks = "1" if is_thinking else ""
        self.pending_state |= {"thinks": thinks, "thinking_ms": str(milliseconds)}

    def start_over(self, thinking: str) -> None:
        """Replace all that was published by this thinking."""
        self.renderer, self.sent_tail = Renderer(), ""
        self.pending_text.clear()
        self.pending_thinking = [thinking]
        waiting = {"waiting": self.waiting} if self.waiting else {}
        self.pending_state = {"starts_over": "1"} | waiting

    def show_waiting(self, pk: str) -> None:
        """Tell readers that this message waits for the answer; none if empty."""
        if pk != self.waiting:
            self.waiting = pk
            self.pending_state["waiting"] = pk

    async def open(self) -> None:
        async with self.open_lock:
            if self.opened:
                return
            try:
                await self.streams.open(self.key)
                self.opened = True
            except StreamUnavailable as error:
                self.log_unavailable(error)

    async def send_frame(self) -> None:
        """Publish the pending text, then sleep for a frame, longer if the event loop lags."""
        if self.opened and not self.is_unavailable:
            await self.send()
        loop = asyncio.get_running_loop()
        pause = max(FRAME_SECONDS, len(self.sent_tail) / TAIL_CHARACTERS_PER_SECOND)
        pause += min(self.loop_delay, MAX_DELAY)
        due = loop.time() + pause
        await asyncio.sleep(pause)
        self.loop_delay = loop.time() - due

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
        """Publish all pending text. An unconfirmed update goes first, unchanged, so that the log
        can recognise it as a repetition."""
        await self.open()
        while self.opened and not self.closed and self.has_pending:
            if self.update is None and not await self.render():
                return
            if not await self.append():
                return

    async def render(self) -> bool:
        """Render what is pending into `update`. False if that changes nothing."""
        html, renderer = None, self.renderer
        if self.pending_text:
            text = "".join(self.pending_text)
            self.pending_text.clear()
            html = await feed(renderer, text)
        update: dict[str, str] = {}
        if html and renderer is self.renderer:  # else the answer started over meanwhile
            # What follows a finished block is another text, even if it begins with the same words.
            whole: dict[str, str] = {"done": html.done, "tail": html.tail}
            update = whole if html.done else change_of(self.sent_tail, html.tail)
            self.sent_tail = html.tail
        state, self.pending_state = self.pending_state, {}
        if self.pending_thinking:
            state["thinking"] = escape("".join(self.pending_thinking), quote=False)
            self.pending_thinking.clear()
        self.update = (update | state) or None
        return self.update is not None

    async def append(self) -> bool:
        try:
            await self.streams.append(self.key, self.update)
        except StreamUnavailable as error:
            self.log_unavailable(error)
            return False
        except StreamExpired as error:
            # A log with a gap is useless: readers get the stored message instead.
            self.closed = True
            log.warning("Answer %s is no longer streamed: %s", self.key, error)
            return False
        self.update, self.is_unavailable = None, False
        return True

    async def close(self) -> None:
        """Append the end event."""
        self.closed = True
        async with self.open_lock:
            if self.opened:
                with contextlib.suppress(StreamExpired, StreamUnavailable):
                    await self.streams.close(self.key, {})

    def log_unavailable(self, error: StreamUnavailable) -> None:
        if not self.is_unavailable:
            log.warning("Answer %s is written, but not streamed for now: %s", self.key, error)
        self.is_unavailable = True


async def feed(renderer: Renderer, text: str) -> Update:
    """The next update of `renderer`; a large one is rendered in a thread."""
    if renderer.renders(text) <= LARGE:
        return renderer.feed(text)
    return await asyncio.get_running_loop().run_in_executor(large_pieces, renderer.feed, text)
