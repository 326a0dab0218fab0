"""Who asks at the desk, for what, on the way through which list."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.urls import reverse

from chatapp.models import User
from feedback.models import Rating, Review
from feedback.models.implicit_feedback import implicit_score
from feedback.models.reviews.queue import Order

DECIDE = "feedback.change_review"
MANAGE = "feedback.manage_reviews"
LIST = "admin:feedback_rating_changelist"


def current_reviewer(request: HttpRequest) -> User:
    return cast(User, request.user)


def review_of(rating: Rating) -> Review:
    """A rating that came in by another way than a click may have none yet."""
    try:
        return rating.review
    except Review.DoesNotExist:
        return Review.objects.begin(rating, implicit_score(rating.message))


def order_of(request: HttpRequest) -> str:
    """The queue's order where one goes through it; empty where one goes through a list."""
    asked = request.GET.get("queue", "")
    return asked if asked in Order.values else ""


def in_queue(review: Review, order: str) -> str:
    url = reverse("admin:feedback_rating_change", args=[review.rating_id])
    return f"{url}?queue={order}"


def page_of(request: HttpRequest, rating_pk: int) -> str:
    """One rated answer, on the way through the same list."""
    url = reverse("admin:feedback_rating_change", args=[rating_pk])
    query = request.GET.urlencode()
    return f"{url}?{query}" if query else url


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"
