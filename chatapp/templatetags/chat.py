"""What the chat's templates need to show a message."""

from django import template
from django.utils.safestring import SafeString

from chatapp import markup
from chatapp.failures import Failure, failure_of
from chatapp.models import Message

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    return markup.render(text)


@register.filter
def byline(answer: Message) -> str:
    """The name of the assistant that answered, where there is more than one to tell apart."""
    conversation = answer.conversation
    return str(conversation.assistant) if conversation.is_one_of_several else ""


@register.filter
def failure(answer: Message) -> Failure:
    return failure_of(answer)
