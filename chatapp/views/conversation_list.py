"""Conversations as lists: the current ones, the archived ones, the deleted ones."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chatapp.current_user import HtmxRequest, current_user
from chatapp.models import Conversation
from chatapp.models.conversation import ConversationQuerySet
from chatapp.pagination import listing, place_from
from chatapp.views import responses


@require_safe
def conversations(request: HtmxRequest) -> HttpResponse:
    own = Conversation.objects.of(current_user(request)).listed().filter(pinned_at=None)
    return conversation_page(request, "current", own)


@require_safe
def archived(request: HtmxRequest) -> HttpResponse:
    return conversation_page(
        request, "archived", Conversation.objects.of(current_user(request)).archived()
    )


@require_safe
def deleted(request: HtmxRequest) -> HttpResponse:
    return conversation_page(
        request, "deleted", Conversation.objects.deleted_by(current_user(request))
    )


def conversation_page(
    request: HtmxRequest, name: str, conversations: ConversationQuerySet
) -> HttpResponse:
    """A page of it; for htmx only what goes in the place of the link to it."""
    page = listing(conversations, place_from(request.GET.get("after", "")))
    context = {"listing": page, "list_name": name, "more": request.path}
    if request.htmx:
        return render(request, "chat/conversation_groups.html", context)
    return render(request, "chat/conversation_list.html", {**context, **responses.sidebar(request)})
