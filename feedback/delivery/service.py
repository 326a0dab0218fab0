"""The way in: one worker with its own connections, from start to stop."""

from __future__ import annotations

import asyncio
import logging

from django.conf import settings

from chatapp.helicone_settings import helicone_settings
from feedback.deliver.client import open_client
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
