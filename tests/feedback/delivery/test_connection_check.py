"""manage.py check_helicone: which step fails, and what to do."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

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


def test_no_key_is_ever_printed(sandbox: SandboxProcess, settings: Any) -> None:
    settings.OPENAI_API_KEY = "sk-secret-of-openai"
    assert "sk-" not in check()
