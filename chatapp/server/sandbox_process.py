"""The sandbox as a child of the site: OpenAI and Helicone for whoever has no keys yet."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from chatapp.configuration import BASE_DIR
from chatapp.server.messages import say

# Opens nothing but a sandbox, which knows it without being told.
HELICONE_KEY = "sk-helicone-sandbox-0000000-0000000-0000001"
SECONDS_TO_START, SECONDS_TO_STOP = 20, 5


class SandboxProcess:
    """Starts at once, and is over when the with block is."""

    def __init__(self, var_dir: Path) -> None:
        self.log = var_dir / "sandbox.log"
        # The leash takes its stdin's end for ours. Same process group: Ctrl-C reaches both.
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "chatapp.server.child_process", "sandbox", "--host", "127.0.0.1"]
            + ["--port", "0", "--log", str(self.log)],
            cwd=BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def point_the_site_at_it(self) -> None:
        """Set what settings.py is going to read. Raises SystemExit when the sandbox won't start."""
        url = self._greeting().removeprefix("sandbox on ")
        os.environ |= {
            "SANDBOX": "true",
            "OPENAI_API_KEY": "sk-sandbox",
            "HELICONE_API_KEY": HELICONE_KEY,
            "HELICONE_GATEWAY_URL": f"{url}/v1",
            "HELICONE_API_URL": url,
            "HELICONE_APP_URL": url,
        }
        say(f"Answers come from a local stand-in: sandbox on {url}, its log is {self.log}")

    def is_over(self) -> bool:
        return self.process.poll() is not None

    def _greeting(self) -> str:
        """The first line it prints; the rest is passed on, for a full pipe would stop it."""
        deadline = threading.Timer(SECONDS_TO_START, self.process.kill)
        deadline.start()
        line = next(iter(self.process.stdout or ()), "").strip()
        deadline.cancel()
        if not line.startswith("sandbox on http"):
            raise SystemExit("The sandbox did not start; what it said is above.")
        threading.Thread(target=self._pass_on, daemon=True).start()
        return line

    def _pass_on(self) -> None:
        for line in self.process.stdout or ():
            say(line.rstrip())

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
