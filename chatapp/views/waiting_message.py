"""A message that waits for an answer: taken back, it returns to the field."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chatapp import submission
from chatapp.current_user import HtmxRequest
from chatapp.forms import MessageForm
from chatapp.images import storage
from chatapp.images.processing import Image
from chatapp.models import Conversation, Message, WaitingMessage
from chatapp.search import as_uuid
from chatapp.views import responses
from chatapp.views.conversation import own_conversation


@require_POST
def take_back(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """Return the message to the field. If it is gone, then with the text that was posted: the
    response to an earlier request may have been lost."""
    conversation = own_conversation(request, pk)
    waiting_id = as_uuid(request.POST.get("waiting", ""))
    try:
        waiting = waiting_id and submission.take_back(conversation.user, conversation, waiting_id)
    except submission.SubmissionRejected as rejection:
        return responses.problem(request, rejection.message, rejection.status)
    text, problem = request.POST.get("message", ""), ""
    images = []
    if waiting:
        text, problem = waiting.text, reason_of_return(waiting)
        images = storage.load_images(conversation.pk, waiting.images)
    elif was_sent(conversation, waiting_id):
        text, problem = "", _("This message was sent already.")
    return taken_back(request, conversation, text, problem, images)


def reason_of_return(waiting: WaitingMessage) -> str:
    """Why the message was not sent, as a sentence; empty if it still waited."""
    if waiting.is_waiting:
        return ""
    if waiting.problem:
        return waiting.problem
    if waiting.answer.status == Message.Status.STOPPED:
        return _("The answer was stopped, so this message was not sent.")
    return _("The answer was not completed, so this message was not sent.")


def was_sent(conversation: Conversation, waiting_id: UUID | None) -> bool:
    return (
        waiting_id is not None
        and conversation.messages.filter(pk=waiting_id, role=Message.Role.USER).exists()
    )


def taken_back(
    request: HtmxRequest, conversation: Conversation, text: str, problem: str, images: list[Image]
) -> HttpResponse:
    """The field with the text; for htmx fragments of it."""
    form = MessageForm(initial={"message": text})
    form.images = images
    form.stash_images()
    if not request.htmx:
        return responses.page(request, conversation, form)
    context = {
        "conversation": conversation,
        "waiting_messages": WaitingMessage.objects.of(conversation),
        "form": form,
        "text": text,
        "problem": problem,
    }
    return render(request, "chat/taken_back.html", context)
