"""One answer: stopped while it is written, tried again, or taken along."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from chatapp.current_user import HtmxRequest, person_of
from chatapp.generation import runner
from chatapp.models import Message
from chatapp.submission import Refused, ask_again
from chatapp.views import responses


def own(request: HtmxRequest, pk: UUID) -> Message:
    answers = Message.objects.readable_by(person_of(request)).answers()
    return get_object_or_404(answers.select_related("conversation__user"), pk=pk)


@require_safe
def source(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """The answer as it was written, in Markdown."""
    return HttpResponse(own(request, pk).text, content_type="text/plain; charset=utf-8")


@require_POST
def stop(request: HtmxRequest, pk: UUID) -> HttpResponse:
    answer = own(request, pk)
    runner.stop(answer)
    answer.refresh_from_db()
    if request.htmx and answer.is_running:
        return HttpResponse(status=204)  # the stream that the page listens to brings the end
    return responses.message(request, answer)


@require_POST
def retry(request: HtmxRequest, pk: UUID) -> HttpResponse:
    """The new answer takes the place of the one that came to nothing."""
    failed = own(request, pk)
    try:
        answer = ask_again(failed.conversation.user, failed)
    except Refused as refused:
        return responses.problem(request, refused.words, refused.status)
    return responses.message(request, answer)
