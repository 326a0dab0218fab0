"""Who is chatting: somebody signed in, or the guest of this session."""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from chatapp.models import User

GUEST_KEY = "guest"


class HtmxRequest(HttpRequest):
    """A request that has passed the middleware of django-htmx. For type checkers."""

    htmx: HtmxDetails


def current_user(request: HttpRequest) -> User | None:
    """The user signed in, else the guest whom this session knows, else None. Asked once a request."""
    if request.user.is_authenticated:
        return request.user
    if not hasattr(request, "_guest"):
        pk = request.session.get(GUEST_KEY) if settings.GUESTS else None
        guest = User.objects.filter(pk=pk, is_guest=True).first() if pk else None
        request._guest = guest  # type: ignore[attr-defined]
    return request._guest  # type: ignore[attr-defined,no-any-return]


def current_user_or_guest(request: HttpRequest) -> User | None:
    """As `person_of`, but a visitor becomes a guest. None only where guests are turned off.

    The cookie is all that a guest has: with each new conversation it lives on from now. And it is
    a new one for a new guest, so that nobody knows it who may have known the visitor's.
    """
    person = current_user(request)
    if person is None and settings.GUESTS:
        person = User.objects.create_guest()
        request.session.cycle_key()
        request.session[GUEST_KEY] = person.pk
        request._guest = person  # type: ignore[attr-defined]
    elif person is not None and person.is_guest:
        request.session.modified = True
    return person


@receiver(user_logged_in)
def adopt_guest(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Signing up or in takes the guest's conversations and ratings along."""
    if guest_pk := request.session.pop(GUEST_KEY, None):
        user.adopt(guest_pk)
