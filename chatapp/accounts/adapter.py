"""Who has to confirm an email, and what goes wrong in words that say what to do about it."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.stages import EmailVerificationStage
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MISMATCH = _("That email or username and that password don't belong together. Check both.")


class EmailVerificationOfOthers(EmailVerificationStage):  # type: ignore[misc]
    """Staff are made by who runs the site, often without an email: they'd never get in."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user  # None while it is hidden that somebody has an account
        if user and user.is_staff:
            return None, True
        answer: tuple[HttpResponse | None, bool] = super().handle()
        return answer


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
        theirs = "allauth.account.stages.EmailVerificationStage"
        ours = f"{__name__}.{EmailVerificationOfOthers.__name__}"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]
