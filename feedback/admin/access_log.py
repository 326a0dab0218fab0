"""Log of staff access to conversations, and the form in which staff state their reason."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from chatapp.admin.base import ModelAdmin, ReadOnlyAdmin, Route, page_urls
from feedback.models import StaffAccess
from feedback.staff_access.guard import ReasonForm, render_reason_form, save_reason


@method_decorator(require_POST)
def state_reason(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Save the stated reason and redirect to the page that asked for it, which has its own
    permissions: any staff may post here."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render_reason_form(request, form)
    stated = form.cleaned_data
    save_reason(request, stated["about"], stated["reason"])
    hosts = {request.get_host()}
    is_safe = url_has_allowed_host_and_scheme(stated["next"], hosts, request.is_secure())
    return HttpResponseRedirect(stated["next"] if is_safe else "/admin/")


ROUTES: list[Route] = [("reason/", state_reason, "reason")]


@admin.register(StaffAccess)
class StaffAccessAdmin(ReadOnlyAdmin):
    list_display = ["at", "reader", "what", "answer", "whole", "purpose", "reason"]
    list_filter = ["what", "purpose", "at"]
    list_select_related = ["reader"]
    search_fields = ["reader__username", "=rating__id", "reason"]
    fields = ["at", "reader", "what", "answer", "whole", "purpose", "filters", "reason"]
    fields += ["was_ahead"]
    readonly_fields = ["answer", "whole"]

    def get_urls(self) -> list[URLPattern]:
        return [*page_urls(self, ROUTES), *super().get_urls()]

    @admin.display(description=_("rated answer"), ordering="rating_id")
    def answer(self, reading: StaffAccess) -> int | None:
        """Return the rating's id, which stays when the rating is deleted."""
        return reading.rating_id

    @admin.display(description=_("conversation"), ordering="conversation_id")
    def whole(self, reading: StaffAccess) -> Any:
        """Return the conversation's id, not its title: that takes a reason to read."""
        return reading.conversation_id
