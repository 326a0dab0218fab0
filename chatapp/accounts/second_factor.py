"""Second factor of staff: required where the site says so, asked for again where it matters."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from chatapp.models import User

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class StaffSecondFactor:
    """Middleware of the admin. Lead staff without a second factor to set one up, if the site
    requires it; ask for it again before `settings.CONFIRMED_PAGES`, or for the password where
    there is no second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        page = request.resolver_match.view_name if request.resolver_match else ""
        if not page.startswith("admin:") or page in settings.UNCONFIRMED_PAGES:
            return None
        if not (request.user.is_authenticated and request.user.is_staff):
            return None  # Django's admin refuses
        required = settings.STAFF_MFA == "required"
        confirmed = page in settings.CONFIRMED_PAGES and not only_reads_list(request, page)
        if not (required or confirmed):
            return None
        user = request.user
        has_factor = is_mfa_enabled(user, FACTORS)
        if required and not has_factor:
            notices.warning(request, _("Staff need a second factor here. Set one up to go on."))
            return redirect("mfa_index")
        if required and not records(request, user, "mfa"):
            return ask_again(request, page, user, has_factor)
        if confirmed and not is_confirmed(request, user, has_factor):
            return ask_again(request, page, user, has_factor)
        return None


def only_reads_list(request: HttpRequest, page: str) -> bool:
    """Return whether a request just reads a list, which has deeds of its own in its actions."""
    return page.endswith("_changelist") and request.method in ("GET", "HEAD")


def records(request: HttpRequest, user: User, method: str = "") -> list[dict[str, Any]]:
    """Return how and when this session proved to be the user's: all ways, or by one method."""
    found: list[dict[str, Any]] = get_authentication_records(request, user)
    return [record for record in found if method in ("", record["method"])]


def is_confirmed(request: HttpRequest, user: User, has_factor: bool) -> bool:
    """Return whether the user proved again who this is, within the time for it: by the second
    factor if there is one. Users who have neither it nor a password sign in by a provider, which
    can't be asked."""
    if not has_factor and not user.has_usable_password():
        return True
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(
        record.get("reauthenticated") and record["at"] > since
        for record in records(request, user, "mfa" if has_factor else "")
    )


def ask_again(request: HttpRequest, page: str, user: User, has_factor: bool) -> HttpResponse:
    """Redirect to where the user proves it, and from there back: after a post to the page of its
    form."""
    form_page = settings.CONFIRMED_PAGES.get(page, "") if request.method == "POST" else ""
    back = reverse(form_page) if form_page else request.get_full_path()
    if not has_factor:
        way = "account_reauthenticate"
    elif is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]):
        way = "mfa_reauthenticate"
    else:
        way = "mfa_reauthenticate_webauthn"
    return redirect(f"{reverse(way)}?{urlencode({'next': back})}")
