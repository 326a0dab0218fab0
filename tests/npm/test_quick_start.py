"""The npm package `helicone` 1.0.7, as Helicone's quick start uses it, against the sandbox."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.sandbox_process import SandboxProcess

PACKAGE = "helicone@1.0.7"
SCRIPT = Path(__file__).parent / "quick_start.js"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package installed; skips where that can't be done."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("There is no node with npm here.")
    folder = tmp_path_factory.mktemp("npm")
    install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=90)
    if done.returncode:
        pytest.skip(f"{PACKAGE} could not be installed: {done.stderr.strip()[-200:]}")
    return folder


def test_its_rating_arrives_unchanged(package: Path, sandbox_server: SandboxProcess) -> None:
    sandbox_server.reset()
    script = shutil.copy(SCRIPT, package)
    command = ["node", script, sandbox_server.url, sandbox_server.key]
    done = subprocess.run(command, cwd=package, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    request = sandbox_server.request(id=done.stdout.strip())
    assert request["rating"] is True
    assert request["model"] == "gpt-3.5-turbo"
