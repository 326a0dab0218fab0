"""Context of all templates: settings of the site and the current user."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from chatapp.current_user import current_user
from chatapp.io.mail import mailer

THEME_COOKIE = "theme"
THEMES = ("light", "dark")


def site(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "languages": settings.LANGUAGES,
        "theme": theme if theme in THEMES else "",
        "sandbox": settings.SANDBOX,
        "without_helicone": settings.HELICONE == "off",
        "deleted_keep_days": settings.DELETED_KEEP_DAYS,
        "temporary_hours": settings.TEMPORARY_HOURS,
        "guests": settings.GUESTS,
        "oidc_name": settings.OIDC_NAME if settings.OIDC else "",
        "mail_is_printed": settings.MAIL_IS_PRINTED,
        "mail_is_failing": mailer.is_failing,
        "message_max_length": settings.MESSAGE_MAX_LENGTH,
        "current_user": current_user(request) if hasattr(request, "user") else None,
    }
