"""Permissions of raters and reviewers, and the features that the settings enable."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from feedback.chat.models import Conversation, User
from feedback.chat.requests import current_user
from feedback.models import GroupRules

VIEW_RATINGS = "feedback.view_rating"
EXPORT_RATINGS = "feedback.export_ratings"
DECIDE = "feedback.change_review"
MANAGE = "feedback.manage_reviews"
RETRY = "feedback.change_delivery"


def current_reviewer(request: HttpRequest) -> User:
    """Return the signed-in user of a page that only staff reach."""
    return cast(User, request.user)


def may_rate(request: HttpRequest, own: Conversation) -> bool:
    """Return whether the current user may rate in a conversation they own. Annotated where the
    conversation was loaded to be `shown`; else looked up once a request."""
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
