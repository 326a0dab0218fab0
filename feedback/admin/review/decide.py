"""Deciding on rated answers, one after the other: what is next, saving a decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.admin.review.decision_form import DecisionForm, history, latest, reopened
from feedback.admin.review.diff import diff
from feedback.admin.review.navigation import (
    LIST,
    MANAGE,
    current_reviewer,
    in_queue,
    order_of,
    page_of,
    review_of,
    wants_json,
)
from feedback.admin.review.second_opinion import as_seen_by, give, opinions
from feedback.admin.review.undo import Route, Undoing
from feedback.models import Rating, Review
from feedback.models.reviews import history as trail
from feedback.models.reviews.queue import Order, claim_next, peek


class Desk(Undoing):
    """What the admin of ratings has for reviewers; `load` and `beside` are the admin's own."""

    def routes(self) -> list[Route]:
        return [
            ("queue/", self.queue_view, "queue"),
            ("ahead.json", self.ahead_view, "ahead"),
            ("<path:object_id>/decide/", self.decide_view, "decide"),
            *super().routes(),
        ]

    @method_decorator(require_safe)
    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """To what is next for this person."""
        self.require_decider(request)
        order = order_of(request) or Order.OLDEST
        review = claim_next(current_reviewer(request), order)
        if review is None:
            self.message_user(request, _("Nothing waits for review."), messages.SUCCESS)
            return redirect(LIST)
        return redirect(in_queue(review, order))

    @method_decorator(require_safe)
    def ahead_view(self, request: HttpRequest) -> HttpResponse:
        """Has a browser that can do so fetch the next page while this one is read."""
        where = {"selector_matches": "a[data-ahead]"}
        rule = {"source": "document", "where": where, "eagerness": "immediate"}
        kind = "application/speculationrules+json"
        return JsonResponse({"prefetch": [rule]}, content_type=kind)

    @method_decorator(require_POST)
    def decide_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        self.require_decider(request)
        rating, person = self.load(object_id), current_reviewer(request)
        review = review_of(rating)
        blind = review.is_blind
        form = DecisionForm(as_seen_by(review, person), request.POST, blind)
        if other := review.held_by_other(person):
            return self.refuse(request, rating, _("%s is reviewing this answer.") % other)
        if review.is_disputed and not request.user.has_perm(MANAGE):
            return self.refuse(request, rating, _("Two reviewers differ here: a lead decides."))
        if not form.is_valid():
            return self.refuse(request, rating, form.words_of_errors())
        changes = form.changes()
        if "to_me" in request.POST and not blind:
            changes["assignee"] = person
        onward = self.onward(request, rating) if request.POST.get("then") == "next" else ""
        if blind:
            give(review, person, changes)
        else:
            review.decide(person, **changes)
        onward = onward or self.after(request, rating, review)
        if wants_json(request):
            return JsonResponse({"onward": onward, "seen": latest(review)})
        return redirect(onward)

    def onward(self, request: HttpRequest, rating: Rating) -> str:
        """Where the next one is in a list, looked up before the decision changes what it holds;
        empty in the queue, where it is claimed after, and at a list's end."""
        if order_of(request):
            return ""
        pk = self.beside(request, rating).get("next")
        return page_of(request, pk) if pk else ""

    def after(self, request: HttpRequest, rating: Rating, review: Review) -> str:
        order = order_of(request)
        if request.POST.get("then") != "next" or not order:
            return page_of(request, rating.pk)
        following = claim_next(current_reviewer(request), order, review)
        if following is None:
            self.message_user(request, _("Nothing else waits for review."), messages.SUCCESS)
            return reverse(LIST)
        return in_queue(following, order)

    def refuse(self, request: HttpRequest, rating: Rating, words: str) -> HttpResponse:
        if wants_json(request):
            return JsonResponse({"problem": words}, status=409)
        self.message_user(request, words, messages.ERROR)
        return redirect(page_of(request, rating.pk))

    def decision(self, request: HttpRequest, rating: Rating) -> dict[str, Any]:
        """What the page of one rated answer needs to decide on it."""
        person, review = current_reviewer(request), review_of(rating)
        if order := order_of(request):
            review.claim(person)
        rating.check_evidence()
        mine = as_seen_by(review, person)
        may = self.may_decide(request)
        may = may and (request.user.has_perm(MANAGE) or not review.is_disputed)
        corrected = mine.correction
        return {
            "review": mine,
            "is_blind": review.is_blind,
            "is_disputed": review.is_disputed,
            "opinions": opinions(review),
            "held_by": review.held_by_other(person),
            "form": DecisionForm(mine, blind=review.is_blind) if may else None,
            "history": history(review),
            "reopened": reopened(review),
            "diff": diff(rating.message.text, corrected) if corrected else "",
            "order": order,
            "query": request.GET.urlencode(),
        }

    def around(self, request: HttpRequest, review: Review) -> dict[str, Any]:
        """In the queue: what this person worked on before, and after; after the last of these,
        what would be next."""
        person, order = current_reviewer(request), order_of(request)
        previous, following = trail.neighbours(person, review)
        if following is None and (waiting := peek(person, order, review)):
            following = waiting.rating_id
        return {"next": following, "previous": previous, "preserved_filters": f"queue={order}"}

    def load(self, object_id: str) -> Rating:
        raise NotImplementedError

    def beside(self, request: HttpRequest, rating: Rating) -> dict[str, Any]:
        raise NotImplementedError
