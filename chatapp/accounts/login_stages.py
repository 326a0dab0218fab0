"""What stands between the right password and being signed in."""

import allauth.account.internal  # noqa: F401 - first, since it and the next import each other
from allauth.account.stages import EmailVerificationStage
from django.http import HttpResponse


class EmailVerificationOfOthers(EmailVerificationStage):  # type: ignore[misc]
    """Staff are made by who runs the site, often without an email: they'd never get in."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user  # None while it is hidden that somebody has an account
        if user and user.is_staff:
            return None, True
        answer: tuple[HttpResponse | None, bool] = super().handle()
        return answer
