"""Checks which settings of the provider and of Helicone go together."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from chatapp.configuration.kinds import FALSE

ADDRESSES = ("PROVIDER_URL", "AZURE_OPENAI_ENDPOINT")
# What Helicone does on a question's way to the model.
ON_THE_WAY = (
    "HELICONE_GATEWAY_URL",
    "HELICONE_RATE_LIMIT_POLICY",
    "HELICONE_MODERATION",
    "HELICONE_PROMPT_SECURITY",
)


def has_provider(values: Mapping[str, Any]) -> bool:
    """Whether a model can be asked; where it can't, the sandbox answers."""
    named = any(values[name] for name in ("OPENAI_API_KEY", *ADDRESSES))
    return named or values["HELICONE"] == "ai-gateway"


def conflicts(texts: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each combination that can't work, by the text of each setting."""
    given = {name for name, text in texts.items() if text and text not in FALSE}
    if given.issuperset(ADDRESSES):
        yield "PROVIDER_URL and AZURE_OPENAI_ENDPOINT name two providers: set one of them."
    if "AZURE_OPENAI_ENDPOINT" in given and "OPENAI_API_KEY" not in given:
        yield "AZURE_OPENAI_ENDPOINT needs the key of that resource, in OPENAI_API_KEY."
    match texts["HELICONE"]:
        case "on":
            yield from _unreachable(texts, given)
        case "ai-gateway":
            yield from _with_ai_gateway(given)
        case "off":
            yield from _without_helicone(texts, given)


def _unreachable(texts: Mapping[str, str], given: set[str]) -> Iterator[str]:
    if is_local(texts["PROVIDER_URL"]) and "HELICONE_GATEWAY_URL" not in given:
        yield (
            "PROVIDER_URL is in this network, where Helicone's gateway can't reach it: set"
            " HELICONE=off, or HELICONE_GATEWAY_URL to a Helicone in this network."
        )


def _with_ai_gateway(given: set[str]) -> Iterator[str]:
    if "HELICONE_API_KEY" not in given:
        yield "HELICONE=ai-gateway needs HELICONE_API_KEY, which it takes for a provider's key."
    for name in ADDRESSES:
        if name in given:
            yield (
                f"{name} doesn't go with HELICONE=ai-gateway, which chooses the provider by the"
                " model's name."
            )


def _without_helicone(texts: Mapping[str, str], given: set[str]) -> Iterator[str]:
    if not has_provider(texts):
        yield "HELICONE=off needs PROVIDER_URL, or OPENAI_API_KEY for OpenAI itself."
    for name in ON_THE_WAY:
        if name in given:
            yield f"{name} doesn't go with HELICONE=off: it is for Helicone."


def is_local(url: str) -> bool:
    """Whether an address is of this machine or network: no dot in its host, or a private number."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return bool(host) and "." not in host
