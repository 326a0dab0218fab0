"""Delete an account with all its data: GET and POST /accounts/delete/."""

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

from chatapp.accounts.decorators import name_to_type, user_or_guest_required
from chatapp.accounts.forms import DeleteAccountForm
from chatapp.accounts.helicone_requests import requests_of
from chatapp.current_user import HtmxRequest
from chatapp.generation import runner
from chatapp.models import Conversation, Message, User
from chatapp.views.responses import SeeOther

BATCH = 50  # conversations a transaction


@require_http_methods(["GET", "HEAD", "POST"])
@user_or_guest_required
def delete_account(request: HtmxRequest, person: User) -> HttpResponse:
    if request.method == "POST":
        return end_or_refuse(request, person)
    return shown(request, person, DeleteAccountForm(person))


def end_or_refuse(request: HtmxRequest, person: User) -> HttpResponse:
    """Guessing a password here is under the same limit as elsewhere."""
    if refused := consume_or_429(request, action="reauthenticate", user=person):
        return refused  # type: ignore[no-any-return]
    form = DeleteAccountForm(person, request.POST)
    if form.is_valid() and is_last_superuser(person):
        words = _("Nobody else could run this site. Make somebody else superuser first.")
        form.add_error(None, words)
    if not form.is_valid():
        return shown(request, person, form, 422)
    delete_user_data(person)
    logout(request)
    notices.success(request, _("Your account and all its data were deleted."))
    response = SeeOther(reverse("home"))
    # Drafts, and what the browser kept of the pages. Others who sign in here see none of it.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def is_last_superuser(person: User) -> bool:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    return person.is_superuser and not others.exists()


def shown(
    request: HtmxRequest, person: User, form: DeleteAccountForm, status: int = 200
) -> HttpResponse:
    sent = requests_of(person)
    context = {
        "form": form,
        "current_user": person,
        "username": name_to_type(person),
        "conversations": Conversation.objects.filter(user=person).count(),
        "ratings": person.ratings.exclude(value=None).count(),
        "sent": sent.count(),
        "reasons_sent": settings.HELICONE_SEND_REASONS,
    }
    return render(request, "account/delete.html", context, status=status)


def delete_user_data(person: User) -> None:
    """Conversations first, in small transactions: others chat meanwhile. If that is cut short, the
    account is still there to try again with. Sessions end by themselves: theirs is nobody's.

    What a team keeps of its own work stays without a name: who decided, who read, who wrote a
    prompt. That somebody of the team once opened a rated answer stays, without which.
    """
    for answer in Message.objects.filter(conversation__user=person).running():
        runner.stop(answer)
    own = Conversation.objects.filter(user=person)
    while batch := list(own.values_list("pk", flat=True)[:BATCH]):
        Conversation.objects.filter(pk__in=batch).delete()
    with transaction.atomic():
        # Who sends a message at this moment waits for this lock, and finds nobody.
        User.objects.select_for_update().filter(pk=person.pk).first()
        forget_sign_ins(person)
        person.delete()


def forget_sign_ins(person: User) -> None:
    """Rows of a provider that was offered once and no more is: Django doesn't know them then."""
    table = "socialaccount_socialaccount"
    if apps.is_installed("allauth.socialaccount"):
        return
    if table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE user_id = %s", [person.pk])  # noqa: S608 - a name of ours
