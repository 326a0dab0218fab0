"""The reasons a team offers after a thumb. Retired ones stay readable on old ratings."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from chatapp.admin.base import EditedInTheList
from feedback.models import Reason


@admin.register(Reason)
class ReasonAdmin(EditedInTheList):
    list_display = ["__str__", "value", "position", "is_retired"]
    list_editable = ["position", "is_retired"]
    list_filter = ["value", "is_retired"]
    prepopulated_fields = {"slug": ["label"]}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Retire it instead: what people said must not change afterwards."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Reason | None = None) -> Any:
        """On which side it stands, and its name in exports, are part of old ratings."""
        return ["slug", "value"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Reason | None = None) -> Any:
        return {} if obj else self.prepopulated_fields
