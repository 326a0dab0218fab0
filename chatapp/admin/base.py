"""Base classes of the admin: editable, editable in the list, read-only."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

# Generic for mypy only: Django's own class can't be subscripted.
if TYPE_CHECKING:
    Editable = admin.ModelAdmin[Any]
else:
    Editable = admin.ModelAdmin


class ReadOnlyAdmin(Editable):
    show_full_result_count = False
    list_per_page = 50
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the index lists this model: by its own permission, not by any of its app."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ListEditableAdmin(Editable):
    """Gives the editable fields of the change list an accessible name."""

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        def with_label(field: Any, **more: Any) -> Any:
            made = self.formfield_for_dbfield(field, request=request, **more)
            if made:
                made.widget.attrs["aria-label"] = made.label
            return made

        return super().get_changelist_formset(request, formfield_callback=with_label, **kwargs)
