"""What a chat page shows, gathered in a handful of queries however long it is."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, prefetch_related_objects
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise

from chatapp import pagination
from chatapp.current_user import HtmxRequest, current_user
from chatapp.forms import MessageForm
from chatapp.models import Assistant, Conversation, Message, SharedCopy
from chatapp.models.conversation import ConversationQuerySet
from chatapp.pagination import THREAD_PAGE, Stretch, newest


class SeeOther(HttpResponseRedirect):
    """What was posted is done; it is shown there."""

    status_code = 303


def with_page_annotations(conversations: ConversationQuerySet) -> ConversationQuerySet:
    """With all that a page says of a conversation besides its messages."""
    another = Assistant.objects.exclude(pk=OuterRef("assistant_id"))
    copy = SharedCopy.objects.live().filter(conversation=OuterRef("pk"))
    # Where these are known the properties of that name don't ask.
    known = {"is_one_of_several": Exists(another), "is_shared": Exists(copy)}
    # What an app that this one knows by name only has to know of the owner's groups.
    unasked = Group.objects.filter(user=OuterRef("user"), chat_rules__may_rate=False)
    known["owner_may_not_rate"] = Exists(unasked)
    return conversations.annotate(**known).select_related("user", "assistant")


def sidebar(request: HtmxRequest) -> dict[str, Any]:
    return {"sidebar": pagination.sidebar(current_user(request))}


def thread(conversation: Conversation, shown: Stretch) -> dict[str, Any]:
    # Thumbs are shown by an app that this one knows by name only.
    prefetch_related_objects(shown.messages, "ratings__reasons")
    running = any(message.is_running for message in shown.messages)
    return {"conversation": conversation, "thread": shown, "running": running}


def home(request: HtmxRequest, form: MessageForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "assistants": Assistant.objects.offered(), **sidebar(request)}
    return render(request, "chat/home.html", context, status=status)


def page(
    request: HtmxRequest,
    conversation: Conversation,
    form: MessageForm,
    status: int = 200,
    shown: Stretch | None = None,
    **more: Any,
) -> HttpResponse:
    """The page, with the end of the conversation or another stretch of it."""
    said = thread(conversation, shown or newest(conversation))
    context = {**said, **sidebar(request), "form": form, **more}
    return render(request, "chat/conversation.html", context, status=status)


def messages(request: HtmxRequest, conversation: Conversation, shown: Stretch) -> HttpResponse:
    """A stretch of it, for a page that has what comes after; without htmx, a page of its own."""
    if not request.htmx:
        return page(request, conversation, MessageForm(), shown=shown)
    return render(request, "chat/thread.html", thread(conversation, shown))


def rejection_response(
    request: HtmxRequest, form: MessageForm, status: int, to: Conversation | None = None
) -> HttpResponse:
    """A message that wasn't taken: the words next to the composer, which keeps text and images."""
    if request.htmx:
        return problem(request, form.problem, status)
    form.keep_images()
    if to is None:
        return home(request, form, status)
    return page(request, to, form, status)


def problem(request: HtmxRequest, words: str | Promise, status: int) -> HttpResponse:
    """A refusal in words, for the place next to what was sent; without htmx, on a page."""
    template = "errors/problem.html" if request.htmx else "errors/problem_page.html"
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
    return render(request, "chat/header_update.html", context)


def editing(
    request: HtmxRequest, question: Message, form: MessageForm, status: int = 200
) -> HttpResponse:
    """A question as a form in its place; with htmx, what is wrong with it in words."""
    if request.htmx and status != 200:
        return problem(request, form.problem, status)
    edited: dict[str, Any] = {"editing": question.pk, "edit_form": form}
    if request.htmx:
        return render(request, "chat/question.html", {"message": question, **edited})
    shown = newest(question.conversation, down_from=question.pk)
    return page(request, question.conversation, MessageForm(), status, shown, **edited)


def thread_at_version(
    request: HtmxRequest, message: Message, focus: UUID | None = None
) -> HttpResponse:
    """The thread with this version of a message; without htmx, the page it is on."""
    if not request.htmx:
        return see(message.conversation, message)
    shown = newest(message.conversation, down_from=message.pk)
    context = {
        **thread(message.conversation, shown),
        "shown_version": message.pk,
        "focus": focus,
    }
    return render(request, "chat/thread.html", context)


def see(conversation: Conversation, message: Message | None = None) -> HttpResponse:
    """The conversation, at a message."""
    return SeeOther(address(conversation, message))


def address(conversation: Conversation, message: Message | None) -> str:
    """Where a message is seen in its conversation; one that is far up has to be asked for."""
    url = conversation.get_absolute_url()
    if message is None:
        return url
    newer = conversation.messages.filter(created_at__gt=message.created_at)
    at = f"?at={message.pk}" if newer[:THREAD_PAGE].count() >= THREAD_PAGE else ""
    return f"{url}{at}#m-{message.pk}"
