"""Account deletion with all data: GET and POST /accounts/delete/."""

from __future__ import annotations

from allauth.core.ratelimit import consume_or_429
from django.apps import apps
from django.conf import settings
from django.contrib import messages as notices
from django.contrib.auth import logout
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chatapp.accounts.decorators import confirmation_name, user_or_guest_required
from chatapp.accounts.forms import DeleteAccountForm
from chatapp.accounts.helicone_requests import requested_answers
from chatapp.current_user import HtmxRequest
from chatapp.generation import runner
from chatapp.models import Conversation, Message, User
from chatapp.views.responses import SeeOther

BATCH = 50  # conversations a transaction


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
    delete_user_data(user)
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


def delete_user_data(user: User) -> None:
    """Delete a user with all data: conversations first, in small transactions, so that locks are
    short. If interrupted, the account is still there to repeat it. Sessions become anonymous.

    Staff work stays without the user's name: decisions, accesses, prompt versions. Entries of the
    access log about the user's rated answers stay without the answer.
    """
    for answer in Message.objects.filter(conversation__user=user).running():
        runner.stop(answer)
    own = Conversation.objects.filter(user=user)
    while batch := list(own.values_list("pk", flat=True)[:BATCH]):
        Conversation.objects.filter(pk__in=batch).delete()
    with transaction.atomic():
        # A message submitted at this moment waits for this lock, then finds no user.
        User.objects.select_for_update().filter(pk=user.pk).first()
        delete_social_accounts(user)
        user.delete()


def delete_social_accounts(user: User) -> None:
    """Delete rows of an identity provider that is configured no more: Django has no model then."""
    table = "socialaccount_socialaccount"
    if apps.is_installed("allauth.socialaccount"):
        return
    if table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE user_id = %s", [user.pk])  # noqa: S608 - a constant
