"""The flow of an answer: history -> deltas -> stored answer. It belongs to no browser connection.

`start` and `stop` are called by views, in any thread; `run` is the server's background loop, which
owns every answer that this process is writing.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction

import helicone
from chatapp.availability import CONNECTION_ERRORS
from chatapp.concurrency import run_in_db_thread, run_in_thread
from chatapp.generation import client
from chatapp.generation.heartbeat import HeartbeatResult, save_progress, unclaimed_answers
from chatapp.generation.job import GenerationJob
from chatapp.generation.titles import generate_title
from chatapp.models import Message
from chatapp.streams import StreamExpired, StreamUnavailable, make_streams

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)
SECONDS_TO_MARK = 5
streams = make_streams(settings.REDIS_URL or None, settings.REDIS_PREFIX)


def start(answer: Message) -> None:
    """Have it written, once the transaction that made it is committed.

    Where this process runs no server (a command, a shell), or dies before it begins, the next
    server that looks finds it queued.
    """
    transaction.on_commit(partial(runner.call, runner.begin, answer.pk))


def stop(answer: Message) -> None:
    """Keep what came so far. Whichever process writes it, sees this within a second."""
    stopped = Message.Status.STOPPED
    mine = Message.objects.filter(pk=answer.pk)
    if not mine.filter(status=Message.Status.QUEUED).update(status=stopped, stop_requested=True):
        mine.update(stop_requested=True)
        runner.call(runner.stop, answer.pk)


class GenerationRunner:
    """What this process is writing, and the rounds that are made for all of it at once."""

    # Seconds. What came is sent as it comes; what couldn't be sent then is tried in between.
    RESEND = 0.25
    ROUND = 1.0

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.client: AsyncOpenAI | None = None
        self.writing: dict[UUID, GenerationJob] = {}
        self.tasks: dict[UUID, asyncio.Task[None]] = {}
        self.naming: set[asyncio.Task[None]] = set()
        self.closing, self.closed = asyncio.Event(), asyncio.Event()

    def call(self, action: Callable[[UUID], None], pk: UUID) -> None:
        if self.loop and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(action, pk)

    def begin(self, pk: UUID) -> None:
        if pk not in self.tasks and not self.closing.is_set():
            task = self.tasks[pk] = asyncio.create_task(self.write(pk))
            task.add_done_callback(lambda _task: self.tasks.pop(pk, None))

    async def write(self, pk: UUID) -> None:
        try:
            writing = await run_in_db_thread(GenerationJob.claim, pk, streams)
        except CONNECTION_ERRORS as error:
            log.warning("Answer %s stays queued: %s", pk, error)
            return
        if writing is None:
            return
        self.writing[pk] = writing
        try:
            await writing.run(await self.get_client())
        except Exception:
            log.exception("Answer %s failed in a way that nobody foresaw.", pk)
            await writing.finish(Message.Status.FAILED, error="unforeseen")
        finally:
            del self.writing[pk]
        if settings.TITLE_MODEL and not self.closing.is_set():
            naming = asyncio.create_task(generate_title(pk, await self.get_client()))
            self.naming.add(naming)
            naming.add_done_callback(self.naming.discard)

    def stop(self, pk: UUID) -> None:
        if pk in self.writing:
            self.writing[pk].stop(Message.Status.STOPPED)

    async def get_client(self) -> AsyncOpenAI:
        async with self.making:
            if self.client is None:
                self.client = await run_in_thread(client.make_client)
        return self.client

    async def warm_up(self) -> None:
        """Load what the first answer needs, once the first page is out: half a second of work."""
        await asyncio.sleep(self.ROUND)
        with contextlib.suppress(helicone.InvalidValue):  # each answer is going to say so
            await self.get_client()
        await run_in_thread(settle_memory)

    async def resend(self) -> None:
        while True:
            due = [writing.sending for writing in self.writing.values() if writing.sending.is_due]
            await asyncio.gather(*(sending.send() for sending in due))
            await asyncio.sleep(self.RESEND)

    async def rounds(self) -> None:
        while True:
            try:
                await self.round()
            except CONNECTION_ERRORS as error:
                log.warning("The database is away; what is being written goes on: %s", error)
            except Exception:
                log.exception("A round failed; what is being written goes on.")
            await asyncio.sleep(self.ROUND)

    async def round(self) -> None:
        """Store what grew, show that we live, hear who wants to stop, pick up what others left."""
        growing = {pk: (writing, writing.unsaved_fields()) for pk, writing in self.writing.items()}
        heard = await run_in_db_thread(
            save_progress, {pk: growth for pk, (_, growth) in growing.items()}
        )
        for writing, growth in growing.values():
            writing.stored |= growth
        self.obey(heard)
        for pk in await run_in_db_thread(unclaimed_answers):
            self.begin(pk)
        for pk in heard.given_up:
            # Whoever wrote it can't tell its readers any more that this is all.
            with contextlib.suppress(StreamExpired, StreamUnavailable):
                await streams.close(str(pk), {})

    def obey(self, heard: HeartbeatResult) -> None:
        for pk in heard.to_stop:
            self.stop(pk)
        for pk in heard.gone & self.writing.keys():
            self.writing[pk].stop(Message.Status.INTERRUPTED)

    async def run(self, stopping: asyncio.Event) -> None:
        self.loop = asyncio.get_running_loop()
        self.closing, self.closed = asyncio.Event(), asyncio.Event()
        self.making = asyncio.Lock()
        background = [asyncio.create_task(self.resend()), asyncio.create_task(self.rounds())]
        warming = asyncio.create_task(self.warm_up())
        told = [asyncio.create_task(event.wait()) for event in (stopping, self.closing)]
        await asyncio.wait([*background, *told], return_when=asyncio.FIRST_COMPLETED)
        self.closing.set()
        await self.finish_or_mark(settings.SHUTDOWN_SECONDS)
        self.loop = None
        for task in [*background, *told, warming]:
            task.cancel()
        crashes = await asyncio.gather(*background, return_exceptions=True)
        for naming in self.naming:
            naming.cancel()
        if self.client:
            await self.client.close()
            self.client = None
        self.closed.set()
        for crash in crashes:
            if isinstance(crash, Exception):
                raise crash
        await stopping.wait()

    async def close(self) -> None:
        """Begin nothing more; returns when all that is being written has ended, or was marked."""
        if self.loop:
            self.closing.set()
            await self.closed.wait()

    async def finish_or_mark(self, seconds: float) -> None:
        """Let what is being written end by itself for so long, then keep what there is."""
        if self.tasks:
            await asyncio.wait(list(self.tasks.values()), timeout=seconds)
        for writing in self.writing.values():
            writing.stop(Message.Status.INTERRUPTED)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_MARK):
                await asyncio.gather(*self.tasks.values(), return_exceptions=True)


def settle_memory() -> None:
    """What is loaded by now stays: spare the garbage collector looking through it again and again."""
    gc.collect()
    gc.freeze()


runner = GenerationRunner()
run = runner.run
