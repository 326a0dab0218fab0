"""Addresses and keys of Helicone, and of the provider behind it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from helicone import validation


@dataclass(frozen=True)
class Region:
    """The three addresses that belong together: OpenAI proxy, API and web UI."""

    gateway_url: str
    api_url: str
    app_url: str

    @classmethod
    def self_hosted(cls, host: str = "http://localhost") -> Region:
        """Helicone's own containers: API and gateway on 8585, web UI on 3000.

        A worker that runs by itself is the gateway on 8787: pass its address as `gateway_url`.
        """
        base = validation.url(host, "self-hosted Helicone")
        return cls(f"{base}:8585/v1/gateway/oai/v1", f"{base}:8585", f"{base}:3000")

    @classmethod
    def of_key(cls, helicone_api_key: str) -> Region:
        """The region a key belongs to: `helicone-eu` inside it means EU."""
        return EU if "helicone-eu" in helicone_api_key else US


US = Region("https://oai.helicone.ai/v1", "https://api.helicone.ai", "https://us.helicone.ai")
# The gateway is one for both: it tells an EU key by its name.
EU = Region("https://oai.helicone.ai/v1", "https://eu.api.helicone.ai", "https://eu.helicone.ai")
# The older name of the gateway, still routed in 2026-07.
LEGACY = Region("https://oai.hconeai.com/v1", US.api_url, US.app_url)
# The gateway for any OpenAI-compatible provider: see `Settings.to_provider`. Documentation, not run.
TARGET_GATEWAY_URL = "https://gateway.helicone.ai"
# Helicone's AI gateway: it takes the Helicone key in place of a provider's, and chooses the
# provider by the model's name. Documentation, not run.
AI_GATEWAY_URL = "https://ai-gateway.helicone.ai/v1"
# The provider itself, without Helicone.
OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True)
class Settings:
    """Keys and addresses, checked when made; InvalidValue says in a sentence what is wrong.

    Without a Helicone key the gateway still answers but logs nothing, and rating is impossible.
    `openai_api_key` is the provider's key; the Helicone key in its place, for the AI gateway, is
    sent once. `key_header` is a second header for it: Azure's "api-key".
    `target_url` is the provider's origin behind TARGET_GATEWAY_URL, as `to_provider` sets it.
    """

    openai_api_key: str = field(repr=False)
    helicone_api_key: str = field(default="", repr=False)
    gateway_url: str = US.gateway_url
    api_url: str = US.api_url
    app_url: str = US.app_url
    target_url: str = ""
    key_header: str = ""

    @classmethod
    def from_keys(
        cls,
        openai_api_key: str,
        helicone_api_key: str = "",
        *,
        region: Region | None = None,
        gateway_url: str = "",
        api_url: str = "",
        app_url: str = "",
        target_url: str = "",
    ) -> Settings:
        """Settings in the given region, else the key's own; an address left empty is the region's.

        So empty environment variables can be passed as they are.
        """
        home = region or Region.of_key(helicone_api_key)
        return cls(
            openai_api_key,
            helicone_api_key,
            gateway_url or home.gateway_url,
            api_url or home.api_url,
            app_url or home.app_url,
            target_url,
        )

    def to_provider(self, base_url: str) -> Settings:
        """Settings for the OpenAI-compatible provider with this base URL, behind `gateway_url`.

        Helicone takes the provider's origin as the target, and its path as the gateway's:
        https://api.example.org/openai/v1 is reached at https://gateway.helicone.ai/openai/v1.
        """
        parts = urlsplit(validation.url(base_url, "provider"))
        gateway_url, target_url = (
            f"{self.gateway_url}{parts.path}",
            f"{parts.scheme}://{parts.netloc}",
        )
        return replace(self, gateway_url=gateway_url, target_url=target_url)

    def __post_init__(self) -> None:
        validation.key(self.openai_api_key, "OpenAI")
        validation.key(self.helicone_api_key, "Helicone")
        for name, what in _ADDRESSES.items():
            object.__setattr__(self, name, validation.url(getattr(self, name), what))
        if self.target_url:
            object.__setattr__(self, "target_url", validation.url(self.target_url, "target"))


_ADDRESSES = {"gateway_url": "gateway", "api_url": "API", "app_url": "web UI"}
