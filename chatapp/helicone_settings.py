"""Helicone client settings from Django's settings."""

from django.conf import settings

from helicone import Settings


def helicone_settings() -> Settings:
    """Raises helicone.InvalidValue, with a sentence, for an invalid key or URL."""
    return Settings(
        openai_api_key=settings.OPENAI_API_KEY,
        helicone_api_key=settings.HELICONE_API_KEY,
        gateway_url=settings.HELICONE_GATEWAY_URL,
        api_url=settings.HELICONE_API_URL,
        app_url=settings.HELICONE_APP_URL,
    )
