"""Deliveries to Helicone: state of the outbox for operators, and retries."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from chatapp.admin.base import ModelAdmin, Route, WithoutJQuery, page_urls
from feedback.admin.review.navigation import rating_or_404
from feedback.models import Delivery, HeliconeCircuit, Rating
from feedback.models.outbox.delivery import became_due
from feedback.models.outbox.summary import Summary
from feedback.permissions import RETRY

# Pages and actions of one delivery, on the rated answers


def may_retry(request: HttpRequest) -> bool:
    """Without Helicone there is nothing to retry."""
    return settings.HELICONE != "off" and request.user.has_perm(RETRY)


@admin.action(description=_("Retry delivery to Helicone"), permissions=["retry"])
def retry_delivery(
    model_admin: ModelAdmin, request: HttpRequest, ratings: QuerySet[Rating]
) -> None:
    """Action of the list of rated answers."""
    retry(model_admin, request, ratings)


@method_decorator(require_POST)
def retry_one(model_admin: ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    if not (may_retry(request) and model_admin.has_view_permission(request)):
        raise PermissionDenied
    rating = rating_or_404(object_id)
    retry(model_admin, request, Rating.objects.filter(pk=rating.pk))
    change = [{"changed": {"name": "delivery", "object": "retry"}}]
    model_admin.log_change(request, rating, change)
    preserved = model_admin.get_preserved_filters(request)
    url = reverse("admin:feedback_rating_change", args=[rating.pk])
    return redirect(f"{url}?{preserved}" if preserved else url)


RATING_ROUTES: list[Route] = [("<path:object_id>/retry/", retry_one, "retry")]


def retry(model_admin: ModelAdmin, request: HttpRequest, ratings: QuerySet[Rating]) -> None:
    """Make the deliveries due from the start, whatever their state, and report their number."""
    with transaction.atomic():
        deliveries = Delivery.objects.filter(rating__in=ratings.order_by().values("pk"))
        transaction.on_commit(partial(became_due.send, Delivery))
        due = deliveries.reset()
    text = ngettext(
        "%d rating will be checked, and sent again if Helicone lacks it.",
        "%d ratings will be checked, and sent again if Helicone lacks them.",
        due,
    )
    level = messages.SUCCESS if due else messages.WARNING
    model_admin.message_user(request, text % due, level)


# All deliveries


@method_decorator(require_POST)
def retry_failed(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Make all deliveries due again that failed or have no request at Helicone."""
    require_operator(model_admin, request)
    given_up = [Delivery.State.FAILED, Delivery.State.NOWHERE]
    due = Delivery.objects.filter(state__in=given_up).reset()
    report_due(model_admin, request, due)
    return back_to_list()


@method_decorator(require_POST)
def resume(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Close the circuit breaker."""
    require_operator(model_admin, request)
    HeliconeCircuit.objects.resume()
    model_admin.message_user(request, _("Deliveries to Helicone have resumed."), messages.SUCCESS)
    return back_to_list()


ROUTES: list[Route] = [
    ("retry-failed/", retry_failed, "retry_failed"),
    ("resume/", resume, "resume"),
]


def require_operator(model_admin: ModelAdmin, request: HttpRequest) -> None:
    if settings.HELICONE == "off" or not model_admin.has_change_permission(request):
        raise PermissionDenied


def report_due(model_admin: ModelAdmin, request: HttpRequest, due: int) -> None:
    text = ngettext(
        "%d rating will be delivered again.", "%d ratings will be delivered again.", due
    )
    model_admin.message_user(request, text % due, messages.SUCCESS)


def back_to_list() -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:feedback_delivery_changelist"))


@admin.register(Delivery)
class DeliveryAdmin(WithoutJQuery):
    change_list_template = "admin/feedback/delivery/change_list.html"
    list_display = (
        "state",
        "thumb",
        "shown_at_helicone",
        "wanted_at",
        "due_at",
        "attempts",
        "last_error",
    )
    list_filter = ("state", "wanted_at")
    list_select_related = ("rating",)
    search_fields = ("rating__message__helicone_id__exact", "last_error")
    search_help_text = _("A Helicone id in full, or words of an error.")
    date_hierarchy = None
    show_full_result_count = False
    ordering = ("-wanted_at",)
    list_per_page = 50
    actions = ("retry",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return settings.HELICONE != "off" and self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Delivery | None = None) -> list[str]:
        return [field.name for field in Delivery._meta.fields]

    def get_urls(self) -> list[URLPattern]:
        return [*page_urls(self, ROUTES), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse | TemplateResponse:
        summary = Summary.now()
        states = [(state, summary.count(state)) for state in summary.states]
        context = {"summary": summary, "states": states, "title": _("Delivery to Helicone")}
        context["errors"] = summary.last_errors()
        context["may_retry"] = self.has_retry_permission(request)
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description=_("clicked"))
    def thumb(self, delivery: Delivery) -> str:
        return str(delivery.rating)

    @admin.display(description=_("shown at Helicone"), empty_value="–")
    def shown_at_helicone(self, delivery: Delivery) -> str | None:
        return {1: str(_("thumbs up")), -1: str(_("thumbs down"))}.get(delivery.shown or 0)

    @admin.action(description=_("Retry the selected deliveries"), permissions=["retry"])
    def retry(self, request: HttpRequest, selected: QuerySet[Delivery]) -> None:
        report_due(self, request, Delivery.objects.filter(pk__in=selected.values("pk")).reset())
