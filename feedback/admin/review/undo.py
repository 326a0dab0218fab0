"""Taking decisions back: one's own last, or an act as a whole."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from feedback.admin.generic import ModelAdmin
from feedback.admin.review.navigation import DECIDE, LIST, MANAGE, current_reviewer, page_of
from feedback.models import BulkChange, Opinion, Review, ReviewChange
from feedback.models.reviews.bulk_change import BATCH

Route = tuple[str, Callable[..., HttpResponse], str]


class Undoing(ModelAdmin):
    def routes(self) -> list[Route]:
        """What the rooms of the desk add to the admin of ratings: address, view, name."""
        return [
            ("undo/", self.undo_last_view, "undo_last"),
            ("undo/<uuid:act>/", self.undo_view, "undo"),
        ]

    def get_urls(self) -> list[URLPattern]:
        return [
            path(route, self.admin_site.admin_view(view), name=f"feedback_rating_{name}")
            for route, view, name in self.routes()
        ] + super().get_urls()

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def undo_view(self, request: HttpRequest, act: UUID) -> HttpResponse:
        """Asks first; to undo what others did takes the right to decide for many."""
        self.require_decider(request)
        steps = ReviewChange.objects.filter(act=act)
        first = steps.select_related("by", "review").first()
        if first is None:
            raise Http404
        if first.by_id != current_reviewer(request).pk and not request.user.has_perm(MANAGE):
            raise PermissionDenied
        number = steps.undoable().order_by().values("review").distinct().count()
        if request.method == "POST":
            return self.undo(request, first, number)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts, "title": _("Undo"), "first": first, "reviews": number,
        }  # fmt: skip
        return TemplateResponse(request, "admin/feedback/rating/undo.html", context)

    @method_decorator(require_POST)
    def undo_last_view(self, request: HttpRequest) -> HttpResponse:
        """This person's own last act, looked up now: a page fetched ahead knows an older one."""
        self.require_decider(request)
        last = ReviewChange.objects.last_of(current_reviewer(request))
        opinion = Opinion.objects.open_of(current_reviewer(request)).first()
        if opinion and (last is None or opinion.at > last.at):
            opinion.delete()
            self.message_user(request, _("Your opinion was withdrawn."), messages.SUCCESS)
            return redirect(page_of(request, opinion.review.rating_id))
        if last is None:
            self.message_user(request, _("There is nothing to undo."), messages.WARNING)
            return redirect(LIST)
        if BulkChange.objects.filter(pk=last.act).exists():
            return redirect("admin:feedback_rating_undo", last.act)
        return self.undo(request, last, 1)

    def undo(self, request: HttpRequest, first: ReviewChange, number: int) -> HttpResponse:
        """At once where they are few; else batch by batch, on a page that shows how far it is."""
        person = current_reviewer(request)
        if number > BATCH or BulkChange.objects.filter(pk=first.act).exists():
            undoing = BulkChange.objects.begin_undoing(first.act, person)
            undoing.work()
            return redirect("admin:feedback_rating_bulk", undoing.pk)
        restored = Review.objects.undo(first.act, person)
        words = ngettext("%d review was restored.", "%d reviews were restored.", restored)
        level = messages.SUCCESS if restored else messages.WARNING
        self.message_user(request, words % restored, level)
        if ReviewChange.objects.filter(act=first.act).values("review").distinct().count() > 1:
            return redirect(LIST)
        return redirect(page_of(request, first.review.rating_id))

    def may_decide(self, request: HttpRequest) -> bool:
        return request.user.has_perm(DECIDE) and self.has_view_permission(request)

    def require_decider(self, request: HttpRequest) -> None:
        if not self.may_decide(request):
            raise PermissionDenied
