"""GET /search?q=: full-text search of the current user's conversations."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from chatapp.current_user import HtmxRequest, current_user
from chatapp.models import Conversation, Message
from chatapp.search import MAX_LENGTH, words_of
from chatapp.search.highlight import excerpt, highlight
from chatapp.views import responses

MAX_RESULTS = 30


@dataclass(frozen=True)
class Result:
    conversation: Conversation
    url: str
    title: SafeString
    excerpt: SafeString


@require_safe
def search(request: HtmxRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:MAX_LENGTH]
    context = {"query": text, "results": results(request, text), "shown": MAX_RESULTS}
    if request.htmx:
        template = "palette_results" if "palette" in request.GET else "results"
        return render(request, f"chat/{template}.html", context)
    return render(request, "chat/search.html", {**context, **responses.sidebar(request)})


def results(request: HtmxRequest, text: str) -> list[Result]:
    """The newest matching conversations. Three queries."""
    found = list(Conversation.objects.owned_by(current_user(request)).search(text)[:MAX_RESULTS])
    messages = newest_in(found, text)
    words = words_of(text)
    return [result(each, messages.get(each.pk), words) for each in found]


def newest_in(conversations: list[Conversation], text: str) -> dict[UUID, Message]:
    """The newest matching message of each conversation that has one, by conversation id."""
    matching = Message.objects.filter(conversation__in=conversations).search(text)
    in_time = matching.order_by("created_at").values_list("conversation_id", "pk")
    newest = dict(in_time)
    return {each.conversation_id: each for each in Message.objects.filter(pk__in=newest.values())}


def result(conversation: Conversation, message: Message | None, words: list[str]) -> Result:
    return Result(
        conversation,
        conversation.get_absolute_url() + (f"?at={message.pk}#m-{message.pk}" if message else ""),
        highlight(str(conversation), words),
        excerpt(message.text, words) if message else SafeString(""),
    )
