"""Counts what changed in the background, so that who asks for numbers finds little left to count."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from django.db import Error

from feedback.chat.runtime import DatabaseThread
from feedback.insights.rollup.update import update_rollup

log = logging.getLogger(__name__)
ROUND, AGAIN = 10.0, 1.0  # seconds to the next look, and where more is left
AT_ONCE = 2.0  # seconds of counting, so that a server that stops doesn't wait for long


async def run(stopping: asyncio.Event) -> None:
    """A loop of every server; of many one counts at a time."""
    database = DatabaseThread("tallies")
    try:
        while not stopping.is_set():
            pause = ROUND if await counted(database) else AGAIN
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause)
    finally:
        await asyncio.wrap_future(database.close())


async def counted(database: DatabaseThread) -> bool:
    """Whether nothing is left, as far as can be known: of a database that is away nothing can."""
    try:
        return await database.do(update_rollup, AT_ONCE)
    except Error as error:
        log.warning("Changes could not be counted for the numbers: %s", error)
        return True
