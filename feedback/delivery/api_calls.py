"""The calls that jobs stand for: made against Helicone, their ends told as outcomes. No database."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from typing import TypeVar
from uuid import UUID

from feedback.models.outbox.desired_state import SendStep
from feedback.models.outbox.outcome import Job, Outcome, Unsent
from helicone import AsyncApi, HeliconeError, MaskedFailure, Rating, Reading, TimedOut

T = TypeVar("T")
log = logging.getLogger(__name__)
SMALLEST_BATCH = 25


class HeliconeCalls:
    """timeout: seconds for a whole call; what takes longer is given up, and may have arrived."""

    def __init__(self, api: AsyncApi, timeout: float, batch: int, witness: UUID | None) -> None:
        self.api = api
        self.timeout = timeout
        self.largest = self.batch = batch
        self.witness = witness

    async def send(self, job: Job, latest: float) -> Outcome:
        """`latest` is the loop's time after which too little is left of the lease to send."""
        try:
            if asyncio.get_running_loop().time() > latest:
                raise Unsent
            assert isinstance(job.step, SendStep)  # noqa: S101 - as claimed
            await self._in_time(self._send(job.request_id, job.step))
        except Exception as error:
            return Outcome(job, error=noted(error))
        return Outcome(job)

    async def read(self, jobs: Sequence[Job]) -> list[Outcome]:
        """One query for all; when it fails, it has failed for each of them."""
        try:
            found = await self._in_time(self._read([job.request_id for job in jobs]))
        except Exception as error:
            self.batch = max(min(self.batch, len(jobs)) // 2, SMALLEST_BATCH)
            return [Outcome(job, error=noted(error)) for job in jobs]
        self.batch = min(self.batch * 2, self.largest)
        return [Outcome(job, found.get(job.request_id)) for job in jobs]

    async def _send(self, request_id: UUID, send: SendStep) -> None:
        if send.is_rating:
            await self.api.rate(request_id, Rating.from_bool(send.value == "1"))
        else:
            await self.api.set_property(request_id, send.what, send.value)

    async def _read(self, ids: list[UUID]) -> dict[UUID, Reading]:
        """With a witness, so that a query failed as an empty one shows; the witness itself may
        have been deleted, though, and then what is found without it is true."""
        try:
            found = await self.api.read(ids, witness=self.witness)
        except MaskedFailure:
            self.witness = None
            found = await self.api.read(ids)
            if not found:
                raise
        self.witness = next(iter(found), self.witness)
        return found

    async def _in_time(self, call: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self.timeout):
                return await call
        except TimeoutError:
            sentence = f"Helicone gave no answer within {self.timeout:g} s."
            raise TimedOut.about(sentence, request_id=None, maybe_sent=True) from None


def noted(error: Exception) -> Exception:
    """What nobody expected goes to the log in full; the rest is in words on the delivery."""
    if not isinstance(error, HeliconeError | Unsent):
        log.error("A call failed in an unexpected way.", exc_info=error)
    return error
