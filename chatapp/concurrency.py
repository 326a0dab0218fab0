"""Threads for Django's synchronous code, called from an event loop.

They are few and live as long as the process, so that each keeps its database connection: asgiref
starts a thread, and so a connection, per request.
"""

import asyncio
import contextvars
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import close_old_connections, connections

from chatapp.availability import CONNECTION_ERRORS

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)
LONGEST_RETRY_DELAY = 5.0  # seconds

pool = ThreadPoolExecutor(max_workers=settings.THREADS, thread_name_prefix="django")


async def run_in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function in a pool thread, with a copy of the current context."""
    return await run_in(pool, partial(function, *args, **kwargs))


async def run_in(threads: ThreadPoolExecutor, call: Callable[[], T]) -> T:
    """The same in a thread of another pool."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(threads, context.run, call)


async def run_in_db_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function in a pool thread, outside of any request; replaces broken connections."""

    return await run_in_thread(partial(_checked, function, *args, **kwargs))


async def run_in_db_thread_with_retry(
    function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Like `run_in_db_thread`, retried with exponential backoff on connection errors."""
    pause = 0.25
    while True:
        try:
            return await run_in_db_thread(function, *args, **kwargs)
        except CONNECTION_ERRORS as error:
            log.warning("The database is unavailable, retrying in %s s: %s", pause, error)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_RETRY_DELAY)


class DatabaseThread:
    """A single thread with its own connection, which is replaced at the next use if it broke."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        call = partial(_checked, work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def close(self, final: Callable[[], object] | None = None) -> Future[None]:
        """Run `final`, then close the connection, without blocking."""
        closing = self._thread.submit(_close, final)
        self._thread.shutdown(wait=False)
        return closing


def _checked(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    close_old_connections()
    try:
        return function(*args, **kwargs)
    finally:
        close_old_connections()


def _close(final: Callable[[], object] | None) -> None:
    try:
        if final:
            final()
    finally:
        connections.close_all()
