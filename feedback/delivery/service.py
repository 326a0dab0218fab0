"""Start and stop of one delivery worker with its own HTTP client."""

from __future__ import annotations

import asyncio
import logging
from importlib import import_module

import httpx2
from django.conf import settings

from feedback.chat.runtime import helicone_settings, helicone_span
from feedback.delivery.worker import Worker
from helicone import AsyncApi, InvalidValue

log = logging.getLogger(__name__)


async def run(stop: asyncio.Event) -> None:
    """Run the server's background loop until `stop` is set: nothing without Helicone.
    Never raises."""
    if settings.DELIVER_IN_SERVER and settings.HELICONE != "off":
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
    """Deliver until `stop` is set. Raises helicone.InvalidValue for unusable settings."""
    where = helicone_settings()
    async with await open_client() as client:
        api = AsyncApi(
            where, timeout=settings.HELICONE_TIMEOUT, client=client, around=helicone_span
        )
        await Worker(api).run(stop)


async def open_client() -> httpx2.AsyncClient:
    """HTTP client with one kept-alive connection for each concurrent call.

    On aiohttp, which the chat uses too: half the cost per call of httpx2's own transport, whose
    pool checks each of its connections for each call. openai is loaded in a thread, since that
    takes half a second, which the first pages shouldn't wait for.
    """
    openai = await asyncio.to_thread(import_module, "openai")
    connections = settings.HELICONE_CONCURRENCY + 4
    limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
    client: httpx2.AsyncClient = openai.DefaultAioHttpClient(limits=limits)
    return client
