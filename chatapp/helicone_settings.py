"""Helicone as this site's settings name it."""

from django.conf import settings

from helicone import Settings


def helicone_settings() -> Settings:
    """Raises helicone.InvalidValue, with a sentence, for a key or an address that can't be."""
    return Settings(
        openai_api_key=settings.OPENAI_API_KEY,
        helicone_api_key=settings.HELICONE_API_KEY,
        gateway_url=settings.HELICONE_GATEWAY_URL,
        api_url=settings.HELICONE_API_URL,
        app_url=settings.HELICONE_APP_URL,
    )
