"""What a chat page shows, gathered in a handful of queries however long it is."""

from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from chatapp import listing
from chatapp.forms import MessageForm
from chatapp.models import Assistant, Conversation, Message
from chatapp.people import HtmxRequest, person_of


class SeeOther(HttpResponseRedirect):
    """What was posted is done; it is shown there."""

    status_code = 303


def sidebar(request: HtmxRequest) -> dict[str, Any]:
    return {"sidebar": listing.sidebar(person_of(request))}


def thread(conversation: Conversation) -> dict[str, Any]:
    messages = conversation.path()
    # Thumbs are shown by an app that this one knows by name only.
    prefetch_related_objects(messages, "ratings__reasons")
    running = any(message.is_running for message in messages)
    return {"conversation": conversation, "thread": messages, "running": running}


def home(request: HtmxRequest, form: MessageForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "assistants": Assistant.objects.offered(), **sidebar(request)}
    return render(request, "chat/home.html", context, status=status)


def conversation(
    request: HtmxRequest,
    conversation: Conversation,
    form: MessageForm,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {**thread(conversation), **sidebar(request), "form": form, **more}
    return render(request, "chat/conversation.html", context, status=status)


def refused(
    request: HtmxRequest, form: MessageForm, status: int, to: Conversation | None = None
) -> HttpResponse:
    """A message that wasn't taken: the words next to the composer, which keeps the text."""
    if request.htmx:
        return problem(request, form.problem, status)
    if to is None:
        return home(request, form, status)
    return conversation(request, to, form, status)


def problem(request: HtmxRequest, words: str, status: int) -> HttpResponse:
    """A refusal in words, for the place next to what was sent; without htmx, on a page."""
    template = "errors/problem.html" if request.htmx else "errors/refused.html"
    return render(request, template, {"problem": words, "status": status}, status=status)


def message(request: HtmxRequest, message: Message, focus: UUID | None = None) -> HttpResponse:
    """One message for its place in the thread; without htmx, the page it is on."""
    if request.htmx:
        return render(request, "chat/message.html", {"message": message, "focus": focus})
    return see(message.conversation, message)


def see_menu(request: HtmxRequest, conversation: Conversation) -> HttpResponse:
    """The conversation's menu, open as it was; without htmx, the conversation."""
    if not request.htmx:
        return see(conversation)
    context = {"conversation": conversation, "menu_open": True, **sidebar(request)}
    return render(request, "chat/renamed.html", context)


def editing(
    request: HtmxRequest, question: Message, form: MessageForm, status: int = 200
) -> HttpResponse:
    """A question as a form in its place; with htmx, what is wrong with it in words."""
    if request.htmx and status != 200:
        return problem(request, form.problem, status)
    edited = {"editing": question.pk, "edit_form": form}
    if request.htmx:
        return render(request, "chat/question.html", {"message": question, **edited})
    return conversation(request, question.conversation, MessageForm(), status, **edited)


def turned(request: HtmxRequest, message: Message, focus: UUID | None = None) -> HttpResponse:
    """The thread, turned to this version of a message; without htmx, the page it is on."""
    if not request.htmx:
        return see(message.conversation, message)
    context = {**thread(message.conversation), "turned": message.pk, "focus": focus}
    return render(request, "chat/thread.html", context)


def see(conversation: Conversation, message: Message | None = None) -> HttpResponse:
    """The conversation, at a message."""
    anchor = f"#m-{message.pk}" if message else ""
    return SeeOther(conversation.get_absolute_url() + anchor)
