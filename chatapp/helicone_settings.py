"""Helicone client settings from Django's settings."""

from django.conf import settings

from helicone import OPENAI_URL, Settings

# A local server needs no key, and the openai client doesn't work without one.
NO_KEY = "none"


def helicone_settings() -> Settings:
    """Raises helicone.InvalidValue, with a sentence, for an invalid key or URL.

    Without Helicone `gateway_url` is the provider's own, and there is no Helicone key.
    """
    key, gateway_url = settings.OPENAI_API_KEY, settings.HELICONE_GATEWAY_URL
    if settings.HELICONE == "ai-gateway":
        key = settings.HELICONE_API_KEY
    if settings.HELICONE == "off":
        gateway_url = settings.PROVIDER_URL or OPENAI_URL
    if settings.PROVIDER_URL:
        key = key or NO_KEY
    made = Settings(
        openai_api_key=key,
        helicone_api_key="" if settings.HELICONE == "off" else settings.HELICONE_API_KEY,
        gateway_url=gateway_url,
        api_url=settings.HELICONE_API_URL,
        app_url=settings.HELICONE_APP_URL,
        key_header=settings.PROVIDER_KEY_HEADER,
    )
    is_target = settings.PROVIDER_URL and settings.HELICONE != "off"
    return made.to_provider(settings.PROVIDER_URL) if is_target else made
