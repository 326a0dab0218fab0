"""Request helpers of the review pages: rated answer, right to decide, queue order, URLs."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse

from chatapp.admin.base import ModelAdmin
from feedback.models import Rating, Review
from feedback.models.implicit_feedback import implicit_score
from feedback.models.reviews import history
from feedback.models.reviews.queue import Order, peek
from feedback.permissions import DECIDE, current_reviewer

LIST = "admin:feedback_rating_changelist"


def may_decide(admin: ModelAdmin, request: HttpRequest) -> bool:
    return request.user.has_perm(DECIDE) and admin.has_view_permission(request)


def require_decider(admin: ModelAdmin, request: HttpRequest) -> None:
    if not may_decide(admin, request):
        raise PermissionDenied


def rating_or_404(object_id: str) -> Rating:
    """Return the rated answer with all that its page shows."""
    ratings = Rating.objects.undeleted().select_related(
        "user",
        "delivery",
        "review__category",
        "review__lease_holder",
        "message__conversation__assistant",
        "message__prompt_version__assistant",
    )
    pk = unquote(object_id)
    rating = ratings.filter(pk=int(pk)).first() if pk.isdecimal() else None
    if rating is None:
        raise Http404
    return rating


def review_of(rating: Rating) -> Review:
    """Return the rating's review; create it for a rating that didn't come in by a click."""
    try:
        return rating.review
    except Review.DoesNotExist:
        return Review.objects.begin(rating, implicit_score(rating.message))


def queue_order(request: HttpRequest) -> str:
    """Return the queue's order; empty where the reviewer goes through a list."""
    order = request.GET.get("queue", "")
    return order if order in Order.values else ""


def queue_url(review: Review, order: str) -> str:
    """Return the URL of a review's page within the queue."""
    url = reverse("admin:feedback_rating_change", args=[review.rating_id])
    return f"{url}?queue={order}"


def rating_url(request: HttpRequest, rating_pk: int) -> str:
    """Return the URL of a rated answer's page within the same list or queue as this request."""
    url = reverse("admin:feedback_rating_change", args=[rating_pk])
    query = request.GET.urlencode()
    return f"{url}?{query}" if query else url


def list_query(admin: ModelAdmin, request: HttpRequest) -> QueryDict:
    """Return the query string of the list that the reviewer came from."""
    preserved = QueryDict(admin.get_preserved_filters(request))
    return QueryDict(preserved.get("_changelist_filters", ""))


def list_neighbours(admin: ModelAdmin, request: HttpRequest, rating: Rating) -> dict[str, Any]:
    """Return template context: next and previous in the list that the reviewer came from."""
    list_request: Any = copy(request)
    list_request.GET = list_query(admin, request)
    context: dict[str, Any] = {
        "preserved_filters": admin.get_preserved_filters(request),
        "list_filters": list_request.GET.urlencode(),
    }
    try:
        changelist: Any = admin.get_changelist_instance(list_request)
    except IncorrectLookupParameters:
        return context
    return {
        **context,
        "next": changelist.next(rating),
        "previous": changelist.previous(rating),
    }


def queue_neighbours(request: HttpRequest, review: Review) -> dict[str, Any]:
    """Return template context: the reviewer's previous answer in the queue, and the one they
    reviewed after this; after the last of these, what the queue would give next."""
    reviewer, order = current_reviewer(request), queue_order(request)
    previous, following = history.neighbours(reviewer, review)
    if following is None and (waiting := peek(reviewer, order, review)):
        following = waiting.rating_id
    return {"next": following, "previous": previous, "preserved_filters": f"queue={order}"}


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"
