"""State of a conversation: pin, archive, delete, restore."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from chatapp.current_user import HtmxRequest, current_user
from chatapp.generation import runner
from chatapp.models import Conversation
from chatapp.views import responses
from chatapp.views.conversation import own_conversation


@require_POST
def pin(request: HtmxRequest, pk: UUID) -> HttpResponse:
    conversation = own_conversation(request, pk)
    conversation.pin(requested_state(request))
    return responses.menu_response(request, conversation)


@require_POST
def archive(request: HtmxRequest, pk: UUID) -> HttpResponse:
    conversation = own_conversation(request, pk)
    conversation.archive(requested_state(request))
    return responses.menu_response(request, conversation)


@require_POST
def delete(request: HtmxRequest, pk: UUID) -> HttpResponse:
    conversation = own_conversation(request, pk)
    conversation.soft_delete()
    for answer in conversation.messages.running():
        runner.stop(answer)
    if conversation.is_temporary:
        conversation.delete()
        notices.success(request, _("The temporary chat was deleted."))
        return responses.SeeOther(reverse("home"))
    words = ngettext(
        "“%(title)s” was deleted. You can restore it for %(count)d day.",
        "“%(title)s” was deleted. You can restore it for %(count)d days.",
        settings.DELETED_KEEP_DAYS,
    ) % {"title": conversation, "count": settings.DELETED_KEEP_DAYS}
    notices.success(request, words, extra_tags=reverse("restore", args=[conversation.pk]))
    return responses.SeeOther(reverse("home"))


@require_POST
def restore(request: HtmxRequest, pk: UUID) -> HttpResponse:
    deleted = Conversation.objects.deleted_by(current_user(request))
    conversation = get_object_or_404(deleted, pk=pk)
    conversation.restore()
    return responses.redirect_to(conversation)


def requested_state(request: HtmxRequest) -> bool:
    """The requested state. No toggle, so that a repeated request is idempotent."""
    return request.POST.get("wanted") != "0"
