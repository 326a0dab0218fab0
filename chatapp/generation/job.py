"""One answer while it is being written: what came, how it ended, what is to be stored."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings

from chatapp.concurrency import run_in_db_thread_with_retry
from chatapp.generation import client as gateway
from chatapp.generation import completion
from chatapp.generation.errors import CompletionError
from chatapp.generation.prompt import Prompt, prompt_for
from chatapp.generation.publisher import StreamPublisher
from chatapp.models import Message
from chatapp.streams import Streams

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)

# Failures that may pass by themselves. Only before the first token, and at most so often.
TRANSIENT_CODES = frozenset({"server_error", "no_connection"})
TRIES = 3
IDS = ("request_id", "helicone_id")


class GenerationJob:
    def __init__(self, answer: Message, prompt: Prompt, streams: Streams) -> None:
        self.answer = answer
        self.prompt = prompt.messages
        self.sending = StreamPublisher(str(answer.pk), streams)
        self.written = io.StringIO()
        self.facts: dict[str, Any] = {"left_out": prompt.left_out}
        self.stored: dict[str, Any] = {"text": ""}
        self.ending: str | None = None
        self.asked_to_stop = asyncio.Event()

    @classmethod
    def claim(cls, pk: UUID, streams: Streams) -> GenerationJob | None:
        """Take it, if it is there to take: only one process ever gets it."""
        related = ("conversation__user", "conversation__assistant", "prompt_version")
        answer = Message.objects.select_related(*related).filter(pk=pk).first()
        if answer is None:
            return None
        # Everything that may fail comes before the claim: what is claimed is written.
        prompt = prompt_for(answer)
        return cls(answer, prompt, streams) if answer.claim() else None

    @property
    def text(self) -> str:
        return self.written.getvalue()

    def unsaved_fields(self) -> dict[str, Any]:
        """What is not stored yet. The ids go along with the text: if this process dies, what it
        wrote can still be rated."""
        now = {name: self.facts[name] for name in IDS if name in self.facts} | {"text": self.text}
        return {name: value for name, value in now.items() if value != self.stored.get(name)}

    def stop(self, status: str) -> None:
        self.ending = self.ending or status
        self.asked_to_stop.set()

    async def run(self, client: AsyncOpenAI) -> None:
        self.opening = asyncio.create_task(self.sending.open())
        reading = asyncio.create_task(self.read(client))
        stopping = asyncio.create_task(self.asked_to_stop.wait())
        await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
        reading.cancel()
        stopping.cancel()
        failure = None
        try:
            await reading
        except asyncio.CancelledError:
            pass
        except CompletionError as failed:
            failure = failed
        await self.finish(**self.final_status(failure))

    async def read(self, client: AsyncOpenAI) -> None:
        """Everything the provider says, into this answer. Raises CompletionFailed."""
        for attempt in range(TRIES):
            try:
                async for piece in self.ask(client):
                    self.take(piece)
                    if isinstance(piece, completion.Delta):
                        await self.sending.frame()
                return
            except CompletionError as failure:
                if self.text or failure.code not in TRANSIENT_CODES or attempt == TRIES - 1:
                    raise
                log.warning("Answer %s: trying again after %s", self.answer.pk, failure.code)
            await asyncio.sleep(0.5 * 2**attempt)
            self.answer.request_id = self.facts["request_id"] = uuid4()
            self.facts.pop("helicone_id", None)

    def ask(self, client: AsyncOpenAI) -> AsyncIterator[completion.CompletionEvent]:
        self.began = asyncio.get_running_loop().time()
        return completion.complete(
            client,
            model=self.answer.model,
            messages=self.prompt,
            parameters=self.answer.parameters,
            headers=gateway.headers(self.answer),
            patience=completion.Timeouts(settings.FIRST_TOKEN_SECONDS, settings.STALL_SECONDS),
        )

    def take(self, piece: completion.CompletionEvent) -> None:
        match piece:
            case completion.Delta(text, is_refusal):
                self.facts.setdefault("first_token_ms", self.elapsed())
                if is_refusal:
                    self.facts["error"] = "refused"
                self.written.write(text)
                self.sending.unsent.append(text)
            case completion.Opened(helicone_id):
                self.facts["helicone_id"] = helicone_id
            case completion.Finished(reason):
                self.facts["finish_reason"] = reason[:30]
            case completion.Usage(prompt_tokens, completion_tokens):
                self.facts["prompt_tokens"] = prompt_tokens
                self.facts["completion_tokens"] = completion_tokens

    def elapsed(self) -> int:
        return round((asyncio.get_running_loop().time() - self.began) * 1000)

    def final_status(self, failure: CompletionError | None) -> dict[str, Any]:
        """How it ended: the status and, where it did not end well, the failure that says why."""
        status = Message.Status
        if self.ending:
            error = "" if self.ending == status.STOPPED else "interrupted"
            return {"status": self.ending, "error": error}
        if failure:
            if failure.helicone_id:
                self.facts["helicone_id"] = failure.helicone_id
            return {
                "status": status.INTERRUPTED if self.text else status.FAILED,
                "error": failure.code,
                "error_detail": failure.detail,
                "retry_after": failure.retry_after,
            }
        reason = self.facts.get("finish_reason")
        if not self.text.strip():
            empty = "content_filter" if reason == "content_filter" else "empty"
            return {"status": status.FAILED, "error": empty}
        noted = {"error": reason} if reason in ("length", "content_filter") else {}
        return {"status": status.COMPLETE, **noted}

    async def finish(self, status: str, **fields: Any) -> None:
        """Store all of it, however long that takes, then tell the readers."""
        self.sending.closed = True
        duration = self.elapsed() if hasattr(self, "began") else None
        stored = {"text": self.text, "duration_ms": duration, **self.facts, **fields}
        if error := stored.get("error"):
            log.warning("Answer %s: %s %s", self.answer.pk, error, fields.get("error_detail", ""))
        await run_in_db_thread_with_retry(self.answer.keep, **stored, status=status)
        await self.sending.close()
