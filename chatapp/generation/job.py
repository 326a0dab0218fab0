"""GenerationJob: claim one answer, read its completion, decide its final status, save it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings

from chatapp.concurrency import run_in_db_thread_with_retry
from chatapp.generation import client as gateway
from chatapp.generation import completion, events
from chatapp.generation.answer_text import AnswerText
from chatapp.generation.errors import CompletionError
from chatapp.generation.prompt import Prompt, prompt_for
from chatapp.generation.publisher import StreamPublisher
from chatapp.generation.stream_parser import Limits
from chatapp.generation.waiting import save_and_send
from chatapp.models import Message
from chatapp.observability import metrics
from chatapp.prepared import Select, given
from chatapp.streams import Streams

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)

# Transient failures are retried, only before the first token.
TRANSIENT_CODES = frozenset({"server_error", "no_connection"})
MAX_ATTEMPTS = 3
# Errors of an answer without text, by finish reason.
WITHOUT_TEXT = {"content_filter": "content_filter", "length": "length_without_text"}
ID_FIELDS = ("request_id", "helicone_id")
TextEvent = events.Delta | events.Thinking | events.TextWasThinking


TO_GENERATE = Select(
    lambda: (
        Message.objects.filter(pk=given(Message, "id"))
        .select_related("conversation__user", "conversation__assistant", "prompt_version")
        .order_by()
    )
)


class GenerationJob:
    def __init__(self, answer: Message, prompt: Prompt, streams: Streams) -> None:
        self.answer = answer
        self.prompt = prompt.messages
        self.publisher = StreamPublisher(str(answer.pk), streams)
        self.written = AnswerText()
        self.started_at: float | None = None
        self.result: dict[str, Any] = {"left_out": prompt.left_out}
        self.saved: dict[str, Any] = {"text": "", "thinking": ""}
        self.stop_status: str | None = None
        self.stop_requested = asyncio.Event()
        self.next_answer: Message | None = None  # of the message that waited for this one

    @classmethod
    def claim(cls, pk: UUID, streams: Streams) -> GenerationJob | None:
        """Claim a queued answer for this process. None if it was deleted or claimed."""
        answer = TO_GENERATE.first(id=pk)
        if answer is None:
            return None
        # Everything that may fail comes before the claim: a claimed answer must be generated.
        prompt = prompt_for(answer)
        return cls(answer, prompt, streams) if answer.claim() else None

    @property
    def text(self) -> str:
        return self.written.text

    def unsaved_fields(self) -> dict[str, Any]:
        """Fields that differ from the database. Includes the ids: if this process dies, the
        partial answer can still be rated."""
        now = {name: self.result[name] for name in ID_FIELDS if name in self.result}
        now |= self.written.fields(self.elapsed())
        return {name: value for name, value in now.items() if value != self.saved.get(name)}

    def stop(self, status: str) -> None:
        self.stop_status = self.stop_status or status
        self.stop_requested.set()

    async def run(self, client: AsyncOpenAI) -> None:
        self.open_task = asyncio.create_task(self.publisher.open())
        reading = asyncio.create_task(self.read_completion(client))
        stopping = asyncio.create_task(self.stop_requested.wait())
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
        fact = failure.fact if failure else ""
        await self.finish(fact=fact, **self.final_status(failure))

    async def read_completion(self, client: AsyncOpenAI) -> None:
        """Read the whole completion, with retries. Raises CompletionError."""
        for attempt in range(MAX_ATTEMPTS):
            try:
                async for event in self.request_completion(client):
                    self.apply(event)
                    if isinstance(event, TextEvent):
                        await self.publisher.send_frame()
                return
            except CompletionError as failure:
                if self.text or failure.code not in TRANSIENT_CODES or attempt == MAX_ATTEMPTS - 1:
                    raise
                log.warning("Answer %s: trying again after %s", self.answer.pk, failure.code)
            await asyncio.sleep(0.5 * 2**attempt)
            self.answer.request_id = self.result["request_id"] = uuid4()
            self.result.pop("helicone_id", None)
            if self.written.thinking:
                self.written = AnswerText()
                self.publisher.start_over("")

    def request_completion(self, client: AsyncOpenAI) -> AsyncIterator[events.CompletionEvent]:
        self.started_at = asyncio.get_running_loop().time()
        return completion.complete(
            client,
            model=self.answer.model,
            messages=self.prompt,
            parameters=self.answer.parameters,
            headers=gateway.answer_headers(self.answer),
            timeouts=completion.Timeouts(
                settings.FIRST_TOKEN_SECONDS, settings.STALL_SECONDS, settings.THINKING_SECONDS
            ),
            limits=Limits(settings.EVENT_MAX_SIZE, settings.ANSWER_MAX_LENGTH),
        )

    def apply(self, event: events.CompletionEvent) -> None:
        match event:
            case events.Delta() | events.Thinking() | events.TextWasThinking():
                self.write(event)
            case events.Opened(helicone_id):
                self.result["helicone_id"] = helicone_id
            case events.Finished(reason):
                self.result["finish_reason"] = reason[:30]
            case events.Usage(prompt_tokens, completion_tokens):
                self.result["prompt_tokens"] = prompt_tokens
                self.result["completion_tokens"] = completion_tokens
            case events.Ignored(what):
                log.info("Answer %s: left out of the stream: %s", self.answer.pk, what)

    def write(self, event: TextEvent) -> None:
        """Add a piece of the answer to its text or thinking, and to what is published."""
        written, publisher, now = self.written, self.publisher, self.elapsed()
        was_thinking = written.is_thinking
        match event:
            case events.Delta(text, is_refusal):
                if is_refusal:
                    self.result["error"] = "refused"
                written.add_text(text, now)
                publisher.pending_text.append(text)
            case events.Thinking(text):
                publisher.pending_thinking.append(written.add_thinking(text, now))
            case events.TextWasThinking():
                written.text_was_thinking(now)
                publisher.start_over(written.thinking)
                was_thinking = True
        if was_thinking != written.is_thinking:
            publisher.set_thinking(written.is_thinking, written.thinking_ms(now) or 0)

    def count(self, status: str, error: str | None, first_token_ms: int | None) -> None:
        metrics.ANSWERS.labels(status).inc()
        if error:
            metrics.ANSWER_FAILURES.labels(error).inc()
        if first_token_ms is not None:
            metrics.FIRST_TOKEN.observe(first_token_ms / 1000)

    def elapsed(self) -> int:
        """Milliseconds since the request was sent; 0 before."""
        now = asyncio.get_running_loop().time()
        return 0 if self.started_at is None else round((now - self.started_at) * 1000)

    def final_status(self, failure: CompletionError | None) -> dict[str, Any]:
        """Fields of the final status, with the error if there is one."""
        status = Message.Status
        if self.stop_status:
            error = "" if self.stop_status == status.STOPPED else "interrupted"
            return {"status": self.stop_status, "error": error}
        if failure:
            if failure.helicone_id:
                self.result["helicone_id"] = failure.helicone_id
            return {
                "status": status.INTERRUPTED if self.text else status.FAILED,
                "error": failure.code,
                "error_detail": failure.detail,
                "retry_after": failure.retry_after,
            }
        reason = self.result.get("finish_reason")
        if not self.text.strip():
            error = WITHOUT_TEXT.get(reason or "", "empty")
            return {"status": status.FAILED, "error": error}
        error_field = {"error": reason} if reason in ("length", "content_filter") else {}
        return {"status": status.COMPLETE, **error_field}

    async def finish(self, status: str, fact: str = "", **fields: Any) -> None:
        """Save the answer and send what waits for it, retrying while the database is unavailable,
        then close its stream. `fact` is what the log may say of a failure."""
        self.publisher.closed = True
        written = self.written.fields(self.elapsed())
        written["thinking"] = written["thinking"].rstrip()
        written["duration_ms"] = None if self.started_at is None else self.elapsed()
        fields_to_save = {**written, **self.result, **fields}
        if error := fields_to_save.get("error"):
            log.warning("Answer %s: %s %s", self.answer.pk, error, fact)
        self.count(status, error, fields_to_save.get("first_token_ms"))
        self.next_answer = await run_in_db_thread_with_retry(
            save_and_send, self.answer, **fields_to_save, status=status
        )
        await self.publisher.close()
