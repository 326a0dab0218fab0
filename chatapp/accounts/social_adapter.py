"""Login by a provider: error messages, and checks of what it sends. Imported only if one is configured."""

from functools import partial
from typing import Any, ClassVar

from allauth.socialaccount import app_settings
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.utils.translation import gettext_lazy as _

from chatapp.accounts.oidc_adapter import CheckedAdapter
from chatapp.accounts.oidc_session import BoundedSession


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultSocialAccountAdapter.error_messages,
        # The placeholder is django-allauth's: the provider's name.
        "email_taken": _(
            "There is an account with this email already, and %s doesn't say that it is yours: "
            "sign in with its password instead."
        ),
    }

    def get_provider(self, *args: Any, **kwargs: Any) -> Any:
        provider = super().get_provider(*args, **kwargs)
        provider.oauth2_adapter_class = CheckedAdapter
        return provider

    def get_requests_session(self) -> BoundedSession:
        """As allauth's, with its time limit of each read."""
        session = BoundedSession()
        session.request = partial(session.request, timeout=app_settings.REQUESTS_TIMEOUT)  # type: ignore[method-assign]
        return session
