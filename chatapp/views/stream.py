"""Server-sent events of one answer.

An event's id is its position in the answer's event log, so that a browser resumes with
Last-Event-ID. If the log is gone (the server was restarted, or the answer ended long ago), the
stored text is sent, repeatedly until the answer has ended.

Open streams are counted by user, signed up or guest. Over HTTP/1.1 a browser has six connections
to a site, for all its tabs: streams beyond FOLLOWING end at once with what there is, and are asked
for again seconds later. Those beyond STREAMS_PER_USER are refused.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from html import escape
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chatapp.concurrency import run_in_db_thread_with_retry, run_in_thread
from chatapp.current_user import current_user
from chatapp.extensions import message_prefetch
from chatapp.generation.runner import streams
from chatapp.generation.titles import is_title_expected
from chatapp.limits.places import Places
from chatapp.markdown import render, with_sentence
from chatapp.models import Message, User, WaitingMessage
from chatapp.prepared import Rows, Select, given
from chatapp.streams import Event, StreamExpired, StreamUnavailable
from chatapp.streams.base import merge_updates
from chatapp.views.stream_messages import END, added_text, in_pieces, message, partial, shared

KEEP_ALIVE = ": still here\n\n"
POSITION = re.compile(r"[0-9]{1,12}")
POLL_SECONDS = 0.5  # interval between queries of the stored text, where there is no event log
GLANCE_SECONDS = 0.6  # for an event that is not there yet
ASK_AGAIN = "event: again\nretry: 2000\ndata:\n\n"

READABLE = Select(
    lambda: (
        Message.objects.readable_by(given(User, "id", "user"))
        .answers()
        .select_related("conversation")
        .filter(pk=given(Message, "id"))
        .order_by()
    )
)
CURRENT = Select(
    lambda: (
        Message.objects.filter(pk=given(Message, "id")).select_related("conversation").order_by()
    )
)
ENDED = Select(
    lambda: (
        Message.objects.filter(pk=given(Message, "id"), conversation__deleted_at=None)
        .select_related("conversation", "parent")
        .order_by()
    )
)
CHILD = Rows(
    lambda: Message.objects.filter(parent=given(Message, "parent")).order_by().values_list("pk")[:1]
)
WAITING = Select(lambda: WaitingMessage.objects.of(given(Message, "conversation")))
FOLLOWING = 4  # streams of one user that follow an answer to its end
open_streams = Places()  # of this process, by user
RETRY_SECONDS = 15


@require_GET
def stream(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    user = current_user(request)
    answer = READABLE.first(user=user.pk, id=pk) if user else None
    if user is None or answer is None:
        if "text/event-stream" not in request.headers.get("Accept", ""):
            raise Http404
        # A page that shows it is told so; by an error status, it would ask again and again.
        return HttpResponse(deleted_event(request, pk), content_type="text/event-stream")
    number = open_streams.take(user.pk, settings.STREAMS_PER_USER)
    if not number:
        return too_many()
    follows = number <= FOLLOWING or not settings.STREAMS_PER_USER
    reader = AnswerEventStream(request, answer, last_event_id(request), follows)
    return StreamingHttpResponse(
        open_streams.kept_while_sent(user.pk, in_pieces(reader.messages())),
        content_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


def too_many() -> HttpResponse:
    """Status 429; the page tries again by itself, without a hurry."""
    words = _(
        "This answer is being written, but can't be shown live: you have too many tabs open."
        " Close one, or wait until the answer is here."
    )
    html = render_to_string("errors/problem.html", {"problem": words})
    return HttpResponse(html, status=429, headers={"Retry-After": str(RETRY_SECONDS)})


def last_event_id(request: HttpRequest) -> int:
    """The position that a browser resumes from; 0, the beginning, for what is none of ours."""
    given = request.headers.get("Last-Event-ID", "")
    return int(given) if POSITION.fullmatch(given) else 0


class AnswerEventStream:
    """The event stream of one answer for one browser; `follows` to the answer's end."""

    def __init__(self, request: HttpRequest, answer: Message, after: int, follows: bool) -> None:
        self.request = request
        self.answer = answer
        self.after = after
        self.follows = follows
        self.waiting: str | None = None  # id of the waiting message that the page shows, if known
        # Events are rendered after the request, when its language is no longer active.
        self.language = get_language()

    async def messages(self) -> AsyncIterator[str | bytes]:
        try:
            async for sent in self.follow_to_the_end() if self.follows else self.glance():
                yield sent
            if self.answer.is_running:
                yield ASK_AGAIN
            else:
                yield await run_in_db_thread_with_retry(self.final_event)
        except ObjectDoesNotExist:
            with override(self.language):
                yield await run_in_thread(deleted_event, self.request, self.answer.pk)

    async def follow_to_the_end(self) -> AsyncIterator[str | bytes]:
        while self.answer.is_running:
            async for sent in self.follow_or_poll():
                yield sent

    async def glance(self) -> AsyncIterator[str | bytes]:
        """What is there already."""
        if not self.answer.is_running:
            return
        events: list[Event] = []
        try:
            async with aclosing(streams.read(str(self.answer.pk), self.after)) as batches:
                events = await asyncio.wait_for(anext(batches), GLANCE_SECONDS)
        except (TimeoutError, StopAsyncIteration):
            pass
        except (StreamExpired, StreamUnavailable):
            yield await self.stored_text()
        if updates := [event for event in events if event.kind == "update"]:
            async for sent in self.update(updates):
                yield sent
        await self.refresh()

    async def follow_or_poll(self) -> AsyncIterator[str | bytes]:
        try:
            async for sent in self.follow():
                yield sent
            await self.refresh()
        except (StreamExpired, StreamUnavailable):
            pass
        if self.answer.is_running:
            await asyncio.sleep(POLL_SECONDS)
            yield await self.stored_text()

    async def refresh(self) -> None:
        await run_in_db_thread_with_retry(self.reload)

    def reload(self) -> None:
        """Load the answer as it is now, with its conversation. Raises Message.DoesNotExist."""
        found = CURRENT.first(id=self.answer.pk)
        if found is None:
            raise Message.DoesNotExist
        self.answer = found

    async def follow(self) -> AsyncIterator[str | bytes]:
        """The event log from `after` to its end."""
        async for events in streams.read(str(self.answer.pk), self.after):
            updates = [event for event in events if event.kind == "update"]
            if updates:
                async for sent in self.update(updates):
                    yield sent
            elif not events:
                yield KEEP_ALIVE
                await self.refresh()
                if not self.answer.is_running:
                    return

    async def update(self, events: Sequence[Event]) -> AsyncIterator[str | bytes]:
        """A message that is the same for all readers at this place, and what waits if it changed."""
        key = (self.answer.pk, self.after, events[0].id, self.language)
        data, waiting = shared(key, events[-1], lambda: self.update_message(events))
        self.after = events[-1].id
        yield data
        if waiting is not None and waiting != self.waiting:
            self.waiting = waiting
            yield message(await run_in_db_thread_with_retry(self.waiting_messages))

    def update_message(self, events: Sequence[Event]) -> tuple[bytes, str | None]:
        """The message for these events, and the id of the waiting message if they tell it."""
        html, number = merge_updates([event.data for event in events]), events[-1].id
        # The first update replaces the content, which may come from an earlier poll.
        replaces = not self.after or "starts_over" in html
        swap = "innerHTML" if replaces else "beforeend"
        partials = [
            self.partial(place, way, with_sentence(html.get(place, ""), self.language))
            for place, way in (("done", swap), ("tail", "innerHTML"))
            if replaces or place in html
        ]
        if replaces or "thinking" in html:
            partials.append(self.partial("thought", swap, html.get("thinking", "")))
        # The page has been rendered with the seconds of thinking that goes on.
        if "thinks" in html and (self.after or not html["thinks"]):
            partials.append(self.summary(bool(html["thinks"]), int(html["thinking_ms"])))
        # Only the last one has the id: who got a part of them resumes before all of them.
        sent = message(*partials, id=None if "added" in html else number) if partials else ""
        if "added" in html:
            sent += added_text(html["added"], html["closing"], id=number)
        return sent.encode(), html.get("waiting")

    def partial(self, place: str, swap: str, html: str) -> str:
        return partial(f"m-{self.answer.pk}-{place}", swap, html)

    def summary(self, thinks: bool, thinking_ms: int | None) -> str:
        context = {"thinks": thinks, "thinking_ms": thinking_ms}
        with override(self.language):
            html = render_to_string("chat/thinking_summary.html", context)
        return self.partial("thinking-summary", "innerHTML", html.strip())

    async def stored_text(self) -> str:
        """The stored text, replacing the content of the page; resets `after`."""
        self.after = 0
        html = await run_in_db_thread_with_retry(self.stored_html)
        return message(
            self.partial("done", "innerHTML", html),
            self.partial("tail", "innerHTML", ""),
            self.partial("thought", "innerHTML", escape(self.answer.thinking, quote=False)),
            self.summary(self.answer.is_thinking, self.answer.thinking_ms),
            await run_in_db_thread_with_retry(self.waiting_messages),
            id=0,
        )

    def stored_html(self) -> str:
        self.reload()
        return render(self.answer.text)

    def waiting_messages(self) -> str:
        """The messages of the conversation that wait or returned, in place of those shown."""
        waiting = WAITING.all(conversation=self.answer.conversation_id)
        context = {"waiting_messages": waiting, "conversation": self.answer.conversation}
        with override(self.language):
            html = render_to_string("chat/waiting_messages.html", context, self.request)
        return partial("waiting", "innerHTML", html)

    def final_event(self) -> str:
        """The complete answer with its thumbs, replacing the streamed one, what was sent after it,
        and the end event."""
        answer = ENDED.first(id=self.answer.pk)
        if answer is None:
            raise Message.DoesNotExist
        prefetch_related_objects([answer], *message_prefetch())
        context = {"message": answer, "awaits_title": is_title_expected(answer)}
        with override(self.language):
            html = render_to_string("chat/message.html", context, self.request)
            following = render_to_string("chat/messages.html", later(answer), self.request)
        return (
            message(
                partial(f"m-{answer.pk}", "outerHTML", html),
                self.waiting_messages(),
                partial("thread", "beforeend", following),
            )
            + END
        )


def later(answer: Message) -> dict[str, list[Message]]:
    """The visible messages after an answer, as a template's context."""
    if not CHILD.first(parent=answer.pk):
        return {"messages": []}
    path = answer.conversation.path()
    messages = path[path.index(answer) + 1 :] if answer in path else []
    prefetch_related_objects(messages, *message_prefetch())
    return {"messages": messages}


def deleted_event(request: HttpRequest, pk: UUID) -> str:
    """A sentence in place of the answer, whose conversation was deleted, and the end event."""
    html = render_to_string("chat/answer_deleted.html", {"pk": pk}, request)
    return message(partial(f"m-{pk}", "outerHTML", html), partial("waiting", "innerHTML", "")) + END
