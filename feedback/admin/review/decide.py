"""Review of rated answers one after the other: the queue, saving a decision, what comes next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chatapp.admin.base import ModelAdmin, Route
from feedback.admin.review.decision_form import DecisionForm, history, latest_change, reopening
from feedback.admin.review.diff import diff
from feedback.admin.review.navigation import (
    LIST,
    list_neighbours,
    may_decide,
    queue_order,
    queue_url,
    rating_or_404,
    rating_url,
    require_decider,
    review_of,
    wants_json,
)
from feedback.admin.review.second_opinion import final_opinions, give_opinion, with_own_opinion
from feedback.models import Rating, Review
from feedback.models.reviews.queue import Order, claim_next
from feedback.permissions import MANAGE, current_reviewer


@method_decorator(require_safe)
def queue(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Claim the next review for this reviewer and redirect to its page."""
    require_decider(admin, request)
    order = queue_order(request) or Order.OLDEST
    review = claim_next(current_reviewer(request), order)
    if review is None:
        admin.message_user(request, _("Nothing waits for review."), messages.SUCCESS)
        return redirect(LIST)
    return redirect(queue_url(review, order))


@method_decorator(require_safe)
def prefetch_rules(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Return the speculation rules by which browsers prefetch the next page."""
    where = {"selector_matches": "a[data-ahead]"}
    rule = {"source": "document", "where": where, "eagerness": "immediate"}
    content_type = "application/speculationrules+json"
    return JsonResponse({"prefetch": [rule]}, content_type=content_type)


@method_decorator(require_POST)
def decide(admin: ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    require_decider(admin, request)
    rating, reviewer = rating_or_404(object_id), current_reviewer(request)
    review = review_of(rating)
    is_blind = review.is_blind
    form = DecisionForm(with_own_opinion(review, reviewer), request.POST, is_blind)
    if error := decision_error(request, review, form):
        return reject(admin, request, rating, error)
    changes = form.changes()
    if "to_me" in request.POST and not is_blind:
        changes["assignee"] = reviewer
    # The next one in a list is looked up before the decision changes what the list holds.
    goes_on = request.POST.get("then") == "next"
    next_url = next_in_list_url(admin, request, rating) if goes_on else ""
    if is_blind:
        give_opinion(review, reviewer, changes)
    else:
        review.decide(reviewer, **changes)
    next_url = next_url or next_in_queue_url(admin, request, rating, review)
    if wants_json(request):
        return JsonResponse({"onward": next_url, "seen": latest_change(review)})
    return redirect(next_url)


ROUTES: list[Route] = [
    ("queue/", queue, "queue"),
    ("ahead.json", prefetch_rules, "ahead"),
    ("<path:object_id>/decide/", decide, "decide"),
]


def decision_error(request: HttpRequest, review: Review, form: DecisionForm) -> str:
    """Return why the decision can't be saved; empty where it can."""
    if holder := review.held_by_other(current_reviewer(request)):
        return _("%s is reviewing this answer.") % holder
    if review.is_disputed and not request.user.has_perm(MANAGE):
        return _("Two reviewers differ here: a lead decides.")
    return "" if form.is_valid() else form.error_text()


def next_in_list_url(admin: ModelAdmin, request: HttpRequest, rating: Rating) -> str:
    """Return the next page of the list; empty in the queue and at the list's end."""
    if queue_order(request):
        return ""
    pk = list_neighbours(admin, request, rating).get("next")
    return rating_url(request, pk) if pk else ""


def next_in_queue_url(
    admin: ModelAdmin, request: HttpRequest, rating: Rating, review: Review
) -> str:
    """Claim the queue's next review and return its URL; outside the queue, this page's own."""
    order = queue_order(request)
    if request.POST.get("then") != "next" or not order:
        return rating_url(request, rating.pk)
    following = claim_next(current_reviewer(request), order, review)
    if following is None:
        admin.message_user(request, _("Nothing else waits for review."), messages.SUCCESS)
        return reverse(LIST)
    return queue_url(following, order)


def reject(admin: ModelAdmin, request: HttpRequest, rating: Rating, error: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"problem": error}, status=409)
    admin.message_user(request, error, messages.ERROR)
    return redirect(rating_url(request, rating.pk))


def decision_context(admin: ModelAdmin, request: HttpRequest, rating: Rating) -> dict[str, Any]:
    """Return template context of the decision; in the queue, claim the review."""
    reviewer, review = current_reviewer(request), review_of(rating)
    if order := queue_order(request):
        review.claim(reviewer)
    rating.check_evidence()
    own = with_own_opinion(review, reviewer)
    may = may_decide(admin, request)
    may = may and (request.user.has_perm(MANAGE) or not review.is_disputed)
    return {
        "review": own,
        "is_blind": review.is_blind,
        "is_disputed": review.is_disputed,
        "opinions": final_opinions(review),
        "held_by": review.held_by_other(reviewer),
        "form": DecisionForm(own, blind=review.is_blind) if may else None,
        "history": history(review),
        "reopened": reopening(review),
        "diff": diff(rating.message.text, own.correction) if own.correction else "",
        "order": order,
        "query": request.GET.urlencode(),
    }
