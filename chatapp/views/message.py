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
from chatapp.submission import SubmissionRejected, ask, regenerate_answer, retry_answer
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
    """The answer as it was written, in Markdown."""
    return HttpResponse(own_answer(request, pk).text, content_type="text/plain; charset=utf-8")


@require_POST
def stop(request: HtmxRequest, pk: UUID) -> HttpResponse:
    answer = own_answer(request, pk)
    runner.stop(answer)
    answer.refresh_from_db()
    if request.htmx and answer.is_running:
        return HttpResponse(status=204)  # the stream that the page listens to brings the end
    return responses.message(request, answer)


@require_POST
def retry(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """The new answer takes the place of the one that came to nothing."""
    failed = own_answer(request, pk)
    try:
        answer = retry_answer(failed.conversation.user, failed)
    except SubmissionRejected as refused:
        return responses.problem(request, refused.words, refused.status)
    return responses.message(request, answer)


@require_POST
def regenerate(request: HtmxRequest, pk: UUID) -> HttpResponse:
    answer = own_answer(request, pk)
    try:
        another = regenerate_answer(answer.conversation.user, answer)
    except SubmissionRejected as refused:
        return responses.problem(request, refused.words, refused.status)
    return responses.thread_at_version(request, another, focus=another.pk)


@require_POST
def show(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """Page to this version of an answer or question; the conversation goes on from there."""
    message = own_message(request, pk)
    message.conversation.show(message)
    return responses.thread_at_version(request, message)


@require_safe
def message(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """The place of one message; its fragment is what takes an edit back."""
    return responses.message(request, own_message(request, pk), focus=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """Word a question otherwise. The first wording stays, as a version to page back to."""
    question = own_message(request, pk, Message.Role.USER)
    if request.method == "POST":
        return reword(request, question)
    return responses.editing(request, question, MessageForm(initial={"message": question.text}))


def reword(request: HtmxRequest, question: Message) -> HttpResponse:
    form = MessageForm(request.POST, has_images=bool(question.images))
    if not form.is_valid():
        return responses.editing(request, question, form, 422)
    person, said = question.conversation.user, form.cleaned_data
    try:
        answer = ask(
            person,
            question.conversation,
            said["message"],
            question,
            idempotency_key=said["idempotency_key"],
        )
    except SubmissionRejected as refused:
        form.add_error(None, refused.words)
        return responses.editing(request, question, form, refused.status)
    reworded = get_object_or_404(answer.conversation.messages, pk=answer.parent_id)
    return responses.thread_at_version(request, reworded, focus=reworded.pk)


@require_safe
def image(request: HtmxRequest, pk: UUID, number: int) -> HttpResponse:
    response = image_response(own_message(request, pk), number)
    if response is None:
        raise Http404
    return response
