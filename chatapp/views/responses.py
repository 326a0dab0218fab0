"""Pages and fragments that several views return, in a constant number of queries."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, prefetch_related_objects
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise

from chatapp import extensions, pagination
from chatapp.current_user import HtmxRequest, current_user
from chatapp.forms import MessageForm
from chatapp.models import Assistant, Conversation, Message, SharedCopy, WaitingMessage
from chatapp.models.conversation import ConversationQuerySet
from chatapp.pagination import THREAD_PAGE_SIZE, MessagePage, last_page


class SeeOther(HttpResponseRedirect):
    """Redirect after a successful POST (303)."""

    status_code = 303


def with_page_annotations(conversations: ConversationQuerySet) -> ConversationQuerySet:
    """Annotate all that a page shows of a conversation besides its messages."""
    another = Assistant.objects.exclude(pk=OuterRef("assistant_id"))
    copy = SharedCopy.objects.live().filter(conversation=OuterRef("pk"))
    # Annotations replace the cached properties of the same names, which would query.
    known = {"has_other_assistants": Exists(another), "is_shared": Exists(copy)}
    known |= extensions.conversation_annotations()
    return conversations.annotate(**known).select_related("user", "assistant")


def sidebar(request: HtmxRequest) -> dict[str, Any]:
    return {"sidebar": pagination.sidebar(current_user(request))}


def thread_context(conversation: Conversation, message_page: MessagePage) -> dict[str, Any]:
    # What others add to a message is added to one that has ended.
    ended = [message for message in message_page.messages if not message.is_running]
    if any(message.is_answer for message in ended):
        prefetch_related_objects(ended, *extensions.message_prefetch())
    running = any(message.is_running for message in message_page.messages)
    return {"conversation": conversation, "thread": message_page, "running": running}


def home(request: HtmxRequest, form: MessageForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "assistants": Assistant.objects.offered(), **sidebar(request)}
    return render(request, "chat/home.html", context, status=status)


def page(
    request: HtmxRequest,
    conversation: Conversation,
    form: MessageForm,
    status: int = 200,
    message_page: MessagePage | None = None,
    **more: Any,
) -> HttpResponse:
    """The conversation page with its last messages or those of `message_page`."""
    data = thread_context(conversation, message_page or last_page(conversation))
    waiting = WaitingMessage.objects.of(conversation)
    context = {**data, **sidebar(request), "form": form, "waiting_messages": waiting, **more}
    return render(request, "chat/conversation.html", context, status=status)


def messages(
    request: HtmxRequest, conversation: Conversation, message_page: MessagePage
) -> HttpResponse:
    """Earlier messages as a fragment; without htmx, the conversation page with them."""
    if not request.htmx:
        return page(request, conversation, MessageForm(), message_page=message_page)
    return render(request, "chat/thread.html", thread_context(conversation, message_page))


def rejection_response(
    request: HtmxRequest, form: MessageForm, status: int, to: Conversation | None = None
) -> HttpResponse:
    """A rejected message: the error next to the composer, which keeps text and images."""
    if request.htmx:
        return problem(request, form.problem, status)
    form.stash_images()
    if to is None:
        return home(request, form, status)
    return page(request, to, form, status)


def problem(request: HtmxRequest, words: str | Promise, status: int) -> HttpResponse:
    """An error message as a fragment next to the form; without htmx, as a page."""
    template = "errors/problem.html" if request.htmx else "errors/problem_page.html"
    return render(request, template, {"problem": words, "status": status}, status=status)


def message(request: HtmxRequest, message: Message, focus: UUID | None = None) -> HttpResponse:
    """One message as a fragment; without htmx, a redirect to its place."""
    if request.htmx:
        return render(request, "chat/message.html", {"message": message, "focus": focus})
    return redirect_to(message.conversation, message)


def ended_answer(request: HtmxRequest, answer: Message) -> HttpResponse:
    """An answer that ended, with the messages that waited for it; without htmx, a redirect."""
    if not request.htmx:
        return redirect_to(answer.conversation, answer)
    waiting = WaitingMessage.objects.of(answer.conversation)
    context = {"message": answer, "conversation": answer.conversation, "waiting_messages": waiting}
    return render(request, "chat/answer_end.html", context)


def menu_response(request: HtmxRequest, conversation: Conversation) -> HttpResponse:
    """The conversation's menu, open; without htmx, a redirect to the conversation."""
    if not request.htmx:
        return redirect_to(conversation)
    context = {"conversation": conversation, "menu_open": True, **sidebar(request)}
    return render(request, "chat/header_update.html", context)


def edit_form(
    request: HtmxRequest, question: Message, form: MessageForm, status: int = 200
) -> HttpResponse:
    """The form to edit a question; with htmx and an error status, only the error message."""
    if request.htmx and status != 200:
        return problem(request, form.problem, status)
    context: dict[str, Any] = {"editing": question.pk, "edit_form": form}
    if request.htmx:
        return render(request, "chat/question.html", {"message": question, **context})
    message_page = last_page(question.conversation, including=question.pk)
    return page(request, question.conversation, MessageForm(), status, message_page, **context)


def thread_at_version(
    request: HtmxRequest, message: Message, focus: UUID | None = None
) -> HttpResponse:
    """The thread with this version of a message; without htmx, a redirect to its place."""
    if not request.htmx:
        return redirect_to(message.conversation, message)
    message_page = last_page(message.conversation, including=message.pk)
    context = {
        **thread_context(message.conversation, message_page),
        "shown_version": message.pk,
        "focus": focus,
    }
    return render(request, "chat/thread.html", context)


def redirect_to(conversation: Conversation, message: Message | None = None) -> HttpResponse:
    """Redirect to a conversation, or to a message in it."""
    return SeeOther(message_url(conversation, message))


def message_url(conversation: Conversation, message: Message | None) -> str:
    """URL of a message in its conversation; `at` loads a page of messages that includes it."""
    url = conversation.get_absolute_url()
    if message is None:
        return url
    newer = conversation.messages.filter(created_at__gt=message.created_at)
    at = f"?at={message.pk}" if newer[:THREAD_PAGE_SIZE].count() >= THREAD_PAGE_SIZE else ""
    return f"{url}{at}#m-{message.pk}"
