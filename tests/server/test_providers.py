"""The settings of each provider: where questions go and with which key, and what can't be combined."""

from pathlib import Path
from typing import Any

import pytest

from chatapp.configuration.combinations import has_provider, is_local
from tests.server.test_settings import found, run

HELICONE_KEY = "sk-helicone-abcdefg-abcdefg-abcdefg-abcdefg"
EU_KEY = "sk-helicone-eu-abcdefg-abcdefg-abcdefg-abcdefg"
ASKED = """
from chatapp.helicone_settings import helicone_settings
where = helicone_settings()
print(where.gateway_url, where.target_url or "-", where.openai_api_key)
print(where.helicone_api_key or "-", where.key_header or "-", where.api_url)
"""
PROVIDERS = {
    "OpenAI": (
        {"OPENAI_API_KEY": "sk-o", "HELICONE_API_KEY": HELICONE_KEY},
        "https://oai.helicone.ai/v1 - sk-o",
        f"{HELICONE_KEY} - https://api.helicone.ai",
    ),
    "EU": (
        {"OPENAI_API_KEY": "sk-o", "HELICONE_API_KEY": EU_KEY},
        "https://oai.helicone.ai/v1 - sk-o",
        f"{EU_KEY} - https://eu.api.helicone.ai",
    ),
    "Azure": (
        {
            "OPENAI_API_KEY": "azure",
            "AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com/",
            "HELICONE_API_KEY": HELICONE_KEY,
        },
        "https://gateway.helicone.ai/openai/v1 https://r.openai.azure.com azure",
        f"{HELICONE_KEY} api-key https://api.helicone.ai",
    ),
    "Azure by its base URL, without Helicone": (
        {
            "OPENAI_API_KEY": "azure",
            "AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com/openai/v1/",
            "HELICONE": "off",
        },
        "https://r.openai.azure.com/openai/v1 - azure",
        "- api-key https://api.helicone.ai",
    ),
    "compatible": (
        {
            "OPENAI_API_KEY": "gsk",
            "PROVIDER_URL": "https://api.groq.com/openai/v1",
            "HELICONE_API_KEY": HELICONE_KEY,
        },
        "https://gateway.helicone.ai/openai/v1 https://api.groq.com gsk",
        f"{HELICONE_KEY} - https://api.helicone.ai",
    ),
    "AI gateway": (
        {"HELICONE": "ai-gateway", "HELICONE_API_KEY": HELICONE_KEY, "OPENAI_API_KEY": "sk-unused"},
        f"https://ai-gateway.helicone.ai/v1 - {HELICONE_KEY}",
        f"{HELICONE_KEY} - https://api.helicone.ai",
    ),
    "self-hosted": (
        {
            "OPENAI_API_KEY": "sk-o",
            "HELICONE_API_KEY": HELICONE_KEY,
            "HELICONE_GATEWAY_URL": "http://h:8585/v1/gateway/oai/v1",
            "HELICONE_API_URL": "http://h:8585",
        },
        "http://h:8585/v1/gateway/oai/v1 - sk-o",
        f"{HELICONE_KEY} - http://h:8585",
    ),
    "a local server": (
        {
            "PROVIDER_URL": "http://localhost:11434/v1",
            "HELICONE": "off",
            "HELICONE_API_KEY": HELICONE_KEY,
        },
        "http://localhost:11434/v1 - none",
        "- - https://api.helicone.ai",
    ),
    "OpenAI without Helicone": (
        {"OPENAI_API_KEY": "sk-o", "HELICONE": "off"},
        "https://api.openai.com/v1 - sk-o",
        "- - https://api.helicone.ai",
    ),
}


@pytest.mark.parametrize("name", PROVIDERS)
def test_each_provider_by_its_settings(tmp_path: Path, name: str) -> None:
    environment, asked, logged = PROVIDERS[name]
    findings = found(**environment)
    assert findings.errors + findings.warnings == []
    assert has_provider(findings.texts)
    script = f"import django; django.setup(){ASKED}"
    done = run(tmp_path, "-c", script, DJANGO_SETTINGS_MODULE="chatapp.settings", **environment)
    assert done.stdout.splitlines() == [asked, logged], done.stderr


ON = {"OPENAI_API_KEY": "sk-o", "HELICONE_API_KEY": HELICONE_KEY}
AZURE = {"AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com"}
OTHER = {"PROVIDER_URL": "https://api.example.org/v1"}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (ON | AZURE | OTHER, "PROVIDER_URL and AZURE_OPENAI_ENDPOINT name two providers"),
        (AZURE, "AZURE_OPENAI_ENDPOINT needs the key of that resource, in OPENAI_API_KEY"),
        ({"HELICONE": "ai-gateway"}, "HELICONE=ai-gateway needs HELICONE_API_KEY"),
        (ON | OTHER | {"HELICONE": "ai-gateway"}, "PROVIDER_URL doesn't go with HELICONE=ai-"),
        (ON | AZURE | {"HELICONE": "ai-gateway"}, "AZURE_OPENAI_ENDPOINT doesn't go with"),
        ({"HELICONE": "off"}, "HELICONE=off needs PROVIDER_URL, or OPENAI_API_KEY"),
        (ON | {"HELICONE": "off", "HELICONE_MODERATION": "true"}, "HELICONE_MODERATION doesn't"),
        (ON | {"HELICONE": "off", "HELICONE_GATEWAY_URL": "http://h"}, "HELICONE_GATEWAY_URL d"),
        (ON | {"PROVIDER_URL": "http://127.0.0.1:8000/v1"}, "PROVIDER_URL is in this network"),
    ],
)
def test_what_does_not_go_together_is_one_sentence_and_stops_the_start(
    settings: dict[str, Any], sentence: str
) -> None:
    (said,) = found(**settings).errors
    assert said.startswith(sentence)
    assert said.endswith(".")


@pytest.mark.parametrize(
    "settings",
    [
        ON | {"PROVIDER_URL": "http://10.0.0.7/v1", "HELICONE_GATEWAY_URL": "http://h:8787"},
        ON | {"HELICONE": "off", "HELICONE_MODERATION": "false"},
        {"HELICONE_API_KEY": HELICONE_KEY},
        {},
    ],
)
def test_what_goes_together_is_taken(settings: dict[str, Any]) -> None:
    assert found(**settings).errors == []


def test_without_a_provider_the_sandbox_answers() -> None:
    assert not has_provider(found(HELICONE_API_KEY=HELICONE_KEY).texts)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("", False),
        ("https://api.example.org/v1", False),
        ("https://8.8.8.8/v1", False),
        ("http://localhost:11434/v1", True),
        ("http://ollama:11434/v1", True),
        ("http://192.168.1.5/v1", True),
        ("http://[::1]:8000/v1", True),
    ],
)
def test_local_addresses(url: str, local: bool) -> None:
    assert is_local(url) is local
