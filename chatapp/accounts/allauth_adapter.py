"""django-allauth's account adapter: error messages and login stages of this site."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MISMATCH = _("The email or username and the password don't match. Check both.")


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

    def get_login_stages(self) -> list[str]:
        """Dotted names of the stages. Named, not imported: allauth's stages can't be imported
        before their importers, and a system check may load this module first."""
        theirs = "allauth.account.stages.EmailVerificationStage"
        ours = "chatapp.accounts.login_stages.NonStaffEmailVerificationStage"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]
