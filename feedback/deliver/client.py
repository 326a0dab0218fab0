"""The connections that ratings are delivered over."""

import asyncio
from importlib import import_module

import httpx2
from django.conf import settings


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
