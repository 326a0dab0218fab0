"""Decorator of the account pages that guests have too."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseBase

from chatapp.current_user import HtmxRequest, current_user
from chatapp.models import User

View = Callable[[HtmxRequest], HttpResponseBase]
UserView = Callable[[HtmxRequest, User], HttpResponseBase]


def user_or_guest_required(view: UserView) -> View:
    """Pass the current user or guest to the view; redirect anyone else to the login page."""

    @wraps(view)
    def wrapped(request: HtmxRequest) -> HttpResponseBase:
        user = current_user(request)
        return view(request, user) if user else redirect_to_login(request.get_full_path())

    return wrapped


def confirmation_name(user: User) -> str:
    """The name that users without a password type to confirm; shortened for guests."""
    return user.username[:14] if user.is_guest else user.username
