"""How far reviewers agree where two judged the same answers, and what a lead has to decide."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chatapp.admin.base import ReadOnlyAdmin
from feedback.admin.review.navigation import MANAGE
from feedback.insights.kappa import Kappa, Table, kappa, one_against_rest
from feedback.models import Opinion, Review, StaffAccess
from feedback.models.reviews.review import DoubleReview, Status, Verdict
from feedback.staff_access.guard import REVIEW, note_list, reason_form_response, reason_required

# As many disputes as are listed at once.
MOST = 50


@admin.register(Opinion)
class OpinionAdmin(ReadOnlyAdmin):
    """One page of numbers: a single opinion is shown with its answer, once both are given."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.agreement_view)
        return [path("", view, name="feedback_opinion_changelist")]

    @method_decorator(require_safe)
    def agreement_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if reason_required(request, REVIEW):
            return reason_form_response(request, REVIEW)
        table, left_out = counted()
        new = Review.objects.filter(
            status=Status.NEW, rating__message__conversation__deleted_at=None
        )
        disputed = new.filter(double_review=DoubleReview.DIFFERING)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts, "title": _("Agreement"),
            "kappa": kappa(table), "table": labelled(table), "verdicts": Verdict.labels,
            "each": list(each_verdict(table)), "left_out": left_out,
            "disputed": disputed.select_related("rating__message").order_by("pk")[:MOST],
            "disputes": disputed.count(), "waiting": new.filter(double_review=DoubleReview.OPEN).count(),
            "may_decide": request.user.has_perm(MANAGE),
        }  # fmt: skip
        if context["disputes"]:
            note_list(request, StaffAccess.Purpose.AGREEMENT)
        return TemplateResponse(request, "admin/feedback/opinion/agreement.html", context)


def counted() -> tuple[list[list[int]], int]:
    """What the first said by what the second said; and how many pairs lack a verdict."""
    pairs = Opinion.objects.pairs()
    table = [[pairs.get((one, two), 0) for two in Verdict.values] for one in Verdict.values]
    return table, sum(pairs.values()) - sum(map(sum, table))


def labelled(table: Table) -> list[tuple[str, Any]]:
    return list(zip(map(str, Verdict.labels), table, strict=True))


def each_verdict(table: Table) -> list[tuple[str, list[list[int]], Kappa]]:
    small = [one_against_rest(table, kind) for kind in range(len(Verdict))]
    return [(str(label), one, kappa(one)) for label, one in zip(Verdict.labels, small, strict=True)]
