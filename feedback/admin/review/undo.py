"""Undo of decisions: a reviewer's own last one, or all entries of one change."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from chatapp.admin.base import ModelAdmin, Route
from feedback.admin.review.navigation import LIST, rating_url, require_decider
from feedback.models import BulkChange, Opinion, Review, ReviewChange
from feedback.models.reviews.bulk_change import BATCH
from feedback.permissions import MANAGE, current_reviewer


@method_decorator(require_POST)
def undo_last(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Undo the reviewer's last change, looked up now: a prefetched page knows an older one."""
    require_decider(admin, request)
    last = ReviewChange.objects.last_of(current_reviewer(request))
    opinion = Opinion.objects.open_of(current_reviewer(request)).first()
    if opinion and (last is None or opinion.at > last.at):
        opinion.delete()
        admin.message_user(request, _("Your opinion was withdrawn."), messages.SUCCESS)
        return redirect(rating_url(request, opinion.review.rating_id))
    if last is None:
        admin.message_user(request, _("There is nothing to undo."), messages.WARNING)
        return redirect(LIST)
    if BulkChange.objects.filter(pk=last.act).exists():
        return redirect("admin:feedback_rating_undo", last.act)
    return undo(admin, request, last, 1)


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
def undo_change(admin: ModelAdmin, request: HttpRequest, act: UUID) -> HttpResponse:
    """Ask, then undo all entries of a change. Others' changes need the permission MANAGE."""
    require_decider(admin, request)
    entries = ReviewChange.objects.filter(act=act)
    first = entries.select_related("by", "review").first()
    if first is None:
        raise Http404
    if first.by_id != current_reviewer(request).pk and not request.user.has_perm(MANAGE):
        raise PermissionDenied
    reviews = entries.undoable().order_by().values("review").distinct().count()
    if request.method == "POST":
        return undo(admin, request, first, reviews)
    context = admin.admin_site.each_context(request) | {
        "opts": admin.opts, "title": _("Undo"), "first": first, "reviews": reviews,
    }  # fmt: skip
    return TemplateResponse(request, "admin/feedback/rating/undo.html", context)


ROUTES: list[Route] = [
    ("undo/", undo_last, "undo_last"),
    ("undo/<uuid:act>/", undo_change, "undo"),
]


def undo(
    admin: ModelAdmin, request: HttpRequest, first: ReviewChange, reviews: int
) -> HttpResponse:
    """Undo a change of a few reviews at once; else batch by batch, on the bulk change's page."""
    reviewer = current_reviewer(request)
    if reviews > BATCH or BulkChange.objects.filter(pk=first.act).exists():
        bulk = BulkChange.objects.begin_undoing(first.act, reviewer)
        bulk.work()
        return redirect("admin:feedback_rating_bulk", bulk.pk)
    restored = Review.objects.undo(first.act, reviewer)
    text = ngettext("%d review was restored.", "%d reviews were restored.", restored)
    level = messages.SUCCESS if restored else messages.WARNING
    admin.message_user(request, text % restored, level)
    if ReviewChange.objects.filter(act=first.act).values("review").distinct().count() > 1:
        return redirect(LIST)
    return redirect(rating_url(request, first.review.rating_id))
