"""Saved filters: the address of a filtered list under a name, above the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from feedback.admin.changelist.facets import SHOWN
from feedback.admin.generic import ModelAdmin
from feedback.admin.review.navigation import LIST, MANAGE, current_reviewer
from feedback.models import SavedFilter

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[SavedFilter]
else:
    ModelForm = forms.ModelForm
# What of an address is not what it filters by.
PASSING = (PAGE_VAR, SHOWN, ERROR_FLAG)


class SavedFilterForm(ModelForm):
    class Meta:
        model = SavedFilter
        fields = ["name", "query", "is_shared"]
        widgets = {"query": forms.HiddenInput}

    def clean_query(self) -> str:
        return lasting(QueryDict(self.cleaned_data["query"]))


class Saved(ModelAdmin):
    """What the admin of ratings has for saved filters."""

    def get_urls(self) -> list[URLPattern]:
        ours: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("filters/", self.save_view, "save"),
            ("filters/<int:pk>/", self.forget_view, "forget"),
        ]
        return [
            path(route, self.admin_site.admin_view(view), name=f"feedback_rating_{name}_filter")
            for route, view, name in ours
        ] + super().get_urls()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        here, person = lasting(request.GET), current_reviewer(request)
        is_lead = request.user.has_perm(MANAGE)
        context = {
            "here": here,
            "may_share": is_lead,
            "saved": [
                {"filter": one, "is_here": one.query == here,
                 "may_remove": is_lead or one.owner_id == person.pk}
                for one in SavedFilter.objects.readable_by(person)
            ],
        }  # fmt: skip
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @method_decorator(require_POST)
    def save_view(self, request: HttpRequest) -> HttpResponse:
        """One's filter of the same name is replaced."""
        self.require_reader(request)
        form = SavedFilterForm(request.POST)
        if not form.is_valid():
            self.message_user(request, _("A filter needs a name."), messages.ERROR)
            return back(request.POST.get("query", ""))
        values = form.cleaned_data
        values["is_shared"] = values["is_shared"] and request.user.has_perm(MANAGE)
        name = values.pop("name")
        SavedFilter.objects.update_or_create(
            owner=current_reviewer(request), name=name, defaults=values
        )
        self.message_user(request, _("Saved as “%s”.") % name, messages.SUCCESS)
        return back(values["query"])

    @method_decorator(require_POST)
    def forget_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.require_reader(request)
        is_lead = request.user.has_perm(MANAGE)
        theirs = SavedFilter.objects.removable_by(current_reviewer(request), is_lead)
        one = get_object_or_404(theirs, pk=pk)
        one.delete()
        self.message_user(request, _("“%s” is deleted.") % one.name, messages.SUCCESS)
        return back(request.POST.get("query", ""))

    def require_reader(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def lasting(asked: QueryDict) -> str:
    """The part of an address that can be kept, always in the same order."""
    kept = QueryDict(mutable=True)
    for name in sorted(asked):
        if name not in PASSING:
            kept.setlist(name, asked.getlist(name))
    return kept.urlencode()


def back(query: str) -> HttpResponse:
    kept = lasting(QueryDict(query))
    return redirect(reverse(LIST) + (f"?{kept}" if kept else ""))
