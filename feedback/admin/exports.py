"""The log of exports: to look at only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as lazy

from feedback.admin.generic import ModelAdmin
from feedback.models import Export


@admin.register(Export)
class ExportAdmin(ModelAdmin):
    list_display = ["started_at", "by", "form", "filters", "rows", "how"]
    list_filter = ["form", "started_at"]
    list_select_related = ["by"]
    search_fields = ["by__username"]
    show_full_result_count = False
    list_per_page = 50
    actions = None

    @admin.display(description=lazy("state"))
    def how(self, export: Export) -> str:
        return str(export.state.label)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
