"""How many mentions a member of staff hasn't read, for the admin's header."""

from typing import Any

from django import template

from feedback.models import Mention

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_mentions(context: dict[str, Any]) -> int:
    """One query, by the index of what is unread."""
    return Mention.objects.inbox_of(context["request"].user).unread().count()
