"""Sessions of a user, listed and ended: GET and POST /accounts/sessions/."""

from __future__ import annotations

from typing import cast

from allauth.usersessions.models import UserSession
from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chatapp.current_user import HtmxRequest
from chatapp.models import User
from chatapp.views.responses import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sessions(request: HtmxRequest) -> HttpResponse:
    user = cast(User, request.user)
    UserSession.objects.create_from_request(request)  # signed in before sessions were listed
    if request.method == "POST":
        return end_others(request, user, request.POST.get("session", ""))
    listed = UserSession.objects.purge_and_list(user)
    newest_first = sorted(listed, key=lambda session: session.last_seen_at, reverse=True)
    return render(request, "account/sessions.html", {"sessions": newest_first})


def end_others(request: HtmxRequest, user: User, chosen: str) -> HttpResponse:
    """End the chosen session of this user, or all; never the session of the request."""
    others = UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key)
    if chosen:
        others = others.filter(pk=int(chosen) if chosen.isdecimal() else None)
    for session in others:
        session.end()
    notices.success(request, _("Signed out there."))
    return SeeOther(reverse("account_sessions"))
