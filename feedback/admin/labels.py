"""The failure categories a team decides by. Retired ones stay readable on old reviews."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from chatapp.admin.base import EditedInTheList
from feedback.models import Category


@admin.register(Category)
class CategoryAdmin(EditedInTheList):
    list_display = ["__str__", "position", "is_retired"]
    list_editable = ["position", "is_retired"]
    list_filter = ["is_retired"]
    prepopulated_fields = {"slug": ["label"]}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Retire it instead: what was decided must not change afterwards."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Category | None = None) -> Any:
        """Its name in exports and in the log of decisions is part of old reviews."""
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Category | None = None) -> Any:
        return {} if obj else self.prepopulated_fields
