"""manage.py check_helicone: which step fails, and what to do."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from sandbox.settings import WRITE_ONLY_KEY
from tests.sandbox_process import SandboxProcess


def check(patience: float = 5) -> str:
    out = io.StringIO()
    call_command("check_helicone", f"--patience={patience}", stdout=out)
    return out.getvalue()


def test_when_everything_works_it_says_so_and_the_rating_is_there(sandbox: SandboxProcess) -> None:
    assert "Everything works." in check()
    request = sandbox.request()
    assert request["rating"] is True
    assert request["properties"]["rapport-check"] == "true"


def test_it_finds_the_wrong_helicone_key_that_the_gateway_accepts(
    sandbox: SandboxProcess, settings: Any
) -> None:
    settings.HELICONE_API_KEY = "sk-helicone-unknown-0000000-0000000-0000009"
    with pytest.raises(CommandError, match="doesn't know the key.*correct HELICONE_API_KEY"):
        check()


def test_it_finds_a_request_that_was_never_logged(sandbox: SandboxProcess) -> None:
    sandbox.settings(ingest_delay_min=60, ingest_delay_max=60)
    with pytest.raises(CommandError, match="didn't log it within 1 s"):
        check(patience=1)


def test_it_finds_a_key_that_may_not_read(sandbox: SandboxProcess, settings: Any) -> None:
    settings.HELICONE_API_KEY = "sk-helicone-readonly-0000000-0000000-0000001"
    with pytest.raises(CommandError, match="lacks a right"):
        check()


def test_it_finds_a_rating_that_is_not_kept(sandbox: SandboxProcess) -> None:
    sandbox.settings(write_delay=60)
    with pytest.raises(CommandError, match="wasn't shown within 2 s"):
        check(patience=2)


def test_it_finds_a_gateway_that_is_not_there(sandbox: SandboxProcess, settings: Any) -> None:
    settings.HELICONE_GATEWAY_URL = "http://127.0.0.1:9/v1"
    with pytest.raises(CommandError, match="Look at HELICONE_GATEWAY_URL"):
        check()


def test_it_finds_an_address_that_is_not_helicones(sandbox: SandboxProcess, settings: Any) -> None:
    settings.HELICONE_API_URL = f"{sandbox.url}/elsewhere"
    with pytest.raises(CommandError, match="Look at HELICONE_API_URL"):
        check()


def test_it_says_which_setting_is_missing(settings: Any) -> None:
    settings.OPENAI_API_KEY, settings.HELICONE_API_KEY = "sk-any", ""
    with pytest.raises(CommandError, match="HELICONE_API_KEY must be set"):
        check()


def test_the_ai_gateway_needs_the_helicone_key_alone(
    sandbox: SandboxProcess, settings: Any
) -> None:
    settings.HELICONE, settings.OPENAI_API_KEY = "ai-gateway", ""
    settings.HELICONE_GATEWAY_URL = f"{sandbox.url}/ai-gateway/v1"
    assert "Everything works." in check()
    assert sandbox.request()["rating"] is True
    settings.HELICONE_API_KEY = "sk-helicone-unknown-0000000-0000000-0000009"
    with pytest.raises(CommandError, match="AI gateway doesn't know the key"):
        check()


def test_a_self_hosted_gateway_is_checked_at_its_path(
    sandbox: SandboxProcess, settings: Any
) -> None:
    settings.HELICONE_GATEWAY_URL = f"{sandbox.url}/v1/gateway/oai/v1"
    assert "Everything works." in check()


def test_a_provider_behind_the_gateway_is_checked_through_it(
    sandbox: SandboxProcess, settings: Any
) -> None:
    settings.HELICONE_GATEWAY_URL = sandbox.url
    settings.PROVIDER_URL = f"{sandbox.url}/local/v1"
    assert "Everything works." in check()
    assert [r["logged"] for r in sandbox.requests()] == [False, True]
    settings.PROVIDER_URL = "http://127.0.0.1:9/v1"
    with pytest.raises(CommandError, match="answered 500"):
        check()
    settings.PROVIDER_URL = f"{sandbox.url}/nothing/v1"
    with pytest.raises(CommandError, match="Look at .*HELICONE_GATEWAY_URL and PROVIDER_URL"):
        check()


def test_azure_is_checked_with_its_key_in_its_own_header(
    sandbox: SandboxProcess, settings: Any
) -> None:
    sandbox.settings(openai_key="azure-key")
    settings.HELICONE_GATEWAY_URL = sandbox.url
    settings.PROVIDER_URL, settings.OPENAI_API_KEY = f"{sandbox.url}/openai/v1", "azure-key"
    with pytest.raises(CommandError, match="doesn't take the key: correct OPENAI_API_KEY"):
        check()
    settings.PROVIDER_KEY_HEADER = "api-key"
    assert "Everything works." in check()


def test_a_write_only_key_does_all_that_is_needed(sandbox: SandboxProcess, settings: Any) -> None:
    settings.HELICONE_API_KEY = WRITE_ONLY_KEY
    assert "Everything works." in check()


def test_no_key_is_ever_printed(sandbox: SandboxProcess, settings: Any) -> None:
    settings.OPENAI_API_KEY = "sk-secret-of-openai"
    assert "sk-" not in check()
