"""Views of one message: stop, retry, regenerate, edit, page its versions, source, image."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chatapp.current_user import HtmxRequest, current_user
from chatapp.forms import MessageForm
from chatapp.generation import runner
from chatapp.images.responses import image_response
from chatapp.models import Message
from chatapp.submission import (
    SubmissionRejected,
    ask,
    check_guest_quota,
    regenerate_answer,
    retry_answer,
)
from chatapp.views import responses


def own_message(request: HtmxRequest, pk: UUID, role: Message.Role | None = None) -> Message:
    """A message that the current user may read, of this role. Raises Http404."""
    messages = Message.objects.readable_by(current_user(request))
    if role:
        messages = messages.filter(role=role)
    return get_object_or_404(messages.select_related("conversation__user"), pk=pk)


def own_answer(request: HtmxRequest, pk: UUID) -> Message:
    return own_message(request, pk, Message.Role.ASSISTANT)


@require_safe
def source(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """The answer's Markdown source."""
    return HttpResponse(own_answer(request, pk).text, content_type="text/plain; charset=utf-8")


@require_POST
def stop(request: HtmxRequest, pk: UUID) -> HttpResponse:
    answer = own_answer(request, pk)
    runner.stop(answer)
    answer.refresh_from_db()
    if request.htmx and answer.is_running:
        return HttpResponse(status=204)  # the page's event stream delivers the final message
    return responses.ended_answer(request, answer)


@require_POST
def retry(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """Generate another answer to the question of a failed one; returns it for the same place."""
    failed = own_answer(request, pk)
    try:
        check_guest_quota(request)
        answer = retry_answer(failed.conversation.user, failed)
    except SubmissionRejected as rejection:
        return responses.problem(request, rejection.message, rejection.status)
    return responses.message(request, answer)


@require_POST
def regenerate(request: HtmxRequest, pk: UUID) -> HttpResponse:
    answer = own_answer(request, pk)
    try:
        check_guest_quota(request)
        another = regenerate_answer(answer.conversation.user, answer)
    except SubmissionRejected as rejection:
        return responses.problem(request, rejection.message, rejection.status)
    return responses.thread_at_version(request, another, focus=another.pk)


@require_POST
def show(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """Switch to this version of an answer or question; the conversation continues from it."""
    message = own_message(request, pk)
    message.conversation.select_version(message)
    return responses.thread_at_version(request, message)


@require_safe
def message(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """Redirect to a message's place; for htmx the message, which also cancels an edit."""
    return responses.message(request, own_message(request, pk), focus=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """Edit a question. The original stays as a version."""
    question = own_message(request, pk, Message.Role.USER)
    if request.method == "POST":
        return save_edit(request, question)
    return responses.edit_form(request, question, MessageForm(initial={"message": question.text}))


def save_edit(request: HtmxRequest, question: Message) -> HttpResponse:
    form = MessageForm(request.POST, has_images=bool(question.images))
    if not form.is_valid():
        return responses.edit_form(request, question, form, 422)
    conversation = question.conversation
    text, key = form.cleaned_data["message"], form.cleaned_data["idempotency_key"]
    try:
        check_guest_quota(request)
        answer = ask(conversation.user, conversation, text, question, idempotency_key=key)
    except SubmissionRejected as rejection:
        form.add_error(None, rejection.message)
        return responses.edit_form(request, question, form, rejection.status)
    reworded = get_object_or_404(answer.conversation.messages, pk=answer.parent_id)
    return responses.thread_at_version(request, reworded, focus=reworded.pk)


@require_safe
def image(request: HtmxRequest, pk: UUID, number: int) -> HttpResponse:
    response = image_response(own_message(request, pk), number)
    if response is None:
        raise Http404
    return response
