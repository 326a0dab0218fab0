"""django-allauth's account adapter: error messages, login stages, equal work for all names."""

from types import SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chatapp.limits.quotas import network_of

MISMATCH = _("The email or username and the password don't match. Check both.")


def _at_site_url(name: str, value: Any) -> Any:
    is_link = name.endswith("_url") and isinstance(value, str)
    return f"{settings.SITE_URL}{urlsplit(value).path}" if is_link else value


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": MISMATCH,
        "username_password_mismatch": MISMATCH,
        "email_taken": _("There is an account with this email already: sign in instead."),
        "duplicate_email": _("This is your email already."),
        "enter_current_password": _("That isn't your current password."),
        "incorrect_password": _("That isn't your password."),
        "too_many_login_attempts": _(
            "Too many failed tries. Wait five minutes, or reset your password."
        ),
        "rate_limited": _("Too many tries in a short time. Wait a minute, then try again."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Take what was typed for a username: the backend tries it as an email address too, and
        would check the password of an existing account twice, which takes longer."""
        if "username" in credentials and credentials.get("email") == credentials["username"]:
            del credentials["email"]
        return super().authenticate(request, **credentials)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Hash a password, as for a new account, so that signing up takes the same time."""
        make_password(get_random_string(8))
        super().send_account_already_exists_mail(email)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed logins are counted by account and network together: nobody can lock another out.

        allauth limits what one address may try at all accounts.
        """
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{network_of(self.get_client_ip(request))}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one mail, with links to SITE_URL if it is set: a request may name another host."""
        if settings.SITE_URL:
            context = {name: _at_site_url(name, value) for name, value in context.items()}
            context["current_site"] = SimpleNamespace(domain=urlsplit(settings.SITE_URL).netloc)
        super().send_mail(template_prefix, email, context)

    def get_login_stages(self) -> list[str]:
        """Dotted names of the stages. Named, not imported: allauth's stages can't be imported
        before their importers, and a system check may load this module first."""
        theirs = "allauth.account.stages.EmailVerificationStage"
        ours = "chatapp.accounts.login_stages.NonStaffEmailVerificationStage"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]
