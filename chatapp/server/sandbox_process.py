"""The sandbox as a child process: a stand-in for OpenAI and Helicone when there are no keys."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from chatapp.configuration import BASE_DIR
from chatapp.server.messages import print_lines

# A key that only a sandbox accepts, preset there.
HELICONE_KEY = "sk-helicone-sandbox-0000000-0000000-0000001"
SECONDS_TO_START, SECONDS_TO_STOP = 20, 5


class SandboxProcess:
    """Context manager of the process: starts when constructed, ends with the block."""

    def __init__(self, var_dir: Path) -> None:
        self.log = var_dir / "sandbox.log"
        # child_process ends with the pipe of its stdin. Same process group: Ctrl-C reaches both.
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "chatapp.server.child_process", "sandbox", "--host", "127.0.0.1"]
            + ["--port", "0", "--log", str(self.log)],
            cwd=BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def configure_site(self) -> None:
        """Set the environment that settings.py reads. Raises SystemExit if the sandbox failed."""
        url = self._first_line().removeprefix("sandbox on ")
        os.environ |= {
            "SANDBOX": "true",
            "OPENAI_API_KEY": "sk-sandbox",
            "HELICONE_API_KEY": HELICONE_KEY,
            "HELICONE_GATEWAY_URL": f"{url}/v1",
            "HELICONE_API_URL": url,
            "HELICONE_APP_URL": url,
        }
        print_lines(
            f"Answers come from a local stand-in: sandbox on {url}, its log is {self.log}."
            " They are marked, and `manage.py clear_sandbox` deletes them."
        )

    def has_exited(self) -> bool:
        return self.process.poll() is not None

    def _first_line(self) -> str:
        """Wait for the first line of output, then forward the rest: a full pipe would block it."""
        deadline = threading.Timer(SECONDS_TO_START, self.process.kill)
        deadline.start()
        line = next(iter(self.process.stdout or ()), "").strip()
        deadline.cancel()
        if not line.startswith("sandbox on http"):
            raise SystemExit("The sandbox did not start; what it said is above.")
        threading.Thread(target=self._forward_output, daemon=True).start()
        return line

    def _forward_output(self) -> None:
        for line in self.process.stdout or ():
            print_lines(line.rstrip())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
