"""python -m tests.tools.install_peers: install LiteLLM's proxy into .venv-peers, once, if it can be.

PEERS_SECONDS limits the time. A failure is a sentence, kept beside the venv for those who skip its
tests; the exit status is 0 all the same.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV, PINS = ROOT / ".venv-peers", ROOT / "requirements-peers.txt"
STAMP, FAILURE = VENV / "installed", VENV / "failure"
SECONDS = 300.0


def why_no_peers() -> str:
    """Why there is no LiteLLM here, or an empty string."""
    if STAMP.exists() and STAMP.read_text() == fingerprint():
        return ""
    return FAILURE.read_text() if FAILURE.exists() else "`make peers` would install LiteLLM"


def fingerprint() -> str:
    return hashlib.sha256(PINS.read_bytes()).hexdigest()


def install(seconds: float) -> None:
    """Raises OSError or subprocess.SubprocessError."""
    make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--retries=1"]
    pip += ["--disable-pip-version-check", "--no-compile", "-r", str(PINS)]
    subprocess.run(make, check=True, timeout=seconds)
    subprocess.run(pip, check=True, timeout=seconds, stderr=subprocess.DEVNULL)
    STAMP.write_text(fingerprint())


def main() -> None:
    if not why_no_peers():
        return
    seconds = float(os.environ.get("PEERS_SECONDS", SECONDS))
    print("Installing LiteLLM's proxy; this takes minutes, once.", flush=True)
    try:
        install(seconds)
    except subprocess.TimeoutExpired:
        failure = f"LiteLLM could not be installed within {seconds:.0f} s"
    except (OSError, subprocess.SubprocessError) as error:
        failure = f"LiteLLM could not be installed: {type(error).__name__}"
    else:
        return
    print(failure, flush=True)
    VENV.mkdir(exist_ok=True)
    FAILURE.write_text(failure)


if __name__ == "__main__":
    main()
