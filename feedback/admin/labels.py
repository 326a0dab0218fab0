"""Admin of the labels a team sets up: reasons of a thumb and failure categories."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from chatapp.admin.base import ListEditableAdmin
from feedback.models import Category, Reason


class LabelAdmin(ListEditableAdmin):
    """Base of both. `fixed` names the fields that never change."""

    fixed = ["slug"]
    list_display = ["__str__", "position", "is_retired"]
    list_editable = ["position", "is_retired"]
    list_filter = ["is_retired"]
    prepopulated_fields = {"slug": ["label"]}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deny deletion: a retired label stays where it was given."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fixed if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else self.prepopulated_fields


@admin.register(Reason)
class ReasonAdmin(LabelAdmin):
    fixed = ["slug", "value"]
    list_display = ["__str__", "value", "position", "is_retired"]
    list_filter = ["value", "is_retired"]


@admin.register(Category)
class CategoryAdmin(LabelAdmin):
    pass
