"""django-allauth's adapter of second factors: error messages of this site."""

from typing import ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": _(
            "Recovery codes are for accounts with an authenticator app or a passkey: set one up first."
        ),
        "incorrect_code": _("That code isn't right, or it has expired. Enter the next one."),
    }
