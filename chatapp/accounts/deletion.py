"""Page of account deletion: GET and POST /accounts/delete/."""

from __future__ import annotations

from allauth.core.ratelimit import consume_or_429
from django.conf import settings
from django.contrib import messages as notices
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chatapp.accounts.decorators import confirmation_name, user_or_guest_required
from chatapp.accounts.forms import DeleteAccountForm
from chatapp.accounts.helicone_requests import requested_answers
from chatapp.current_user import HtmxRequest
from chatapp.erasure import delete_user
from chatapp.models import Conversation, User
from chatapp.views.responses import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@user_or_guest_required
def delete_account(request: HtmxRequest, user: User) -> HttpResponse:
    if request.method == "POST":
        return delete_or_reject(request, user)
    return form_response(request, user, DeleteAccountForm(user))


def delete_or_reject(request: HtmxRequest, user: User) -> HttpResponse:
    """Delete the account if the form is valid. Password attempts have allauth's rate limit."""
    if rejection := consume_or_429(request, action="reauthenticate", user=user):
        return rejection  # type: ignore[no-any-return]
    form = DeleteAccountForm(user, request.POST)
    if form.is_valid() and is_last_superuser(user):
        message = _("Nobody else could run this site. Make somebody else superuser first.")
        form.add_error(None, message)
    if not form.is_valid():
        return form_response(request, user, form, 422)
    delete_user(user)
    logout(request)
    notices.success(request, _("Your account and all its data were deleted."))
    response = SeeOther(reverse("home"))
    # Drafts and cached pages, so that no other user of this browser sees them.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def is_last_superuser(user: User) -> bool:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    return user.is_superuser and not others.exists()


def form_response(
    request: HtmxRequest, user: User, form: DeleteAccountForm, status: int = 200
) -> HttpResponse:
    sent_requests = requested_answers(user)
    context = {
        "form": form,
        "current_user": user,
        "username": confirmation_name(user),
        "conversations": Conversation.objects.filter(user=user).count(),
        "sent": sent_requests.count(),
        "reasons_sent": settings.HELICONE_SEND_REASONS,
    }
    return render(request, "account/delete.html", context, status=status)
