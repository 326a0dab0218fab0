"""The log of readings, to look at only; and where staff say what they read for."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from chatapp.admin.base import ReadOnlyAdmin
from feedback.models import StaffAccess
from feedback.staff_access.guard import ReasonForm, reason_form_page, save_reason


@admin.register(StaffAccess)
class StaffAccessAdmin(ReadOnlyAdmin):
    list_display = ["at", "reader", "what", "answer", "whole", "purpose", "reason", "was_ahead"]
    list_filter = ["what", "purpose", "was_ahead", "at"]
    list_select_related = ["reader"]
    search_fields = ["reader__username", "=rating__id", "reason"]
    fields = ["at", "reader", "what", "answer", "whole", "purpose", "filters", "reason"]
    fields += ["was_ahead"]
    readonly_fields = ["answer", "whole"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.reason_view)
        return [path("reason/", view, name="feedback_staffaccess_reason"), *super().get_urls()]

    @method_decorator(require_POST)
    def reason_view(self, request: HttpRequest) -> HttpResponse:
        """Of any staff: what it leads to has its own permissions."""
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return reason_form_page(request, form)
        said = form.cleaned_data
        save_reason(request, said["about"], said["reason"])
        hosts = {request.get_host()}
        here = url_has_allowed_host_and_scheme(said["next"], hosts, request.is_secure())
        return HttpResponseRedirect(said["next"] if here else "/admin/")

    @admin.display(description=_("rated answer"), ordering="rating_id")
    def answer(self, reading: StaffAccess) -> int | None:
        """Its number, which stays when it is gone from the list."""
        return reading.rating_id

    @admin.display(description=_("conversation"), ordering="conversation_id")
    def whole(self, reading: StaffAccess) -> Any:
        """Not its title, which this log would hand out without a reason."""
        return reading.conversation_id
