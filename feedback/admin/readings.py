"""The log of readings: to look at only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from feedback.admin.generic import ModelAdmin
from feedback.models import ReadingLog


@admin.register(ReadingLog)
class ReadingLogAdmin(ModelAdmin):
    list_display = ["at", "reader", "rating_id", "was_ahead"]
    list_filter = ["was_ahead", "at"]
    list_select_related = ["reader"]
    search_fields = ["reader__username", "=rating__id"]
    show_full_result_count = False
    list_per_page = 50
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
