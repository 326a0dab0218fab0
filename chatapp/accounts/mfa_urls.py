"""URLs of django-allauth's pages of second factors that this site has templates for.

Each view is imported when it is first asked for: with cryptography and fido2 they take 11 MB and a
tenth of a second of every start, and most processes never show one.
"""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.utils.module_loading import import_string
from django.views.generic import RedirectView


def view(name: str) -> Callable[..., HttpResponseBase]:
    """A view below allauth.mfa, such as "base.views.index"."""

    def imported(request: HttpRequest, **kwargs: int) -> HttpResponseBase:
        response: HttpResponseBase = import_string(f"allauth.mfa.{name}")(request, **kwargs)
        return response

    return imported


urlpatterns = [
    path("", view("base.views.index"), name="mfa_index"),
    path(
        "sign-in/",
        login_not_required(view("base.views.authenticate")),  # the second step of it
        name="mfa_authenticate",
    ),
    path("confirm/", view("base.views.reauthenticate"), name="mfa_reauthenticate"),
    path("app/", view("totp.views.activate_totp"), name="mfa_activate_totp"),
    path("app/remove/", view("totp.views.deactivate_totp"), name="mfa_deactivate_totp"),
    path(
        "codes/", view("recovery_codes.views.view_recovery_codes"), name="mfa_view_recovery_codes"
    ),
    path(
        "codes/new/",
        view("recovery_codes.views.generate_recovery_codes"),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "codes/download/",
        view("recovery_codes.views.download_recovery_codes"),
        name="mfa_download_recovery_codes",
    ),
    path("passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("passkeys/add/", view("webauthn.views.add_webauthn"), name="mfa_add_webauthn"),
    path(
        "passkeys/confirm/",
        view("webauthn.views.reauthenticate_webauthn"),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "passkeys/<int:pk>/remove/",
        view("webauthn.views.remove_webauthn"),
        name="mfa_remove_webauthn",
    ),
]
