"""Guard of staff access: asks for a reason if the site requires one, and logs every access."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from feedback.chat.models import Conversation, Message, User
from feedback.models import StaffAccess

KEY = "reading_reasons"
# Reasons hold for a working day: one for reviews, one for exports, one for each conversation.
REVIEW, EXPORT = "review", "export"
REASON_SECONDS = 8 * 60 * 60
MAX_REASONS = 20


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        label=lazy("What do you read this for?"),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    about = forms.CharField(max_length=40, widget=forms.HiddenInput)
    next = forms.CharField(widget=forms.HiddenInput)


def guard(
    request: HttpRequest, conversation: Conversation, message: Message | None = None
) -> HttpResponse | None:
    """Log the access to a conversation or one of its messages.
    Returns the form for the reason, and logs nothing, if a reason is required first."""
    about = str(conversation.pk)
    if reason_required(request, about):
        return reason_form_response(request, about)
    what = StaffAccess.What.MESSAGE if message else StaffAccess.What.CONVERSATION
    StaffAccess.objects.record_conversation(
        cast(User, request.user), conversation, what, reason_of(request, about)
    )
    return None


def note_list(request: HttpRequest, purpose: str = "", filters: str = "") -> None:
    """Log that a list with the beginnings of messages was shown."""
    StaffAccess.objects.create(
        reader=cast(User, request.user),
        what=StaffAccess.What.LIST,
        purpose=purpose,
        filters=filters,
        reason=reason_of(request, REVIEW),
    )


def recently_opened(request: HttpRequest, conversation: Conversation) -> bool:
    """Whether this user has opened a page of the conversation within a working day."""
    since = timezone.now() - timedelta(seconds=REASON_SECONDS)
    pages = StaffAccess.objects.filter(reader=cast(User, request.user), conversation=conversation)
    return pages.filter(at__gte=since).exists()


def reason_required(request: HttpRequest, about: str) -> bool:
    """Whether a reason must be given first, by STAFF_ACCESS_REASON and earlier reasons."""
    asks = settings.STAFF_ACCESS_REASON
    if asks == "never" or (asks == "whole" and about == REVIEW):
        return False
    return not reason_of(request, about)


def reason_of(request: HttpRequest, about: str) -> str:
    """Reason stated in this session, or empty if there is none or it has expired."""
    reason, stated_at = request.session.get(KEY, {}).get(about, ("", 0))
    return str(reason) if time.time() - stated_at < REASON_SECONDS else ""


def save_reason(request: HttpRequest, about: str, reason: str) -> None:
    reasons = {**request.session.get(KEY, {}), about: (reason, time.time())}
    newest = sorted(reasons.items(), key=lambda one: one[1][1])[-MAX_REASONS:]
    request.session[KEY] = dict(newest)


def reason_form_response(request: HttpRequest, about: str, onward: str = "") -> HttpResponse:
    """Form for the reason; `onward` is the URL to go on to, by default the requested one."""
    form = ReasonForm(initial={"about": about, "next": onward or request.get_full_path()})
    return reason_form_page(request, form)


def reason_form_page(request: HttpRequest, form: ReasonForm) -> HttpResponse:
    context = admin.site.each_context(request)
    context |= {"title": _("Before you read"), "form": form}
    return TemplateResponse(request, "admin/feedback/reading.html", context)
