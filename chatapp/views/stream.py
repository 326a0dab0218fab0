"""What a browser hears of an answer while it is being written, as server-sent events.

An event's id is its place in the answer's log, so a browser that comes back with Last-Event-ID goes
on from there. Where the log is gone (the server was restarted, or the answer ended long ago) it is
shown what is stored, and then again when that changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.views.decorators.http import require_GET

from chatapp.concurrency import run_in_db_thread_with_retry
from chatapp.current_user import current_user
from chatapp.generation.runner import streams
from chatapp.generation.titles import is_named_after
from chatapp.markdown import render
from chatapp.models import Message
from chatapp.streams import Event, StreamExpired, StreamUnavailable
from chatapp.streams.base import merge_updates

KEEP_ALIVE = ": still here\n\n"
END = "event: done\ndata:\n\n"
LOOK_AGAIN = 0.5  # seconds between two looks at what is stored, where there is no log to follow


@require_GET
def stream(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    person = current_user(request)
    answer = get_object_or_404(Message.objects.readable_by(person).answers(), pk=pk)
    last_id = request.headers.get("Last-Event-ID", "")
    reader = AnswerEventStream(request, answer, int(last_id) if last_id.isdecimal() else 0)
    return StreamingHttpResponse(
        reader.messages(),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


class AnswerEventStream:
    """One browser that watches one answer."""

    def __init__(self, request: HttpRequest, answer: Message, after: int) -> None:
        self.request = request
        self.answer = answer
        self.after = after
        # What streams is made outside of the request.
        self.language = get_language()

    async def messages(self) -> AsyncIterator[str]:
        try:
            while self.answer.is_running:
                async for message in self.follow_or_look():
                    yield message
            yield await run_in_db_thread_with_retry(self.finished)
        except ObjectDoesNotExist:
            yield END  # it, or what it belongs to, was deleted meanwhile: nothing is left to show

    async def follow_or_look(self) -> AsyncIterator[str]:
        try:
            async for message in self.follow():
                yield message
            await self.refresh()
        except (StreamExpired, StreamUnavailable):
            pass
        if self.answer.is_running:
            yield await self.look()

    async def refresh(self) -> None:
        await run_in_db_thread_with_retry(self.answer.refresh_from_db)

    async def follow(self) -> AsyncIterator[str]:
        """The log, from where this browser left off, up to its end."""
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
        # From the start, it replaces what is there: the page may show an earlier look.
        how = "beforeend" if self.after else "innerHTML"
        self.after = events[-1].id
        return message(
            partial(f"m-{self.answer.pk}-done", how, html["done"]),
            partial(f"m-{self.answer.pk}-tail", "innerHTML", html["tail"]),
            id=self.after,
        )

    async def look(self) -> str:
        """What is stored, in place of whatever the page shows; then start over."""
        self.after = 0
        await asyncio.sleep(LOOK_AGAIN)
        html = await run_in_db_thread_with_retry(self.stored_html)
        return message(
            partial(f"m-{self.answer.pk}-done", "innerHTML", html),
            partial(f"m-{self.answer.pk}-tail", "innerHTML", ""),
            id=0,
        )

    def stored_html(self) -> str:
        self.answer.refresh_from_db()
        return render(self.answer.text)

    def finished(self) -> str:
        """The whole answer as it is stored, with its thumbs, in place of the growing one."""
        kept = Message.objects.filter(conversation__deleted_at=None).select_related(
            "conversation", "parent"
        )
        answer = kept.prefetch_related("ratings__reasons").get(pk=self.answer.pk)
        context = {"message": answer, "awaits_title": is_named_after(answer)}
        with override(self.language):
            html = render_to_string("chat/message.html", context, self.request)
        return message(partial(f"m-{answer.pk}", "outerHTML", html)) + END


def partial(target: str, swap: str, html: str) -> str:
    return f'<hx-partial hx-target="#{target}" hx-swap="{swap}">{html}</hx-partial>'


def message(*partials: str, id: int | None = None) -> str:
    """One server-sent event. A line of HTML is a line of data."""
    lines = "".join(partials).replace("\r", "").split("\n")
    place = "" if id is None else f"id: {id}\n"
    return place + "".join(f"data: {line}\n" for line in lines) + "\n"
