"""Deciding on rated answers: saving a decision, the queue, undoing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chatapp.models import User
from feedback.admin.decision import DecisionForm, history, latest
from feedback.admin.diff import diff
from feedback.admin.generic import ModelAdmin
from feedback.models import Decision, Rating, Review
from feedback.models.queue import Order, claim_next, peek

DECIDE = "feedback.change_review"
LIST = "admin:feedback_rating_changelist"


class Desk(ModelAdmin):
    """What the admin of ratings has for reviewers; `load` and `beside` are the admin's own."""

    def may_decide(self, request: HttpRequest) -> bool:
        return request.user.has_perm(DECIDE) and self.has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        ours: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("queue/", self.queue_view, "queue"),
            ("ahead.json", self.ahead_view, "ahead"),
            ("undo/", self.undo_last_view, "undo_last"),
            ("undo/<uuid:act>/", self.undo_view, "undo"),
            ("<path:object_id>/decide/", self.decide_view, "decide"),
        ]
        return [
            path(route, self.admin_site.admin_view(view), name=f"feedback_rating_{name}")
            for route, view, name in ours
        ] + super().get_urls()

    @method_decorator(require_safe)
    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """To what is next for this person."""
        self.require_decider(request)
        order = order_of(request) or Order.OLDEST
        review = claim_next(person_of(request), order)
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
        rating, person = self.load(object_id), person_of(request)
        review = review_of(rating)
        form = DecisionForm(review, request.POST)
        if other := review.held_by_other(person):
            return self.refuse(request, rating, _("%s is reviewing this answer.") % other)
        if not form.is_valid():
            return self.refuse(request, rating, form.words_of_errors())
        changes = form.changes()
        if "to_me" in request.POST:
            changes["assignee"] = person
        onward = self.onward(request, rating) if request.POST.get("then") == "next" else ""
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
        return self.page(request, pk) if pk else ""

    def after(self, request: HttpRequest, rating: Rating, review: Review) -> str:
        order = order_of(request)
        if request.POST.get("then") != "next" or not order:
            return self.page(request, rating.pk)
        following = claim_next(person_of(request), order, review)
        if following is None:
            self.message_user(request, _("Nothing else waits for review."), messages.SUCCESS)
            return reverse(LIST)
        return in_queue(following, order)

    def page(self, request: HttpRequest, pk: int) -> str:
        url = reverse("admin:feedback_rating_change", args=[pk])
        query = request.GET.urlencode()
        return f"{url}?{query}" if query else url

    def refuse(self, request: HttpRequest, rating: Rating, words: str) -> HttpResponse:
        if wants_json(request):
            return JsonResponse({"problem": words}, status=409)
        self.message_user(request, words, messages.ERROR)
        return redirect(self.page(request, rating.pk))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def undo_view(self, request: HttpRequest, act: UUID) -> HttpResponse:
        """Asks first; to undo what others did takes the right to decide for many."""
        self.require_decider(request)
        steps = Decision.objects.filter(act=act)
        first = steps.select_related("by", "review").first()
        if first is None:
            raise Http404
        person = person_of(request)
        if first.by_id != person.pk and not request.user.has_perm("feedback.manage_reviews"):
            raise PermissionDenied
        if request.method == "POST":
            return self.undo(request, act, first)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts, "title": _("Undo"), "first": first,
            "reviews": steps.undoable().order_by().values("review").distinct().count(),
        }  # fmt: skip
        return TemplateResponse(request, "admin/feedback/rating/undo.html", context)

    @method_decorator(require_POST)
    def undo_last_view(self, request: HttpRequest) -> HttpResponse:
        """This person's own last act, looked up now: a page fetched ahead knows an older one."""
        self.require_decider(request)
        own = Decision.objects.undoable().filter(by=person_of(request))
        last = own.select_related("review").order_by("-pk").first()
        if last is None:
            self.message_user(request, _("There is nothing to undo."), messages.WARNING)
            return redirect(LIST)
        return self.undo(request, last.act, last)

    def undo(self, request: HttpRequest, act: UUID, first: Decision) -> HttpResponse:
        number = Decision.objects.undo(act, person_of(request))
        words = ngettext("%d review is as it was.", "%d reviews are as they were.", number)
        level = messages.SUCCESS if number else messages.WARNING
        self.message_user(request, words % number, level)
        if Decision.objects.filter(act=act).values("review").distinct().count() > 1:
            return redirect(LIST)
        return redirect(self.page(request, first.review.rating_id))

    def decision(self, request: HttpRequest, rating: Rating) -> dict[str, Any]:
        """What the page of one rated answer needs to decide on it."""
        person, review = person_of(request), review_of(rating)
        if order := order_of(request):
            review.claim(person)
        rating.check_evidence()
        form = DecisionForm(review) if self.may_decide(request) else None
        corrected = review.correction
        return {
            "review": review,
            "held_by": review.held_by_other(person),
            "form": form,
            "history": history(review),
            "diff": diff(rating.message.text, corrected) if corrected else "",
            "order": order,
            "query": request.GET.urlencode(),
        }

    def around(self, request: HttpRequest, review: Review) -> dict[str, Any]:
        """In the queue: what would be next, and what this person decided before."""
        person, order = person_of(request), order_of(request)
        following = peek(person, order, review)
        own = Decision.objects.filter(by=person)
        here = own.filter(review=review).order_by("pk").values_list("pk", flat=True).first()
        earlier = own.filter(pk__lt=here) if here else own
        before = earlier.exclude(review=review).order_by("-pk")
        return {
            "next": following and following.rating_id,
            "previous": before.values_list("review__rating", flat=True).first(),
            "preserved_filters": f"queue={order}",
        }

    def require_decider(self, request: HttpRequest) -> None:
        if not self.may_decide(request):
            raise PermissionDenied

    def load(self, object_id: str) -> Rating:
        raise NotImplementedError

    def beside(self, request: HttpRequest, rating: Rating) -> dict[str, Any]:
        raise NotImplementedError


def person_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def review_of(rating: Rating) -> Review:
    """A rating that came in by another way than a click may have none yet."""
    try:
        return rating.review
    except Review.DoesNotExist:
        return Review.objects.get_or_create(rating=rating)[0]


def order_of(request: HttpRequest) -> str:
    """The queue's order where one goes through it; empty where one goes through a list."""
    asked = request.GET.get("queue", "")
    return asked if asked in Order.values else ""


def in_queue(review: Review, order: str) -> str:
    url = reverse("admin:feedback_rating_change", args=[review.rating_id])
    return f"{url}?queue={order}"


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"
