"""Template tag for the number of unread mentions in the admin's header."""

from typing import Any

from django import template

from feedback.models import Mention

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_mentions(context: dict[str, Any]) -> int:
    """Number of the current user's unread mentions (index `mentions_unread`)."""
    return Mention.objects.inbox_of(context["request"].user).unread().count()
