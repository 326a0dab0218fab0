"""What of feedback this site has switched on, and whether a request's user may rate."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from feedback.chat.models import Conversation
from feedback.chat.requests import current_user
from feedback.models import GroupRules


def may_rate(request: HttpRequest, own: Conversation) -> bool:
    """In a conversation of theirs. Known with it where it was loaded to be `shown`; else looked up
    once a request, however many answers there are."""
    if hasattr(own, "owner_may_not_rate"):
        return bool(settings.RATINGS) and not own.owner_may_not_rate
    if not hasattr(request, "_may_rate"):
        person = current_user(request)
        request._may_rate = bool(person and GroupRules.objects.may_rate(person))  # type: ignore[attr-defined]
    return request._may_rate  # type: ignore[attr-defined,no-any-return]


def enabled_features(request: HttpRequest) -> dict[str, Any]:
    """For every template."""
    return {
        "ratings": settings.RATINGS,
        "implicit_feedback": settings.IMPLICIT_FEEDBACK,
        "show_corrections": settings.SHOW_CORRECTIONS,
    }
