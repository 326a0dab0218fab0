"""Server-sent events of one answer.

An event's id is its position in the answer's event log, so that a browser resumes with
Last-Event-ID. If the log is gone (the server was restarted, or the answer ended long ago), the
stored text is sent, repeatedly until the answer has ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from html import escape
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.views.decorators.http import require_GET

from chatapp.concurrency import run_in_db_thread_with_retry
from chatapp.current_user import current_user
from chatapp.extensions import message_prefetch
from chatapp.generation.runner import streams
from chatapp.generation.titles import is_title_expected
from chatapp.markdown import render
from chatapp.models import Message
from chatapp.streams import Event, StreamExpired, StreamUnavailable
from chatapp.streams.base import merge_updates

KEEP_ALIVE = ": still here\n\n"
END = "event: done\ndata:\n\n"
POLL_SECONDS = 0.5  # interval between queries of the stored text, where there is no event log


@require_GET
def stream(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    user = current_user(request)
    answer = get_object_or_404(Message.objects.readable_by(user).answers(), pk=pk)
    last_id = request.headers.get("Last-Event-ID", "")
    reader = AnswerEventStream(request, answer, int(last_id) if last_id.isdecimal() else 0)
    return StreamingHttpResponse(
        reader.messages(),
        content_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


class AnswerEventStream:
    """The event stream of one answer for one browser."""

    def __init__(self, request: HttpRequest, answer: Message, after: int) -> None:
        self.request = request
        self.answer = answer
        self.after = after
        # Events are rendered after the request, when its language is no longer active.
        self.language = get_language()

    async def messages(self) -> AsyncIterator[str]:
        try:
            while self.answer.is_running:
                async for message in self.follow_or_poll():
                    yield message
            yield await run_in_db_thread_with_retry(self.final_event)
        except ObjectDoesNotExist:
            yield END  # the answer was deleted meanwhile

    async def follow_or_poll(self) -> AsyncIterator[str]:
        try:
            async for message in self.follow():
                yield message
            await self.refresh()
        except (StreamExpired, StreamUnavailable):
            pass
        if self.answer.is_running:
            yield await self.poll()

    async def refresh(self) -> None:
        await run_in_db_thread_with_retry(self.answer.refresh_from_db)

    async def follow(self) -> AsyncIterator[str]:
        """The event log from `after` to its end."""
        async for events in streams.read(str(self.answer.pk), self.after):
            updates = [event for event in events if event.kind == "update"]
            if updates:
                yield self.update(updates)
            elif not events:
                yield KEEP_ALIVE
                await self.refresh()
                if not self.answer.is_running:
                    return

    def update(self, events: Sequence[Event]) -> str:
        html = merge_updates([event.data for event in events])
        # The first update replaces the content, which may come from an earlier poll.
        replaces = not self.after or "starts_over" in html
        swap = "innerHTML" if replaces else "beforeend"
        partials = [
            self.partial("done", swap, html["done"]),
            self.partial("tail", "innerHTML", html["tail"]),
        ]
        if replaces or "thinking" in html:
            partials.append(self.partial("thought", swap, html.get("thinking", "")))
        # The page has been rendered with the seconds of thinking that goes on.
        if "thinks" in html and (self.after or not html["thinks"]):
            partials.append(self.summary(bool(html["thinks"]), int(html["thinking_ms"])))
        self.after = events[-1].id
        return message(*partials, id=self.after)

    def partial(self, place: str, swap: str, html: str) -> str:
        return partial(f"m-{self.answer.pk}-{place}", swap, html)

    def summary(self, thinks: bool, thinking_ms: int | None) -> str:
        context = {"thinks": thinks, "thinking_ms": thinking_ms}
        with override(self.language):
            html = render_to_string("chat/thinking_summary.html", context)
        return self.partial("thinking-summary", "innerHTML", html.strip())

    async def poll(self) -> str:
        """The stored text, replacing the content of the page; resets `after`."""
        self.after = 0
        await asyncio.sleep(POLL_SECONDS)
        html = await run_in_db_thread_with_retry(self.stored_html)
        return message(
            self.partial("done", "innerHTML", html),
            self.partial("tail", "innerHTML", ""),
            self.partial("thought", "innerHTML", escape(self.answer.thinking, quote=False)),
            self.summary(self.answer.is_thinking, self.answer.thinking_ms),
            id=0,
        )

    def stored_html(self) -> str:
        self.answer.refresh_from_db()
        return render(self.answer.text)

    def final_event(self) -> str:
        """The complete answer with its thumbs, replacing the streamed one, and the end event."""
        undeleted = Message.objects.filter(conversation__deleted_at=None).select_related(
            "conversation", "parent"
        )
        answer = undeleted.prefetch_related(*message_prefetch()).get(pk=self.answer.pk)
        context = {"message": answer, "awaits_title": is_title_expected(answer)}
        with override(self.language):
            html = render_to_string("chat/message.html", context, self.request)
        return message(partial(f"m-{answer.pk}", "outerHTML", html)) + END


def partial(target: str, swap: str, html: str) -> str:
    return f'<hx-partial hx-target="#{target}" hx-swap="{swap}">{html}</hx-partial>'


def message(*partials: str, id: int | None = None) -> str:
    """One server-sent event, with a data field per line of HTML."""
    lines = "".join(partials).replace("\r", "").split("\n")
    id_line = "" if id is None else f"id: {id}\n"
    return id_line + "".join(f"data: {line}\n" for line in lines) + "\n"
