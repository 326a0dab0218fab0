"""Agreement of reviewers in double reviews, and the disputed reviews that a lead decides."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chatapp.admin.base import ModelAdmin, ReadOnlyAdmin, Route, page_urls
from chatapp.models import Origin
from feedback.insights.kappa import Kappa, Table, kappa, one_against_rest
from feedback.models import Opinion, Review, StaffAccess
from feedback.models.reviews.review import DoubleReview, Status, Verdict
from feedback.permissions import MANAGE
from feedback.staff_access.guard import (
    REVIEW,
    log_list_access,
    reason_form_response,
    reason_required,
)

MAX_DISPUTED = 50


@method_decorator(require_safe)
def agreement(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    if reason_required(request, REVIEW):
        return reason_form_response(request, REVIEW)
    table, without_verdict = verdict_table()
    new = Review.objects.filter(
        status=Status.NEW,
        rating__message__conversation__deleted_at=None,
        rating__origin__in=Origin.counted(),
    )
    disputed = new.filter(double_review=DoubleReview.DIFFERING)
    context = model_admin.admin_site.each_context(request) | {
        "opts": model_admin.opts, "title": _("Agreement"),
        "kappa": kappa(table), "table": labelled(table), "verdicts": Verdict.labels,
        "each": list(each_verdict(table)), "left_out": without_verdict,
        "disputed": disputed.select_related("rating__message").order_by("pk")[:MAX_DISPUTED],
        "disputes": disputed.count(), "waiting": new.filter(double_review=DoubleReview.OPEN).count(),
        "may_decide": request.user.has_perm(MANAGE),
    }  # fmt: skip
    if context["disputes"]:
        log_list_access(request, StaffAccess.Purpose.AGREEMENT)
    return TemplateResponse(request, "admin/feedback/opinion/agreement.html", context)


ROUTES: list[Route] = [("", agreement, "changelist")]


@admin.register(Opinion)
class OpinionAdmin(ReadOnlyAdmin):
    """Agreement page in place of a list: one opinion is shown with its answer, once both exist."""

    def get_urls(self) -> list[URLPattern]:
        return page_urls(self, ROUTES)


def verdict_table() -> tuple[list[list[int]], int]:
    """Return pairs of opinions by first and second verdict, and the number of pairs without."""
    pairs = Opinion.objects.pairs()
    table = [[pairs.get((one, two), 0) for two in Verdict.values] for one in Verdict.values]
    return table, sum(pairs.values()) - sum(map(sum, table))


def labelled(table: Table) -> list[tuple[str, Any]]:
    return list(zip(map(str, Verdict.labels), table, strict=True))


def each_verdict(table: Table) -> list[tuple[str, list[list[int]], Kappa]]:
    small = [one_against_rest(table, kind) for kind in range(len(Verdict))]
    return [(str(label), one, kappa(one)) for label, one in zip(Verdict.labels, small, strict=True)]
