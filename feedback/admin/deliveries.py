"""The operator's page: what has reached Helicone, what has not, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from feedback.models import Delivery, HeliconeCircuit
from feedback.models.outbox.summary import Summary

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Delivery]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(Delivery)
class DeliveryAdmin(ModelAdmin):
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

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Delivery | None = None) -> list[str]:
        return [field.name for field in Delivery._meta.fields]

    def get_urls(self) -> list[URLPattern]:
        ours = [("retry-failed", self.retry_failed), ("resume", self.resume)]
        return [
            path(f"{name}/", self.admin_site.admin_view(require_POST(view)), name=url_name(name))
            for name, view in ours
        ] + super().get_urls()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse | TemplateResponse:
        summary = Summary.now()
        states = [(state, summary.count(state)) for state in summary.states]
        context = {"summary": summary, "states": states, "title": _("Delivery to Helicone")}
        context["errors"] = summary.last_errors()
        context["may_retry"] = self.has_change_permission(request)
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description=_("clicked"))
    def thumb(self, delivery: Delivery) -> str:
        return str(delivery.rating)

    @admin.display(description=_("shown at Helicone"), empty_value="–")
    def shown_at_helicone(self, delivery: Delivery) -> str | None:
        return {1: str(_("thumbs up")), -1: str(_("thumbs down"))}.get(delivery.shown or 0)

    @admin.action(description=_("Deliver the selected ones again"), permissions=["change"])
    def retry(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        self.told(request, Delivery.objects.filter(pk__in=chosen.values("pk")).reset())

    def retry_failed(self, request: HttpRequest) -> HttpResponse:
        """All that failed or found nothing to be delivered to."""
        self.require_operator(request)
        given_up = [Delivery.State.FAILED, Delivery.State.NOWHERE]
        self.told(request, Delivery.objects.filter(state__in=given_up).reset())
        return self.back()

    def resume(self, request: HttpRequest) -> HttpResponse:
        self.require_operator(request)
        HeliconeCircuit.objects.resume()
        self.message_user(request, _("Helicone is spoken to again."), messages.SUCCESS)
        return self.back()

    def require_operator(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied

    def told(self, request: HttpRequest, number: int) -> None:
        words = ngettext("%d rating is due again.", "%d ratings are due again.", number)
        self.message_user(request, words % number, messages.SUCCESS)

    def back(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:feedback_delivery_changelist"))


def url_name(name: str) -> str:
    return f"feedback_delivery_{name.replace('-', '_')}"
