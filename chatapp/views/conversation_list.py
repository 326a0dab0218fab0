"""Lists of conversations: current, archived, deleted."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chatapp.current_user import HtmxRequest, current_user
from chatapp.models import Conversation
from chatapp.models.conversation import ConversationQuerySet
from chatapp.pagination import conversation_page, parse_cursor
from chatapp.views import responses


@require_safe
def conversations(request: HtmxRequest) -> HttpResponse:
    own = Conversation.objects.owned_by(current_user(request)).listed().filter(pinned_at=None)
    return list_response(request, "current", own)


@require_safe
def archived(request: HtmxRequest) -> HttpResponse:
    return list_response(
        request, "archived", Conversation.objects.owned_by(current_user(request)).archived()
    )


@require_safe
def deleted(request: HtmxRequest) -> HttpResponse:
    return list_response(request, "deleted", Conversation.objects.deleted_by(current_user(request)))


def list_response(
    request: HtmxRequest, name: str, conversations: ConversationQuerySet
) -> HttpResponse:
    """A page of the list; for htmx only the fragment that replaces the link to it."""
    page = conversation_page(conversations, parse_cursor(request.GET.get("after", "")))
    context = {"listing": page, "list_name": name, "more": request.path}
    if request.htmx:
        return render(request, "chat/conversation_groups.html", context)
    return render(request, "chat/conversation_list.html", {**context, **responses.sidebar(request)})
