"""LiteLLM's proxy as a process, and a site that reaches it through the sandbox as gateway."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.patience import DEADLINE
from tests.fixtures.processes import StartSite
from tests.sandbox_process import SandboxProcess
from tests.site_process import KEPT, Site
from tests.tools.install_peers import VENV, why_no_peers

ADDRESS = re.compile(r"Uvicorn running on (http://127\.0\.0\.1:\d+)")
KEY = "sk-litellm-tests"
METRICS_TOKEN = "token-of-the-tests"


class LiteLLM:
    """The proxy with `litellm.yaml` on a free port; `server_url` is behind its model gpt-behind."""

    key = KEY

    def __init__(self, folder: Path, server_url: str) -> None:
        self.log_file = folder / "litellm.log"
        config = Path(__file__).with_name("litellm.yaml")
        command = [str(VENV / "bin" / "litellm"), "--host", "127.0.0.1", "--port", "0"]
        own = {
            "LITELLM_MASTER_KEY": KEY,
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else it is fetched from the network
            "SERVER_URL": server_url,
        }
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--telemetry", "False", "--config", str(config)],
                cwd=folder,
                env={name: os.environ[name] for name in KEPT if name in os.environ} | own,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.url = self._address()

    def _address(self) -> str:
        deadline = time.monotonic() + 4 * DEADLINE
        while not (found := ADDRESS.search(self.log_file.read_text(errors="replace"))):
            log = self.log_file.read_text(errors="replace")
            assert self.process.poll() is None, f"LiteLLM ended:\n{log}"
            assert time.monotonic() < deadline, f"LiteLLM did not start:\n{log}"
            time.sleep(0.1)
        return found[1]

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="session")
def litellm(
    tmp_path_factory: pytest.TempPathFactory, sandbox_server: SandboxProcess
) -> Iterator[LiteLLM]:
    if why := why_no_peers():
        pytest.skip(f"{why}.")
    started = LiteLLM(tmp_path_factory.mktemp("litellm"), f"{sandbox_server.url}/local/v1")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def site(start_site: StartSite, sandbox_server: SandboxProcess, litellm: LiteLLM) -> Site:
    """A site whose provider is LiteLLM, behind Helicone's gateway as the sandbox plays it."""
    return start_site(
        SANDBOX="false",
        HELICONE_GATEWAY_URL=sandbox_server.url,
        PROVIDER_URL=f"{litellm.url}/v1",
        OPENAI_API_KEY=litellm.key,
        METRICS_TOKEN=METRICS_TOKEN,
        TITLE_MODEL="none",
    )
