"""Inbox of mentions: notes in which colleagues name the reviewer."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chatapp.admin.base import ModelAdmin, ReadOnlyAdmin, Route, page_urls
from feedback.models import Mention
from feedback.permissions import VIEW_RATINGS, current_reviewer
from feedback.staff_access.guard import REVIEW, reason_form_response, reason_required

PAGE_SIZE = 50


@method_decorator(require_safe)
def inbox(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """List the reviewer's mentions; ask for the reason first, since notes may quote."""
    require_viewer(model_admin, request)
    if reason_required(request, REVIEW):
        return reason_form_response(request, REVIEW)
    own = Mention.objects.inbox_of(current_reviewer(request))
    mentions = own.select_related("by", "review__rating", "opinion")
    page = Paginator(mentions, PAGE_SIZE).get_page(request.GET.get("p"))
    context = model_admin.admin_site.each_context(request)
    context |= {"opts": model_admin.opts, "title": _("Mentions"), "page": page}
    return TemplateResponse(request, "admin/feedback/mention/inbox.html", context)


@method_decorator(require_POST)
def mark_all_read(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    require_viewer(model_admin, request)
    Mention.objects.filter(to=current_reviewer(request)).mark_read()
    return redirect("admin:feedback_mention_changelist")


ROUTES: list[Route] = [("", inbox, "changelist"), ("read/", mark_all_read, "read")]


def require_viewer(model_admin: ModelAdmin, request: HttpRequest) -> None:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied


@admin.register(Mention)
class MentionAdmin(ReadOnlyAdmin):
    """Inbox in place of a list: nobody sees another's mentions."""

    def get_urls(self) -> list[URLPattern]:
        return page_urls(self, ROUTES)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(VIEW_RATINGS)
