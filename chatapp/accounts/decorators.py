"""Views of what is a person's own, without an id in the address: guests have it too."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseBase

from chatapp.current_user import HtmxRequest, current_user
from chatapp.models import User

View = Callable[[HtmxRequest], HttpResponseBase]
Own = Callable[[HtmxRequest, User], HttpResponseBase]


def user_or_guest_required(view: Own) -> View:
    """The view is given who it is; somebody nobody knows is sent to sign in."""

    @wraps(view)
    def known(request: HtmxRequest) -> HttpResponseBase:
        person = current_user(request)
        return view(request, person) if person else redirect_to_login(request.get_full_path())

    return known


def name_to_type(person: User) -> str:
    """What somebody without a password types instead: short enough where it is made of an id."""
    return person.username[:14] if person.is_guest else person.username
