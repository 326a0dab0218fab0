"""The worker's own thread to the database, since the event loop must not wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import close_old_connections, connections

from feedback.models import Delivery

P = ParamSpec("P")
T = TypeVar("T")


class Database:
    """One thread, so one connection; a connection that was lost is replaced at the next use."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="deliveries")

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        fresh = partial(in_a_fresh_connection, work, *args, **kwargs)
        return await loop.run_in_executor(self._thread, fresh)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, connections.close_all)
        self._thread.shutdown(wait=False)


def in_a_fresh_connection(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """In this thread's connection, made anew if it was lost."""
    close_old_connections()
    return work(*args, **kwargs)


def known_request() -> UUID | None:
    """A request that Helicone was seen to know: a witness for queries."""
    seen = Delivery.objects.filter(settled_at__isnull=False, shown__isnull=False)
    newest = seen.order_by("-settled_at").values_list("rating__message__helicone_id", flat=True)
    return newest.first()
