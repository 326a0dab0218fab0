"""Template tags and filters for messages."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from chatapp import markdown as markup
from chatapp.error_messages import ErrorMessage, error_message_for
from chatapp.models import Assistant, Conversation, Message

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    return markup.render(text)


@register.filter
def seconds(milliseconds: int | None) -> int:
    """Whole seconds, at least one; 0 if the time is unknown."""
    return max(1, round(milliseconds / 1000)) if milliseconds else 0


@register.filter
def byline(answer: Message) -> str:
    """The answer's assistant, if there are several; else empty."""
    conversation = answer.conversation
    return str(conversation.assistant) if conversation.has_other_assistants else ""


@register.simple_tag
def takes_images(conversation: Conversation | str, assistants: Iterable[Assistant] | str) -> bool:
    """Whether the conversation's assistant, or one of those offered, accepts images."""
    if not settings.IMAGES_PER_MESSAGE:
        return False
    if isinstance(conversation, Conversation):
        return conversation.assistant.sees_images
    return any(assistant.sees_images for assistant in assistants if not isinstance(assistant, str))


@register.simple_tag
def new_idempotency_key() -> UUID:
    """A key for a form that is rendered outside of a view: see IdempotencyKeyField."""
    return uuid4()


@register.filter
def failure(answer: Message) -> ErrorMessage:
    return error_message_for(answer)
