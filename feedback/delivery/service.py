"""Run one delivery worker with its own HTTP client, from start to stop."""

from __future__ import annotations

import asyncio
import logging
from importlib import import_module

import httpx2
from django.conf import settings

from feedback.chat.runtime import helicone_settings
from feedback.delivery.worker import Worker
from helicone import AsyncApi, InvalidValue

log = logging.getLogger(__name__)


async def run(stop: asyncio.Event) -> None:
    """The background loop of the server. Returns once `stop` is set, and never raises."""
    if settings.DELIVER_IN_SERVER:
        try:
            await deliver(stop)
        except InvalidValue as error:
            log.warning("Ratings are kept but not delivered. %s", error)
        except Exception:
            log.exception(
                "Delivering ratings ended. `manage.py deliver_ratings` can do it instead."
            )
    await stop.wait()


async def deliver(stop: asyncio.Event) -> None:
    """Deliver until `stop` is set. Raises helicone.InvalidValue where the settings can't work."""
    where = helicone_settings()
    async with await open_client() as client:
        api = AsyncApi(where, timeout=settings.HELICONE_TIMEOUT, client=client)
        await Worker(api).run(stop)


async def open_client() -> httpx2.AsyncClient:
    """One connection for each call that may run at once, kept open between calls.

    On aiohttp, which the chat uses too: half the cost per call of httpx2's own transport, whose
    pool looks at each of its connections for each call. Loading openai takes half a second:
    beside the first pages, not before them.
    """
    openai = await asyncio.to_thread(import_module, "openai")
    connections = settings.HELICONE_CONCURRENCY + 4
    limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
    client: httpx2.AsyncClient = openai.DefaultAioHttpClient(limits=limits)
    return client
