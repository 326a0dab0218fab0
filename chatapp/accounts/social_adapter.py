"""Error messages of login by a provider. Imported only if one is configured."""

from typing import Any, ClassVar

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.utils.translation import gettext_lazy as _


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultSocialAccountAdapter.error_messages,
        # The placeholder is django-allauth's: the provider's name.
        "email_taken": _(
            "There is an account with this email already, and %s doesn't say that it is yours: "
            "sign in with its password instead."
        ),
    }
