"""The log of exports: to look at only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as lazy

from chatapp.admin.base import ReadOnly
from feedback.models import Export


@admin.register(Export)
class ExportAdmin(ReadOnly):
    list_display = ["started_at", "by", "form", "filters", "reason", "rows", "how"]
    list_filter = ["form", "started_at"]
    list_select_related = ["by"]
    search_fields = ["by__username", "reason"]

    @admin.display(description=lazy("state"))
    def how(self, export: Export) -> str:
        return str(export.state.label)
