"""The addresses that the sandbox plays beside OpenAI's: AI gateway, self-hosted, Azure, local."""

from typing import Any

import httpx2
import pytest

from tests.sandbox_process import SandboxProcess

BODY = {"model": "echo", "messages": [{"role": "user", "content": "hello"}]}


def post(sandbox: SandboxProcess, door: str, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return sandbox.http.post(f"{door}/chat/completions", json=BODY, headers=named)


def test_the_ai_gateway_takes_the_helicone_key_alone(sandbox):
    answer = post(sandbox, "/ai-gateway/v1", Authorization=f"Bearer {sandbox.key}")
    assert answer.status_code == 200
    assert sandbox.request(id=answer.headers["helicone-id"])["organisation"] == "sandbox"


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer sk-openai"}, {"Helicone-Auth": "Bearer KEY"}]
)
def test_the_ai_gateway_refuses_any_other_key_without_an_id(sandbox, headers: dict[str, Any]):
    named = {name: value.replace("KEY", sandbox.key) for name, value in headers.items()}
    answer = post(sandbox, "/ai-gateway/v1", **named)
    assert answer.status_code == 401
    assert "helicone-id" not in answer.headers
    assert sandbox.requests() == []


def test_a_self_hosted_gateway_answers_at_its_own_path(sandbox):
    answer = post(sandbox, "/v1/gateway/oai/v1", Helicone_Auth=f"Bearer {sandbox.key}")
    assert sandbox.request(id=answer.headers["helicone-id"])["logged"] is True


def test_azure_takes_its_key_in_api_key_only_and_knows_no_helicone(sandbox):
    sandbox.settings(openai_key="azure-key")
    assert post(sandbox, "/openai/v1", Authorization="Bearer azure-key").status_code == 401
    assert post(sandbox, "/openai/v1", api_key="another").status_code == 401
    answer = post(sandbox, "/openai/v1", api_key="azure-key", Helicone_Auth=f"Bearer {sandbox.key}")
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("helicone")]
    assert sandbox.requests()[-1]["logged"] is False


def test_a_local_server_takes_any_key_or_none_and_knows_no_helicone(sandbox):
    sandbox.settings(openai_key="sk-openai")
    answer = post(sandbox, "/local/v1", Helicone_Auth=f"Bearer {sandbox.key}")
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("helicone")]
    assert sandbox.request()["logged"] is False


@pytest.mark.parametrize("door", ["/ai-gateway/v1", "/openai/v1", "/local/v1"])
def test_each_lists_its_models(sandbox, door):
    headers = {"Authorization": f"Bearer {sandbox.key}", "api-key": "any"}
    assert sandbox.http.get(f"{door}/models", headers=headers).json()["data"]
