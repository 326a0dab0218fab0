"""Before staff read: what for, where a site asks that; and an entry in the log in any case."""

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
# What rated answers are read for, where that is asked, and what they are taken out of the site for,
# is said once a working day; for a conversation, each its own.
REVIEW, EXPORT = "review", "export"
LASTS = 8 * 60 * 60
MOST = 20


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
    """Logs that a conversation, or one message of it, is read; the page that asks what for
    where that has to be said first."""
    about = str(conversation.pk)
    if reason_required(request, about):
        return reason_form_response(request, about)
    what = StaffAccess.What.MESSAGE if message else StaffAccess.What.CONVERSATION
    StaffAccess.objects.record_conversation(
        cast(User, request.user), conversation, what, reason_of(request, about)
    )
    return None


def note_list(request: HttpRequest, purpose: str = "", filters: str = "") -> None:
    """That a list was handed out with the beginnings of what was said."""
    StaffAccess.objects.create(
        reader=cast(User, request.user),
        what=StaffAccess.What.LIST,
        purpose=purpose,
        filters=filters,
        reason=reason_of(request, REVIEW),
    )


def recently_opened(request: HttpRequest, conversation: Conversation) -> bool:
    """Whether this reader got a page of this conversation within a working day."""
    lately = timezone.now() - timedelta(seconds=LASTS)
    pages = StaffAccess.objects.filter(reader=cast(User, request.user), conversation=conversation)
    return pages.filter(at__gte=lately).exists()


def reason_required(request: HttpRequest, about: str) -> bool:
    """Nobody is asked, or everybody each time, or whoever reads more than rated answers for their
    review."""
    asks = settings.STAFF_ACCESS_REASON
    if asks == "never" or (asks == "whole" and about == REVIEW):
        return False
    return not reason_of(request, about)


def reason_of(request: HttpRequest, about: str) -> str:
    """What this session said it reads this for; empty if it didn't, or too long ago."""
    reason, said_at = request.session.get(KEY, {}).get(about, ("", 0))
    return str(reason) if time.time() - said_at < LASTS else ""


def keep(request: HttpRequest, about: str, reason: str) -> None:
    said = {**request.session.get(KEY, {}), about: (reason, time.time())}
    newest = sorted(said.items(), key=lambda one: one[1][1])[-MOST:]
    request.session[KEY] = dict(newest)


def reason_form_response(request: HttpRequest, about: str, onward: str = "") -> HttpResponse:
    """`onward` is where the answer leads, if it isn't what was asked for."""
    form = ReasonForm(initial={"about": about, "next": onward or request.get_full_path()})
    return asking(request, form)


def asking(request: HttpRequest, form: ReasonForm) -> HttpResponse:
    context = admin.site.each_context(request)
    context |= {"title": _("Before you read"), "form": form}
    return TemplateResponse(request, "admin/feedback/reading.html", context)
