"""Saved filters: named query strings of the list, shown above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chatapp.admin.base import ModelAdmin, Route
from feedback.admin.changelist.facets import FACETS_VAR
from feedback.admin.review.navigation import LIST
from feedback.models import SavedFilter
from feedback.permissions import MANAGE, current_reviewer

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[SavedFilter]
else:
    ModelForm = forms.ModelForm
# Parameters of the list's URL that filter nothing.
NO_FILTERS = (PAGE_VAR, FACETS_VAR, ERROR_FLAG)


class SavedFilterForm(ModelForm):
    class Meta:
        model = SavedFilter
        fields = ["name", "query", "is_shared"]
        widgets = {"query": forms.HiddenInput}

    def clean_query(self) -> str:
        return filter_query(QueryDict(self.cleaned_data["query"]))


def saved_filters_context(request: HttpRequest) -> dict[str, Any]:
    """Return template context of the list: the saved filters this reviewer may use."""
    query, reviewer = filter_query(request.GET), current_reviewer(request)
    may_manage = request.user.has_perm(MANAGE)
    return {
        "here": query,
        "may_share": may_manage,
        "saved": [
            {"filter": one, "is_here": one.query == query,
             "may_remove": may_manage or one.owner_id == reviewer.pk}
            for one in SavedFilter.objects.readable_by(reviewer)
        ],
    }  # fmt: skip


@method_decorator(require_POST)
def save_filter(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Save a filter; replace the reviewer's own one of the same name."""
    require_viewer(admin, request)
    form = SavedFilterForm(request.POST)
    if not form.is_valid():
        admin.message_user(request, _("A filter needs a name."), messages.ERROR)
        return back_to_list(request.POST.get("query", ""))
    values = form.cleaned_data
    values["is_shared"] = values["is_shared"] and request.user.has_perm(MANAGE)
    name = values.pop("name")
    SavedFilter.objects.update_or_create(
        owner=current_reviewer(request), name=name, defaults=values
    )
    admin.message_user(request, _("Saved as “%s”.") % name, messages.SUCCESS)
    return back_to_list(values["query"])


@method_decorator(require_POST)
def delete_filter(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    require_viewer(admin, request)
    may_manage = request.user.has_perm(MANAGE)
    removable = SavedFilter.objects.removable_by(current_reviewer(request), may_manage)
    saved_filter = get_object_or_404(removable, pk=pk)
    saved_filter.delete()
    admin.message_user(request, _("“%s” is deleted.") % saved_filter.name, messages.SUCCESS)
    return back_to_list(request.POST.get("query", ""))


ROUTES: list[Route] = [
    ("filters/", save_filter, "save_filter"),
    ("filters/<int:pk>/", delete_filter, "forget_filter"),
]


def require_viewer(admin: ModelAdmin, request: HttpRequest) -> None:
    if not admin.has_view_permission(request):
        raise PermissionDenied


def filter_query(query: QueryDict) -> str:
    """Return the filters of a list's query string, sorted by name."""
    filters = QueryDict(mutable=True)
    for name in sorted(query):
        if name not in NO_FILTERS:
            filters.setlist(name, query.getlist(name))
    return filters.urlencode()


def back_to_list(query: str) -> HttpResponse:
    filters = filter_query(QueryDict(query))
    return redirect(reverse(LIST) + (f"?{filters}" if filters else ""))
