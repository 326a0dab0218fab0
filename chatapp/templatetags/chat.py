"""What the chat's templates need to show a message."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from chatapp import markup
from chatapp.failures import Failure, failure_of
from chatapp.models import Assistant, Message

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    return markup.render(text)


@register.simple_tag(takes_context=True)
def byline(context: dict[str, Any], answer: Message) -> str:
    """The name of the assistant that answered, where there is more than one to tell apart."""
    request = context["request"]
    if not hasattr(request, "_tells_assistants"):
        request._tells_assistants = Assistant.objects.count() > 1
    return str(answer.conversation.assistant) if request._tells_assistants else ""


@register.filter
def failure(answer: Message) -> Failure:
    return failure_of(answer)
