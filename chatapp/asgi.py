"""ASGI application: static files, the site, and background loops in the lifespan."""

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
from chatapp.http.instrumentation import Instrumentation  # noqa: E402
from chatapp.http.trusted_proxies import TrustedProxies  # noqa: E402
from chatapp.observability import tracing  # noqa: E402
from chatapp.security_headers import SecurityHeaders  # noqa: E402

log = logging.getLogger(__name__)
Loop = Callable[[asyncio.Event], Awaitable[None]]


class LifespanApp:
    """Runs the generation runner and `settings.BACKGROUND_LOOPS` during the lifespan."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.run_lifespan(receive, send)
        else:
            await self.app(scope, receive, send)

    async def run_lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        stopping = asyncio.Event()
        loops: list[Loop] = [runner.run, *map(import_string, settings.BACKGROUND_LOOPS)]
        tasks = [asyncio.create_task(self.run_with_restart(loop, stopping)) for loop in loops]
        await send({"type": "lifespan.startup.complete"})
        await receive()
        stopping.set()
        await asyncio.gather(*tasks)
        await send({"type": "lifespan.shutdown.complete"})

    async def run_with_restart(self, loop: Loop, stopping: asyncio.Event) -> None:
        """Restart a loop that failed, after a second."""
        while not stopping.is_set():
            try:
                await loop(stopping)
            except Exception:
                log.exception("A background loop failed and starts again in a second.")
                await asyncio.sleep(1)


tracing.spans()  # loaded now if it is used, rather than by the first request
handler = SingleThreadASGIHandler()
instrumented = Instrumentation(
    TrustedProxies(handler, settings.TRUSTED_PROXIES), trusts_proxy=settings.TRUSTED_PROXIES > 0
)
files_and_site = ServeStaticASGI(
    instrumented,
    root=str(settings.STATIC_ROOT),
    prefix=settings.STATIC_URL,
    autorefresh=settings.DEBUG,
    immutable_file_test=r"^.+\.[0-9a-f]{12}\..+$",
)
application = LifespanApp(SecurityHeaders(files_and_site))
