"""A member of staff's inbox: the answers in whose notes colleagues name them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chatapp.admin.base import ReadOnlyAdmin
from feedback.admin.review.navigation import current_reviewer
from feedback.models import Mention
from feedback.staff_access.guard import REVIEW, reason_form_response, reason_required

VIEW = "feedback.view_rating"
PAGE = 50


@admin.register(Mention)
class MentionAdmin(ReadOnlyAdmin):
    """One's own only, whoever one is."""

    def get_urls(self) -> list[URLPattern]:
        inbox, read = map(self.admin_site.admin_view, (self.inbox_view, self.read_view))
        return [
            path("", inbox, name="feedback_mention_changelist"),
            path("read/", read, name="feedback_mention_read"),
        ]

    @method_decorator(require_safe)
    def inbox_view(self, request: HttpRequest) -> HttpResponse:
        """Notes quote: where reviewing has to be said what for, they have to be as well."""
        self.require_reader(request)
        if reason_required(request, REVIEW):
            return reason_form_response(request, REVIEW)
        own = Mention.objects.inbox_of(current_reviewer(request))
        mentions = own.select_related("by", "review__rating", "opinion")
        page = Paginator(mentions, PAGE).get_page(request.GET.get("p"))
        context = self.admin_site.each_context(request)
        context |= {"opts": self.opts, "title": _("Mentions"), "page": page}
        return TemplateResponse(request, "admin/feedback/mention/inbox.html", context)

    @method_decorator(require_POST)
    def read_view(self, request: HttpRequest) -> HttpResponse:
        self.require_reader(request)
        Mention.objects.filter(to=current_reviewer(request)).mark_read()
        return redirect("admin:feedback_mention_changelist")

    def require_reader(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(VIEW)
