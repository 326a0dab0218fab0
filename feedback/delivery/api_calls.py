"""API calls of claimed jobs, with their results as outcomes. No database."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from typing import TypeVar
from uuid import UUID

from feedback.models.outbox.desired_state import SendStep
from feedback.models.outbox.outcome import Job, Outcome, Unsent
from helicone import AsyncApi, HeliconeError, Rating, ReadBack, TimedOut

T = TypeVar("T")
log = logging.getLogger(__name__)


class HeliconeCalls:
    """Calls to Helicone for jobs.
    timeout: seconds for a whole call; a longer one is given up, and may have arrived. A read, of
    several queries, has twice as long. queries: the number of queries of the last read."""

    def __init__(self, api: AsyncApi, timeout: float, batch: int, witness: UUID | None) -> None:
        self.api = api
        self.timeout = timeout
        self.largest = self.batch = batch
        self.witness = witness
        self.queries = 1

    async def send(self, job: Job, latest: float) -> Outcome:
        """Send a job's value, unless the loop's time is past `latest`: the lease would run out."""
        try:
            if asyncio.get_running_loop().time() > latest:
                raise Unsent
            assert isinstance(job.step, SendStep)  # noqa: S101 - as claimed
            await self._in_time(self._send(job.request_id, job.step))
        except Exception as error:
            return Outcome(job, error=logged(error))
        return Outcome(job)

    async def read(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Read all jobs' requests back together; a failure is the outcome of each job."""
        try:
            read = await self._in_time(self._read([job.request_id for job in jobs]), 2)
        except Exception as error:
            self._shrink(len(jobs))
            return [Outcome(job, error=logged(error)) for job in jobs]
        if read.unknown:
            self._shrink(len(jobs))
        else:
            self.batch = min(self.batch * 2, self.largest)
        return [
            Outcome(job, read.found.get(job.request_id), unknown=job.request_id in read.unknown)
            for job in jobs
        ]

    def _shrink(self, size: int) -> None:
        """Halve the batch, down to one request: smaller batches isolate a failure."""
        self.batch = max(min(self.batch, size) // 2, 1)

    async def _send(self, request_id: UUID, send: SendStep) -> None:
        if send.is_rating:
            await self.api.rate(request_id, Rating.from_bool(send.value == "1"))
        elif send.is_review:
            await self.api.score(request_id, send.what, int(send.value))
        else:
            await self.api.set_property(request_id, send.what, send.value)

    async def _read(self, ids: list[UUID]) -> ReadBack:
        read = await self.api.read(ids, witness=self.witness)
        self.witness, self.queries = next(iter(read.found), self.witness), read.queries
        return read

    async def _in_time(self, call: Awaitable[T], timeouts: int = 1) -> T:
        seconds = self.timeout * timeouts
        try:
            async with asyncio.timeout(seconds):
                return await call
        except TimeoutError:
            sentence = f"Helicone gave no answer within {seconds:g} s."
            raise TimedOut.about(sentence, request_id=None, maybe_sent=True) from None


def logged(error: Exception) -> Exception:
    """Log an unexpected error with its traceback. Returns the error."""
    if not isinstance(error, HeliconeError | Unsent):
        log.error("A call failed in an unexpected way.", exc_info=error)
    return error
