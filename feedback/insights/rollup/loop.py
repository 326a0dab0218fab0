"""Background loop that updates the rollup, so that readers find little left to count."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from django.db import Error

from feedback.chat.runtime import DatabaseThread
from feedback.insights.rollup.update import update_rollup

log = logging.getLogger(__name__)
PAUSE, SHORT_PAUSE = 10.0, 1.0  # seconds to the next update; the second while changes are left
MAX_SECONDS = 2.0  # seconds per update, so that a stopping server doesn't wait for long


async def run(stopping: asyncio.Event) -> None:
    """Update the rollup until `stopping` is set. Of several servers one counts at a time."""
    database = DatabaseThread("tallies")
    try:
        while not stopping.is_set():
            pause = PAUSE if await update_once(database) else SHORT_PAUSE
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause)
    finally:
        await asyncio.wrap_future(database.close())


async def update_once(database: DatabaseThread) -> bool:
    """Update the rollup. Returns whether nothing is left; True if the database is unavailable."""
    try:
        return await database.do(update_rollup, MAX_SECONDS)
    except Error as error:
        log.warning("Changes could not be counted for the numbers: %s", error)
        return True
