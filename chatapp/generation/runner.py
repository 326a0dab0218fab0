"""GenerationRunner: runs all generation jobs of a process, independent of browser connections.

`start` and `stop` are called by views, in any thread; `run` is the server's background loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
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
from chatapp.observability import metrics
from chatapp.observability.log_format import NO_REQUEST, new_id, request_id
from chatapp.streams import StreamExpired, StreamUnavailable, make_streams

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)
SAVE_SECONDS = 5
streams = make_streams(settings.REDIS_URL or None, settings.REDIS_PREFIX)


def start(answer: Message) -> None:
    """Start generating an answer once the current transaction is committed.

    If this process runs no server (a command, a shell) or dies first, another server finds the
    answer queued and claims it.
    """
    transaction.on_commit(partial(runner.call, runner.start_job, answer.pk))


def stop(answer: Message) -> None:
    """Stop an answer and keep its partial text. A job in another process stops within a second."""
    stopped = Message.Status.STOPPED
    own = Message.objects.filter(pk=answer.pk)
    if not own.filter(status=Message.Status.QUEUED).update(status=stopped, stop_requested=True):
        own.update(stop_requested=True)
        runner.call(runner.stop, answer.pk)


class GenerationRunner:
    """The jobs of this process, and one heartbeat for all of them."""

    # Deltas are published as they arrive; RESEND_SECONDS is for those that failed.
    RESEND_SECONDS = 0.25
    HEARTBEAT_SECONDS = 1.0

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.client: AsyncOpenAI | None = None
        self.jobs: dict[UUID, GenerationJob] = {}
        self.tasks: dict[UUID, asyncio.Task[None]] = {}
        self.title_tasks: set[asyncio.Task[None]] = set()
        self.closing, self.closed = asyncio.Event(), asyncio.Event()

    def call(self, action: Callable[[UUID], None], pk: UUID) -> None:
        if self.loop and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(action, pk)

    def start_job(self, pk: UUID) -> None:
        if pk not in self.tasks and not self.closing.is_set():
            task = self.tasks[pk] = asyncio.create_task(self.run_job(pk))
            task.add_done_callback(lambda _task: self.tasks.pop(pk, None))

    async def run_job(self, pk: UUID) -> None:
        try:
            job = await run_in_db_thread(GenerationJob.claim, pk, streams)
        except CONNECTION_ERRORS as error:
            log.warning("Answer %s stays queued: %s", pk, error)
            return
        if job is None:
            return
        self.jobs[pk] = job
        if request_id.get() == NO_REQUEST:
            request_id.set(new_id())
        try:
            await job.run(await self.get_client())
        except Exception:
            log.exception("Answer %s failed in a way that nobody foresaw.", pk)
            await job.finish(Message.Status.FAILED, error="unforeseen")
        finally:
            del self.jobs[pk]
        if job.next_answer:
            # The answer of another request, whose id and span are not known any more.
            contextvars.Context().run(self.start_job, job.next_answer.pk)
        if settings.TITLE_MODEL and not self.closing.is_set():
            title_task = asyncio.create_task(generate_title(pk, await self.get_client()))
            self.title_tasks.add(title_task)
            title_task.add_done_callback(self.title_tasks.discard)

    def stop(self, pk: UUID) -> None:
        if pk in self.jobs:
            self.jobs[pk].stop(Message.Status.STOPPED)

    async def get_client(self) -> AsyncOpenAI:
        async with self.client_lock:
            if self.client is None:
                self.client = await run_in_thread(client.make_client)
        return self.client

    async def warm_up(self) -> None:
        """Load the client soon after the start: half a second that the first answer saves."""
        await asyncio.sleep(self.HEARTBEAT_SECONDS)
        with contextlib.suppress(helicone.InvalidValue):  # each job is going to report it
            await self.get_client()
        await run_in_thread(freeze_garbage_collector)

    async def resend_loop(self) -> None:
        while True:
            due = [job.publisher for job in self.jobs.values() if job.publisher.is_due]
            await asyncio.gather(*(publisher.send() for publisher in due))
            await asyncio.sleep(self.RESEND_SECONDS)

    async def heartbeat_loop(self) -> None:
        while True:
            try:
                await self.heartbeat()
            except CONNECTION_ERRORS as error:
                log.warning("The database is unavailable; generation goes on: %s", error)
            except Exception:
                log.exception("A heartbeat failed; generation goes on.")
            await asyncio.sleep(self.HEARTBEAT_SECONDS)

    async def heartbeat(self) -> None:
        """Save partial answers, stop the jobs that are to stop, claim unclaimed answers."""
        unsaved = {pk: (job, job.unsaved_fields()) for pk, job in self.jobs.items()}
        result = await run_in_db_thread(
            save_progress, {pk: fields for pk, (_, fields) in unsaved.items()}
        )
        for job, fields in unsaved.values():
            job.saved |= fields
        self.apply_heartbeat(result)
        for pk in await run_in_db_thread(unclaimed_answers):
            self.start_job(pk)
        for pk in result.abandoned:
            # The process that generated it can't close its stream any more.
            with contextlib.suppress(StreamExpired, StreamUnavailable):
                await streams.close(str(pk), {})

    def apply_heartbeat(self, result: HeartbeatResult) -> None:
        for pk in result.to_stop:
            self.stop(pk)
        for pk in result.waiting.keys() & self.jobs.keys():
            self.jobs[pk].publisher.show_waiting(result.waiting[pk])
        for pk in result.deleted & self.jobs.keys():
            self.jobs[pk].stop(Message.Status.INTERRUPTED)

    async def run(self, stopping: asyncio.Event) -> None:
        self.loop = asyncio.get_running_loop()
        self.closing, self.closed = asyncio.Event(), asyncio.Event()
        self.client_lock = asyncio.Lock()
        loops = (self.resend_loop(), self.heartbeat_loop())
        background = [asyncio.create_task(loop) for loop in loops]
        warm_up_task = asyncio.create_task(self.warm_up())
        stop_waits = [asyncio.create_task(event.wait()) for event in (stopping, self.closing)]
        await asyncio.wait([*background, *stop_waits], return_when=asyncio.FIRST_COMPLETED)
        self.closing.set()
        await self.finish_or_interrupt(settings.SHUTDOWN_SECONDS)
        self.loop = None
        for task in [*background, *stop_waits, warm_up_task]:
            task.cancel()
        crashes = await asyncio.gather(*background, return_exceptions=True)
        for title_task in self.title_tasks:
            title_task.cancel()
        if self.client:
            await self.client.close()
            self.client = None
        self.closed.set()
        for crash in crashes:
            if isinstance(crash, Exception):
                raise crash
        await stopping.wait()

    async def close(self) -> None:
        """Start no more jobs; returns when all running jobs have ended or were interrupted."""
        if self.loop:
            self.closing.set()
            await self.closed.wait()

    async def finish_or_interrupt(self, seconds: float) -> None:
        """Wait `seconds` for running jobs, then save the rest as interrupted."""
        if self.tasks:
            await asyncio.wait(list(self.tasks.values()), timeout=seconds)
        for job in self.jobs.values():
            job.stop(Message.Status.INTERRUPTED)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SAVE_SECONDS):
                await asyncio.gather(*self.tasks.values(), return_exceptions=True)


def freeze_garbage_collector() -> None:
    """Exclude all objects loaded so far from garbage collection: they stay for good."""
    gc.collect()
    gc.freeze()


runner = GenerationRunner()
metrics.ANSWERS_RUNNING.set_function(lambda: len(runner.jobs))
run = runner.run
