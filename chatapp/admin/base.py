"""Base classes, URL routes and links of the admin pages."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.forms import Media
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

# Generic for mypy only: Django's own class can't be subscripted.
if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

# Path, view and name of a page. The view takes the model admin, the request and the path's values.
Route = tuple[str, Callable[..., HttpResponseBase], str]


class WithoutJQuery(ModelAdmin):
    """Admin whose pages edit nothing, and so need none of the scripts that Trusted Types refuse."""

    change_form_template = "admin/chatapp/read_only.html"

    @property
    def media(self) -> Media:
        return Media(js=["admin/js/actions.js"])


class ReadOnlyAdmin(WithoutJQuery):
    show_full_result_count = False
    list_per_page = 50
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return whether the index lists this model: by its own permission, not any of its app."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ListEditableAdmin(ModelAdmin):
    """Label the fields that are edited in the list's rows, for screen readers."""

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        def labelled_field(db_field: Any, **options: Any) -> Any:
            field = self.formfield_for_dbfield(db_field, request=request, **options)
            if field:
                field.widget.attrs["aria-label"] = field.label
            return field

        return super().get_changelist_formset(request, formfield_callback=labelled_field, **kwargs)


def page_urls(model_admin: ModelAdmin, routes: Iterable[Route]) -> list[URLPattern]:
    """Return the URL patterns of pages for staff; each name is prefixed with app and model."""
    opts, staff_only = model_admin.opts, model_admin.admin_site.admin_view
    return [
        path(
            route,
            staff_only(partial(view, model_admin)),
            name=f"{opts.app_label}_{opts.model_name}_{name}",
        )
        for route, view, name in routes
    ]


def changelist_link(model: type[Model], text: Any, **filters: Any) -> SafeString:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return format_html('<a href="{}?{}">{}</a>', url, urlencode(filters), text)
