"""Delivery worker: claims due deliveries, makes their calls and records outcomes concurrently."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Coroutine
from typing import Any

from django.conf import settings

from feedback.chat.runtime import DatabaseThread
from feedback.delivery.api_calls import HeliconeCalls
from feedback.delivery.health import Health, newest_answer_has_id
from feedback.models import Delivery
from feedback.models.outbox.delivery import became_due, lease
from feedback.models.outbox.outcome import Outcome
from feedback.models.outbox.state_machine import Call
from helicone import AsyncApi

log = logging.getLogger(__name__)

POLL = 1.0  # seconds between polls when nothing is due
READ_PAUSE = 0.5  # seconds between two queries, so that they carry many ids
GATHER = 0.01  # seconds in which outcomes are collected before they are recorded
REVIVE = 60.0
GRACE = 3.0  # seconds that running calls have when the worker is stopped
READERS = 2
LONGEST_BACK_OFF = 30.0


class Worker:
    """A worker with at most `concurrency` sends and READERS batches to read at a time.
    Its memory doesn't depend on the backlog."""

    def __init__(self, api: AsyncApi) -> None:
        self.api = api
        self.concurrency: int = settings.HELICONE_CONCURRENCY
        self.database = DatabaseThread("deliveries")
        self.loop = asyncio.get_running_loop()
        self.sending: set[asyncio.Task[None]] = set()
        self.reading: set[asyncio.Task[None]] = set()
        self.outcomes: list[Outcome] = []
        self.wakeup = asyncio.Event()
        self.next_poll = {Call.SEND: 0.0, Call.READ: 0.0}
        self.last_read = self.revive_at = 0.0
        self.calls: HeliconeCalls | None = None
        self.health = Health()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set. A failure is logged and retried with back-off."""
        watch = asyncio.create_task(self._wake_at(stop))
        became_due.connect(self._on_became_due)
        failures = 0
        try:
            while not stop.is_set():
                try:
                    await self._run_once()
                    failures = 0
                except Exception:
                    log.exception("Delivering ratings failed; it goes on after a pause.")
                    failures += 1
                    await self._pause(stop, min(2.0 ** (failures - 1), LONGEST_BACK_OFF))
            await self._finish()
        finally:
            became_due.disconnect(self._on_became_due)
            watch.cancel()
            await asyncio.wrap_future(self.database.close())

    async def _run_once(self) -> None:
        await self._record()
        await self._housekeep()
        await self._start_reads()
        await self._start_sends()
        await self._until_woken()

    async def _until_woken(self) -> None:
        """Wait for an outcome, a new rating or the next poll that has room for its jobs."""
        due = [self.next_poll[Call.SEND]] if self._has_room else []
        due += [self.next_poll[Call.READ]] if len(self.reading) < READERS else []
        pause = min(due, default=self.loop.time() + POLL) - self.loop.time()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(pause, 0)):
                await self.wakeup.wait()
                await asyncio.sleep(GATHER)
        self.wakeup.clear()

    async def _record(self) -> None:
        recorded = self.outcomes[:]
        if recorded:
            await self.database.do(Delivery.objects.record, recorded)
            del self.outcomes[: len(recorded)]
            self.health.record(recorded)
            if any(outcome.call == Call.READ for outcome in recorded):
                self.next_poll[Call.SEND] = 0.0

    async def _housekeep(self) -> None:
        if self.loop.time() < self.revive_at:
            return
        await self.database.do(Delivery.objects.revive)
        self.health.record_ids(await self.database.do(newest_answer_has_id))
        self.revive_at = self.loop.time() + REVIVE

    async def _calls(self) -> HeliconeCalls:
        if self.calls is None:
            witness = await self.database.do(Delivery.objects.known_request)
            timeout, batch = settings.HELICONE_TIMEOUT, settings.HELICONE_READ_BATCH
            self.calls = HeliconeCalls(self.api, timeout, batch, witness)
        return self.calls

    @property
    def _has_room(self) -> bool:
        """Whether a quarter of the slots is free: a claim is worth its transaction then."""
        return self.concurrency - len(self.sending) >= max(self.concurrency // 4, 1)

    async def _start_sends(self) -> None:
        if not self._has_room or self.loop.time() < self.next_poll[Call.SEND]:
            return
        calls, room, began = (
            await self._calls(),
            self.concurrency - len(self.sending),
            self.loop.time(),
        )
        jobs = await self.database.do(Delivery.objects.claim, Call.SEND, room)
        latest = began + lease().total_seconds() - settings.HELICONE_TIMEOUT
        for job in jobs:
            self._start_task(self.sending, self._finish_send(calls.send(job, latest)))
        self.next_poll[Call.SEND] = 0.0 if len(jobs) == room else self.loop.time() + POLL

    async def _start_reads(self) -> None:
        if len(self.reading) >= READERS or self.loop.time() < self.next_poll[Call.READ]:
            return
        calls = await self._calls()
        size = calls.batch
        jobs = await self.database.do(Delivery.objects.claim, Call.READ, size)
        if jobs:
            self._start_task(self.reading, self._finish_reads(calls.read(jobs)))
        self.last_read = self.loop.time()
        full, pause = len(jobs) == size, self._read_pause() if jobs or self.sending else POLL
        self.next_poll[Call.READ] = self.last_read + (0 if full else pause)

    def _read_pause(self) -> float:
        """Seconds between queries that aren't full: at most a fifth of the rate limit."""
        limit = settings.HELICONE_RATE_LIMIT
        if not limit:
            return READ_PAUSE
        queries = self.calls.queries if self.calls else 1
        fifth: float = 5 * queries * settings.HELICONE_RATE_WINDOW / limit
        return max(READ_PAUSE, fifth)

    def _start_task(self, tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _finish_send(self, call: Awaitable[Outcome]) -> None:
        self.outcomes.append(await call)
        self.wakeup.set()

    async def _finish_reads(self, call: Awaitable[list[Outcome]]) -> None:
        self.outcomes.extend(await call)
        self.wakeup.set()

    def _on_became_due(self, **kwargs: Any) -> None:
        """Receiver of `became_due`, called in any thread of this process."""
        with contextlib.suppress(RuntimeError):  # the loop is closed, with this worker
            self.loop.call_soon_threadsafe(self._poll_now)

    def _poll_now(self) -> None:
        soon = self.last_read + self._read_pause()
        self.next_poll[Call.READ] = min(self.next_poll[Call.READ], soon)
        self.next_poll[Call.SEND] = 0.0
        self.wakeup.set()

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.wakeup.set()

    async def _pause(self, stop: asyncio.Event, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await stop.wait()

    async def _finish(self) -> None:
        """Wait up to GRACE for running calls and record them; the leases of others expire."""
        under_way = self.sending | self.reading
        if under_way:
            _done, late = await asyncio.wait(under_way, timeout=GRACE)
            for task in late:
                task.cancel()
        try:
            await self._record()
        except Exception:
            log.exception("The last outcomes could not be recorded; the calls will be repeated.")
