"""django-allauth's adapter of second factors: error messages, and encryption in the database."""

import base64
import logging
import secrets
from typing import ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)
SALT = "chatapp.accounts.mfa_adapter"
ENCRYPTED = "fernet:"  # what starts otherwise is from before secrets were encrypted


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": _(
            "Recovery codes are for accounts with an authenticator app or a passkey: set one up first."
        ),
        "incorrect_code": _("That code isn't right, or it has expired. Enter the next one."),
    }

    def encrypt(self, text: str) -> str:
        return ENCRYPTED + cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that nobody knows, so that no code is right, if no key reads it."""
        if not encrypted_text.startswith(ENCRYPTED):
            return encrypted_text
        try:
            return cipher().decrypt(encrypted_text.removeprefix(ENCRYPTED)).decode()
        except InvalidToken:
            log.error(
                "A second factor can't be read with SECRET_KEY. If the key was changed, add the"
                " earlier one to SECRET_KEY_FALLBACKS; else remove the factor in the admin."
            )
            return base64.b32encode(secrets.token_bytes(20)).decode()


def cipher() -> MultiFernet:
    """Encrypts with SECRET_KEY; reads what SECRET_KEY_FALLBACKS encrypted as well."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(fernet_key(key)) for key in keys])


def fernet_key(key: str) -> bytes:
    digest = salted_hmac(SALT, "", secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
