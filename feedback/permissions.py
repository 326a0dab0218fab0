"""Enabled features of feedback, and whether a request's user may rate."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from feedback.chat.models import Conversation
from feedback.chat.requests import current_user
from feedback.models import GroupRules


def may_rate(request: HttpRequest, own: Conversation) -> bool:
    """Whether the current user may rate in a conversation of their own.
    Read from the conversation's annotation if it has one, else once per request."""
    if hasattr(own, "owner_may_not_rate"):
        return bool(settings.RATINGS) and not own.owner_may_not_rate
    if not hasattr(request, "_may_rate"):
        user = current_user(request)
        request._may_rate = bool(user and GroupRules.objects.may_rate(user))  # type: ignore[attr-defined]
    return request._may_rate  # type: ignore[attr-defined,no-any-return]


def enabled_features(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the enabled features, for every template."""
    return {
        "ratings": settings.RATINGS,
        "implicit_feedback": settings.IMPLICIT_FEEDBACK,
        "show_corrections": settings.SHOW_CORRECTIONS,
    }
