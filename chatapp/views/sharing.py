"""Shared copies: share, unshare, public page."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chatapp.current_user import HtmxRequest
from chatapp.models import SharedCopy
from chatapp.views import responses
from chatapp.views.conversation import own_conversation


@require_POST
def share(request: HtmxRequest, pk: UUID) -> HttpResponse:
    conversation = own_conversation(request, pk)
    if conversation.is_temporary:
        return responses.problem(
            request, _("A temporary chat can't be shared: it isn't kept."), 409
        )
    SharedCopy.objects.get_or_create_for(conversation)
    conversation.is_shared = True
    return responses.menu_response(request, conversation)


@require_POST
def unshare(request: HtmxRequest, pk: UUID) -> HttpResponse:
    conversation = own_conversation(request, pk)
    conversation.shared_copies.all().revoke()
    conversation.is_shared = False
    return responses.menu_response(request, conversation)


@login_not_required
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    copy = get_object_or_404(SharedCopy.objects.live(), token=token)
    response = render(request, "chat/shared.html", {"copy": copy})
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
