"""The ASGI entry: static files, the site, and the background loops that live as long as the server."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatapp.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402
from servestatic import ServeStaticASGI  # noqa: E402

from chatapp.generation import runner  # noqa: E402
from chatapp.http.handler import SingleThreadASGIHandler  # noqa: E402

log = logging.getLogger(__name__)
Loop = Callable[[asyncio.Event], Awaitable[None]]


class LifespanApp:
    """Runs the generation of answers and `settings.BACKGROUND_LOOPS` next to the requests."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        else:
            await self.app(scope, receive, send)

    async def live(self, receive: Any, send: Any) -> None:
        await receive()
        stopping = asyncio.Event()
        loops: list[Loop] = [runner.run, *map(import_string, settings.BACKGROUND_LOOPS)]
        tasks = [asyncio.create_task(self.guard(loop, stopping)) for loop in loops]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        stopping.set()
        await asyncio.gather(*tasks)
        await send({"type": "lifespan.shutdown.complete"})

    async def guard(self, loop: Loop, stopping: asyncio.Event) -> None:
        """A loop that fails is started again: nobody would notice that it is gone."""
        while not stopping.is_set():
            try:
                await loop(stopping)
            except Exception:
                log.exception("A background loop failed and starts again in a second.")
                await asyncio.sleep(1)


handler = SingleThreadASGIHandler()
application = LifespanApp(
    ServeStaticASGI(
        handler,
        root=str(settings.STATIC_ROOT),
        prefix=settings.STATIC_URL,
        autorefresh=settings.DEBUG,
        immutable_file_test=r"^.+\.[0-9a-f]{12}\..+$",
    )
)
