"""Command that runs a delivery worker in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable
from typing import Any

import uvloop
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.chat.runtime import CONNECTION_ERRORS, run_in_db_thread
from feedback.delivery import deliver
from feedback.delivery.console import Display
from feedback.models import Delivery, HeliconeCircuit
from helicone import InvalidValue


class Command(BaseCommand):
    help = (
        "Deliver ratings to Helicone and see them arrive, until stopped. Any number may run at "
        "once, on any number of machines, and each may be killed at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        how_long = parser.add_mutually_exclusive_group()
        how_long.add_argument(
            "--once", action="store_true", help="stop when nothing more is due right now"
        )
        how_long.add_argument(
            "--until-settled",
            action="store_true",
            help="stop when every rating is settled or failed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.HELICONE == "off":
            raise CommandError("HELICONE is off: ratings stay here, and none is delivered.")
        done = nothing_due if options["once"] else all_settled if options["until_settled"] else None
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(work(done, Display() if sys.stderr.isatty() else None))
        except InvalidValue as error:
            raise CommandError(str(error)) from None


async def work(done: Callable[[], bool] | None, display: Display | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    background = [asyncio.create_task(stop_when(done, stop))] if done else []
    background += [asyncio.create_task(display.show(stop))] if display else []
    try:
        await deliver(stop)
    finally:
        stop.set()
        await asyncio.gather(*background)


async def stop_when(done: Callable[[], bool], stop: asyncio.Event) -> None:
    while not stop.is_set() and not await is_done(done):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                await stop.wait()
    stop.set()


async def is_done(done: Callable[[], bool]) -> bool:
    """Whether `done` holds; False while the database is unavailable."""
    try:
        return await run_in_db_thread(done)
    except CONNECTION_ERRORS:
        return False


def nothing_due() -> bool:
    return not Delivery.objects.pending().filter(due_at__lte=HeliconeCircuit.objects.now()).exists()


def all_settled() -> bool:
    return not Delivery.objects.pending().exists()
