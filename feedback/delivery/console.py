"""Status line of the worker on a terminal, updated every second."""

from __future__ import annotations

import asyncio
import contextlib

from rich.console import Console
from rich.text import Text

from feedback.chat.runtime import CONNECTION_ERRORS, run_in_db_thread
from feedback.models import Delivery
from feedback.models.outbox.summary import Summary


class Display:
    def __init__(self) -> None:
        self.console = Console(stderr=True)

    async def show(self, stop: asyncio.Event) -> None:
        with self.console.status("Delivering ratings…") as status:
            while not stop.is_set():
                status.update(await now())
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        await stop.wait()
        self.console.print(await now())


async def now() -> Text:
    try:
        return line(await run_in_db_thread(Summary.now))
    except CONNECTION_ERRORS:
        return Text("The database is unavailable; deliveries go on when it is back.")


def line(summary: Summary) -> Text:
    counts = "  ".join(f"{state.value} {summary.count(state):,}" for state in Delivery.State)
    words = f"{counts}  {summary.per_minute:,}/min"
    return Text(f"{words}  {summary.refusal}" if summary.refusal else words)
