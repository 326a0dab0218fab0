"""Template tags for corrections shown to the current user under rated answers."""

from typing import Any

from django import template
from django.http import HttpRequest

from feedback.chat.models import Conversation, Message
from feedback.chat.requests import current_user
from feedback.models import Review

register = template.Library()


class ShownCorrections:
    """Corrections shown to the current user: one query, and a second for their texts if any."""

    def __init__(self, request: HttpRequest) -> None:
        user = current_user(request)
        shown = Review.objects.shown_to(user) if user else Review.objects.none()
        self.shown = shown.select_related("rating")
        self.places = list(
            shown.values_list("rating__message__conversation", "rating__message", "dismissed_at")
        )
        self.texts: dict[Any, Review] | None = None

    def of(self, message: Message) -> Review | None:
        if not any(pk == message.pk for _conversation, pk, _dismissed in self.places):
            return None
        if self.texts is None:
            here = self.shown.filter(rating__message__conversation=message.conversation_id)
            self.texts = {review.rating.message_id: review for review in here}
        return self.texts.get(message.pk)

    def are_new_in(self, conversation: Conversation) -> bool:
        return any(
            where == conversation.pk and dismissed is None for where, _pk, dismissed in self.places
        )


def shown_corrections(context: dict[str, Any]) -> ShownCorrections:
    """The request's corrections, loaded once for all messages and conversations of the page."""
    request = context["request"]
    if not hasattr(request, "_shown_corrections"):
        request._shown_corrections = ShownCorrections(request)
    return request._shown_corrections  # type: ignore[no-any-return]


@register.simple_tag(takes_context=True)
def correction_for(context: dict[str, Any], message: Message) -> Review | None:
    return shown_corrections(context).of(message) if message.is_answer else None


@register.simple_tag(takes_context=True)
def has_new_correction(context: dict[str, Any], conversation: Conversation) -> bool:
    return shown_corrections(context).are_new_in(conversation)
