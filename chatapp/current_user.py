"""The current user of a request: signed in, or the guest of the session."""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from chatapp.models import User
from chatapp.prepared import Select, given

GUEST_KEY = "guest"
GUEST = Select(lambda: User.objects.filter(pk=given(User, "id"), is_guest=True))


class HtmxRequest(HttpRequest):
    """A request with the attribute that django-htmx's middleware adds. For type checkers."""

    htmx: HtmxDetails


def current_user(request: HttpRequest) -> User | None:
    """The signed-in user, else the session's guest, else None. One query per request at most."""
    if request.user.is_authenticated:
        return request.user
    if not hasattr(request, "_guest"):
        pk = request.session.get(GUEST_KEY) if settings.GUESTS else None
        guest = GUEST.first(id=pk) if pk else None
        request._guest = guest  # type: ignore[attr-defined]
    return request._guest  # type: ignore[attr-defined,no-any-return]


def current_user_or_guest(request: HttpRequest) -> User | None:
    """Like `current_user`, but creates a guest for a new visitor. None only if guests are disabled.

    Extends a guest's session, which is their only credential. A new guest gets a new session key,
    against session fixation.
    """
    user = current_user(request)
    if user is None and settings.GUESTS:
        user = User.objects.create_guest()
        if request.session.session_key:
            request.session.cycle_key()
        request.session[GUEST_KEY] = user.pk
        request._guest = user  # type: ignore[attr-defined]
    elif user is not None and user.is_guest:
        request.session.modified = True
    return user


@receiver(user_logged_in)
def adopt_guest(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Move the guest's conversations and ratings to the user who logs in or signs up."""
    if guest_pk := request.session.pop(GUEST_KEY, None):
        user.adopt(guest_pk)
