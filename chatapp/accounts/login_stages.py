"""Login stages of django-allauth between the password and the session."""

import allauth.account.internal  # noqa: F401 - first, since it and the next import each other
from allauth.account.stages import EmailVerificationStage
from django.http import HttpResponse


class NonStaffEmailVerificationStage(EmailVerificationStage):  # type: ignore[misc]
    """E-mail verification for all but staff, whose accounts often have no e-mail address."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user  # None while allauth hides that the account exists
        if user and user.is_staff:
            return None, True
        answer: tuple[HttpResponse | None, bool] = super().handle()
        return answer
