"""Guard of staff access to what users wrote: asks for the reason, writes the access log."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from feedback.chat.models import Conversation, Message, User
from feedback.models import StaffAccess

SESSION_KEY = "reading_reasons"
# A reason is about the review of all rated answers, about exports, or about one conversation.
REVIEW, EXPORT = "review", "export"
# A working day.
VALID_SECONDS = 8 * 60 * 60
MAX_REASONS = 20


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        label=lazy("Why do you need to read this?"),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    about = forms.CharField(max_length=40, widget=forms.HiddenInput)
    next = forms.CharField(widget=forms.HiddenInput)


def require_reason(
    request: HttpRequest, conversation: Conversation, message: Message | None = None
) -> HttpResponse | None:
    """Return the form that asks for the reason of reading a conversation, or one message of it.
    Where no reason is missing, log the access and return None."""
    about = str(conversation.pk)
    if reason_required(request, about):
        return reason_form_response(request, about)
    what = StaffAccess.What.MESSAGE if message else StaffAccess.What.CONVERSATION
    StaffAccess.objects.record_conversation(
        cast(User, request.user), conversation, what, reason_of(request, about)
    )
    return None


def log_list_access(request: HttpRequest, purpose: str = "", filters: str = "") -> None:
    """Log that a list was shown with the beginnings of texts."""
    StaffAccess.objects.create(
        reader=cast(User, request.user),
        what=StaffAccess.What.LIST,
        purpose=purpose,
        filters=filters,
        reason=reason_of(request, REVIEW),
    )


def filters_text(query: QueryDict) -> str:
    """A list's query string as logs keep it: that there was a search, not its words, which may be
    a user's."""
    logged = query.copy()
    if logged.get(SEARCH_VAR):
        logged[SEARCH_VAR] = "*"
    return logged.urlencode(safe="*")


def recently_opened(request: HttpRequest, conversation: Conversation) -> bool:
    """Return whether this reader opened a page of the conversation within a working day."""
    lately = timezone.now() - timedelta(seconds=VALID_SECONDS)
    pages = StaffAccess.objects.filter(reader=cast(User, request.user), conversation=conversation)
    return pages.filter(at__gte=lately).exists()


def reason_required(request: HttpRequest, about: str) -> bool:
    """Return whether a reason has still to be stated: by STAFF_ACCESS_REASON never, always, or for
    all but the review of rated answers."""
    rule = settings.STAFF_ACCESS_REASON
    if rule == "never" or (rule == "whole" and about == REVIEW):
        return False
    return not reason_of(request, about)


def reason_of(request: HttpRequest, about: str) -> str:
    """Return the reason stated in this session; empty where there is none, or it is too old."""
    reason, stated_at = request.session.get(SESSION_KEY, {}).get(about, ("", 0))
    return str(reason) if time.time() - stated_at < VALID_SECONDS else ""


def save_reason(request: HttpRequest, about: str, reason: str) -> None:
    """Save a stated reason in the session, which keeps the newest MAX_REASONS."""
    reasons = {**request.session.get(SESSION_KEY, {}), about: (reason, time.time())}
    newest = sorted(reasons.items(), key=lambda one: one[1][1])[-MAX_REASONS:]
    request.session[SESSION_KEY] = dict(newest)


def reason_form_response(request: HttpRequest, about: str, next_url: str = "") -> HttpResponse:
    """Return the form that asks for a reason, and leads to this request's URL or to `next_url`."""
    form = ReasonForm(initial={"about": about, "next": next_url or request.get_full_path()})
    return render_reason_form(request, form)


def render_reason_form(request: HttpRequest, form: ReasonForm) -> HttpResponse:
    context = admin.site.each_context(request)
    context |= {"title": _("Reason for access"), "form": form}
    return TemplateResponse(request, "admin/feedback/access_reason.html", context)
