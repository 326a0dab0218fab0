"""Versions of what was said: another answer, another wording of the question, and paging."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chatapp.current_user import HtmxRequest, person_of
from chatapp.forms import MessageForm
from chatapp.models import Message
from chatapp.submission import Refused, ask, ask_anew
from chatapp.views import responses


def own(request: HtmxRequest, pk: UUID, **which: str) -> Message:
    messages = Message.objects.readable_by(person_of(request)).filter(**which)
    return get_object_or_404(messages.select_related("conversation__user"), pk=pk)


@require_POST
def regenerate(request: HtmxRequest, pk: UUID) -> HttpResponse:
    answer = own(request, pk, role=Message.Role.ASSISTANT)
    try:
        another = ask_anew(answer.conversation.user, answer)
    except Refused as refused:
        return responses.problem(request, refused.words, refused.status)
    return responses.turned(request, another, focus=another.pk)


@require_POST
def show(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """Page to this version of an answer or question; the conversation goes on from there."""
    message = own(request, pk)
    message.conversation.show(message)
    return responses.turned(request, message)


@require_safe
def message(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """The place of one message; its fragment is what takes an edit back."""
    return responses.message(request, own(request, pk), focus=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """Word a question otherwise. The first wording stays, as a version to page back to."""
    question = own(request, pk, role=Message.Role.USER)
    if request.method == "POST":
        return reword(request, question)
    return responses.editing(request, question, MessageForm(initial={"message": question.text}))


def reword(request: HtmxRequest, question: Message) -> HttpResponse:
    form = MessageForm(request.POST, has_images=bool(question.images))
    if not form.is_valid():
        return responses.editing(request, question, form, 422)
    person, said = question.conversation.user, form.cleaned_data
    try:
        answer = ask(person, question.conversation, said["message"], question, once=said["once"])
    except Refused as refused:
        form.add_error(None, refused.words)
        return responses.editing(request, question, form, refused.status)
    reworded = get_object_or_404(answer.conversation.messages, pk=answer.parent_id)
    return responses.turned(request, reworded, focus=reworded.pk)
