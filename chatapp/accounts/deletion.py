"""GET and POST /accounts/delete/: the end of an account, and what stays elsewhere."""

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

from chatapp.accounts.decorators import name_to_type, of_a_person
from chatapp.accounts.erasing import erase
from chatapp.accounts.forms import EndForm
from chatapp.accounts.helicone_requests import sent_for
from chatapp.current_user import HtmxRequest
from chatapp.models import Conversation, User
from chatapp.views.responses import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_person
def end(request: HtmxRequest, person: User) -> HttpResponse:
    if request.method == "POST":
        return end_or_refuse(request, person)
    return shown(request, person, EndForm(person))


def end_or_refuse(request: HtmxRequest, person: User) -> HttpResponse:
    """Guessing a password here is under the same limit as elsewhere."""
    if refused := consume_or_429(request, action="reauthenticate", user=person):
        return refused  # type: ignore[no-any-return]
    form = EndForm(person, request.POST)
    if form.is_valid() and is_the_last_who_runs_this(person):
        words = _("Nobody else could run this site. Make somebody else superuser first.")
        form.add_error(None, words)
    if not form.is_valid():
        return shown(request, person, form, 422)
    erase(person)
    logout(request)
    notices.success(request, _("Your account and all that it held are gone."))
    response = SeeOther(reverse("home"))
    # Drafts, and what the browser kept of the pages. Others who sign in here see none of it.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def is_the_last_who_runs_this(person: User) -> bool:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    return person.is_superuser and not others.exists()


def shown(request: HtmxRequest, person: User, form: EndForm, status: int = 200) -> HttpResponse:
    sent = sent_for(person)
    context = {
        "form": form,
        "person": person,
        "username": name_to_type(person),
        "conversations": Conversation.objects.filter(user=person).count(),
        "ratings": person.ratings.exclude(value=None).count(),
        "sent": sent.count(),
        "reasons_sent": settings.HELICONE_SEND_REASONS,
    }
    return render(request, "account/end.html", context, status=status)
