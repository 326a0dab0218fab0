"""GET /m/<uuid>/images/<n>/: an image of a message, for who may read the message."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from chatapp.current_user import HtmxRequest, person_of
from chatapp.images.responses import shown
from chatapp.models import Message


@require_safe
def image(request: HtmxRequest, pk: UUID, number: int) -> HttpResponse:
    message = get_object_or_404(Message.objects.readable_by(person_of(request)), pk=pk)
    response = shown(message, number)
    if response is None:
        raise Http404
    return response
