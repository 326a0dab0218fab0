"""One worker: claims what is due, has it called, records what came of it, all at the same time."""

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

POLL = 1.0  # seconds between looks when there is nothing to do
BUSY = 0.5  # seconds between two queries, so that they carry many ids
GATHER = 0.01  # seconds in which outcomes come together before they are recorded
REVIVE = 60.0
GRACE = 3.0  # seconds that calls under way have when the worker is stopped
READERS = 2
LONGEST_BACK_OFF = 30.0


class Worker:
    """Holds at most `concurrency` deliveries to send and READERS batches to read, so its memory
    doesn't depend on the backlog."""

    def __init__(self, api: AsyncApi) -> None:
        self.api = api
        self.concurrency: int = settings.HELICONE_CONCURRENCY
        self.database = DatabaseThread("deliveries")
        self.loop = asyncio.get_running_loop()
        self.sending: set[asyncio.Task[None]] = set()
        self.reading: set[asyncio.Task[None]] = set()
        self.outcomes: list[Outcome] = []
        self.stirred = asyncio.Event()
        self.look_at = {Call.SEND: 0.0, Call.READ: 0.0}
        self.last_read = self.revive_at = 0.0
        self.calls: HeliconeCalls | None = None
        self.health = Health()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set. No failure ends it: it is logged, and tried again later."""
        watch = asyncio.create_task(self._wake_at(stop))
        became_due.connect(self._nudge)
        failures = 0
        try:
            while not stop.is_set():
                try:
                    await self._turn()
                    failures = 0
                except Exception:
                    log.exception("Delivering ratings failed; it goes on after a pause.")
                    failures += 1
                    await self._rest(stop, min(2.0 ** (failures - 1), LONGEST_BACK_OFF))
            await self._finish()
        finally:
            became_due.disconnect(self._nudge)
            watch.cancel()
            await asyncio.wrap_future(self.database.close())

    async def _turn(self) -> None:
        await self._record()
        await self._housekeep()
        await self._take_reads()
        await self._take_sends()
        await self._until_woken()

    async def _until_woken(self) -> None:
        """Wait for an outcome, a click or the next look; the look that lacks room isn't due."""
        due = [self.look_at[Call.SEND]] if self._has_room else []
        due += [self.look_at[Call.READ]] if len(self.reading) < READERS else []
        pause = min(due, default=self.loop.time() + POLL) - self.loop.time()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(pause, 0)):
                await self.stirred.wait()
                await asyncio.sleep(GATHER)
        self.stirred.clear()

    async def _record(self) -> None:
        told = self.outcomes[:]
        if told:
            await self.database.do(Delivery.objects.record, told)
            del self.outcomes[: len(told)]
            self.health.note(told)
            if any(outcome.call == Call.READ for outcome in told):
                self.look_at[Call.SEND] = 0.0

    async def _housekeep(self) -> None:
        if self.loop.time() < self.revive_at:
            return
        await self.database.do(Delivery.objects.revive)
        self.health.note_ids(await self.database.do(newest_answer_has_id))
        self.revive_at = self.loop.time() + REVIVE

    async def _calls(self) -> HeliconeCalls:
        if self.calls is None:
            witness = await self.database.do(Delivery.objects.known_request)
            timeout, batch = settings.HELICONE_TIMEOUT, settings.HELICONE_READ_BATCH
            self.calls = HeliconeCalls(self.api, timeout, batch, witness)
        return self.calls

    @property
    def _has_room(self) -> bool:
        """A quarter at least, so that claims are worth their transaction."""
        return self.concurrency - len(self.sending) >= max(self.concurrency // 4, 1)

    async def _take_sends(self) -> None:
        if not self._has_room or self.loop.time() < self.look_at[Call.SEND]:
            return
        calls, room, began = (
            await self._calls(),
            self.concurrency - len(self.sending),
            self.loop.time(),
        )
        jobs = await self.database.do(Delivery.objects.claim, Call.SEND, room)
        latest = began + lease().total_seconds() - settings.HELICONE_TIMEOUT
        for job in jobs:
            self._start(self.sending, self._one(calls.send(job, latest)))
        self.look_at[Call.SEND] = 0.0 if len(jobs) == room else self.loop.time() + POLL

    async def _take_reads(self) -> None:
        if len(self.reading) >= READERS or self.loop.time() < self.look_at[Call.READ]:
            return
        calls = await self._calls()
        size = calls.batch
        jobs = await self.database.do(Delivery.objects.claim, Call.READ, size)
        if jobs:
            self._start(self.reading, self._many(calls.read(jobs)))
        self.last_read = self.loop.time()
        full, pause = len(jobs) == size, self._read_pause() if jobs or self.sending else POLL
        self.look_at[Call.READ] = self.last_read + (0 if full else pause)

    def _read_pause(self) -> float:
        """Seconds between queries that aren't full: a fifth of the budget at most goes there."""
        limit = settings.HELICONE_RATE_LIMIT
        if not limit:
            return BUSY
        queries = self.calls.queries if self.calls else 1
        fifth: float = 5 * queries * settings.HELICONE_RATE_WINDOW / limit
        return max(BUSY, fifth)

    def _start(self, tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _one(self, call: Awaitable[Outcome]) -> None:
        self.outcomes.append(await call)
        self.stirred.set()

    async def _many(self, call: Awaitable[list[Outcome]]) -> None:
        self.outcomes.extend(await call)
        self.stirred.set()

    def _nudge(self, **kwargs: Any) -> None:
        """A rating was saved in this process, in whatever thread."""
        with contextlib.suppress(RuntimeError):  # the loop is gone: so is this worker
            self.loop.call_soon_threadsafe(self._look_now)

    def _look_now(self) -> None:
        soon = self.last_read + self._read_pause()
        self.look_at[Call.READ] = min(self.look_at[Call.READ], soon)
        self.look_at[Call.SEND] = 0.0
        self.stirred.set()

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.stirred.set()

    async def _rest(self, stop: asyncio.Event, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await stop.wait()

    async def _finish(self) -> None:
        """Let calls under way end, and record them. What doesn't end in time is left to its lease."""
        under_way = self.sending | self.reading
        if under_way:
            _done, late = await asyncio.wait(under_way, timeout=GRACE)
            for task in late:
                task.cancel()
        try:
            await self._record()
        except Exception:
            log.exception("The last outcomes could not be recorded; the calls will be repeated.")
