from collections.abc import Iterator

import httpx2
import openai
import pytest

from tests.sandbox.caller import Caller
from tests.sandbox_process import SandboxProcess


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        yield process


@pytest.fixture
def sandbox(sandbox_process: SandboxProcess) -> SandboxProcess:
    sandbox_process.reset()
    return sandbox_process


@pytest.fixture
def caller(sandbox: SandboxProcess) -> Caller:
    return Caller(sandbox)


@pytest.fixture
def client(sandbox: SandboxProcess) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(
        api_key="any",
        base_url=sandbox.openai_url,
        max_retries=0,
        default_headers={"Helicone-Auth": f"Bearer {sandbox.key}"},
        http_client=httpx2.Client(trust_env=False, timeout=10),
    ) as made:
        yield made
