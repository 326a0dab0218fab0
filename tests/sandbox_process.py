"""A sandbox of one's own, as a real process on a free port."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import httpx2

from sandbox.settings import KEY, OTHER_KEY
from tests.fixtures.patience import DEADLINE

_ROOT = Path(__file__).resolve().parent.parent


class SandboxProcess:
    """`python -m sandbox` for tests: unpaced, and nothing is random unless asked for.

    Ingestion takes no time at first; a test that needs a delay sets one, and lets it pass by
    `advance` rather than by waiting.
    """

    key, other_key = KEY, OTHER_KEY
    quick: dict[str, Any] = {
        "tokens_per_second": 0,
        "ingest_delay_min": 0,
        "ingest_delay_max": 0,
        "merge_chance": 0,
    }

    def __init__(self, *arguments: str, **settings: Any) -> None:
        """`arguments` go to the command line, `settings` are set at run time (and by reset)."""
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by stop
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--port", "0", *arguments],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self.url = self._first_line().removeprefix("sandbox on ")
        self.openai_url, self.gateway_url, self.api_url = f"{self.url}/v1", self.url, self.url
        # uvicorn closes an idle connection after 5 s: one that is reused just then would break.
        limits = httpx2.Limits(keepalive_expiry=2)
        self.http = httpx2.Client(
            base_url=self.url, timeout=DEADLINE, trust_env=False, limits=limits
        )
        self._at_start = self.http.get("/sandbox/settings").json() | self.quick | settings
        self.settings(**self._at_start)

    def _first_line(self) -> str:
        """The printed address. A process that says nothing for long is killed and shown."""
        assert self._process.stdout is not None
        killer = threading.Timer(DEADLINE, self._process.kill)
        killer.start()
        line = self._process.stdout.readline().strip()
        killer.cancel()
        if not line.startswith("sandbox on http"):
            self._process.kill()
            raise RuntimeError(f"The sandbox did not start: {line} {self.errors()}")
        return line

    @property
    def pid(self) -> int:
        return self._process.pid

    def errors(self) -> str:
        """What the process wrote to stderr so far."""
        self._errors.seek(0)
        return self._errors.read()

    def requests(self, **filters: str) -> list[dict[str, Any]]:
        """What came through the gateway, oldest first; filters: id, user, session."""
        answer: list[dict[str, Any]] = self._json(
            self.http.get("/sandbox/requests", params=filters)
        )
        return answer

    def request(self, **filters: str) -> dict[str, Any]:
        """The only one there is with these filters."""
        (found,) = self.requests(**filters)
        return found

    def ratings(self) -> dict[str, bool | None]:
        """The rating of every id, as Helicone now has it."""
        answer: dict[str, bool | None] = self._json(self.http.get("/sandbox/ratings"))
        return answer

    def add(self, *requests: dict[str, Any]) -> list[str]:
        """Log requests without a completion; their ids. Without arguments: one."""
        answer: list[str] = self._json(
            self.http.post("/sandbox/requests", json=list(requests) or [{}])
        )
        return answer

    def calls(self) -> dict[str, int]:
        """How many calls got which answer: {"rate 201": 3, …}."""
        answer: dict[str, int] = self._json(self.http.get("/sandbox/calls"))
        return answer

    def faults(self, *rules: dict[str, Any], seed: int | None = None) -> None:
        """Order faults: {"on": "rate", "fault": "status=500", "probability": 0.1, "count": 3}.

        They replace the earlier ones; without arguments nothing fails any more.
        """
        body = {"rules": list(rules), "seed": seed}
        self._json(self.http.post("/sandbox/faults", json=body))

    def settings(self, **changes: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self._json(self.http.post("/sandbox/settings", json=changes))
        return answer

    def advance(self, seconds: float) -> None:
        """Let time pass in the log: ingestion, second writes, old age."""
        self._json(self.http.post("/sandbox/advance", json={"seconds": seconds}))

    def merge(self) -> None:
        """Merge the stored versions of all rows, which count towards a query's limit till then."""
        self._json(self.http.post("/sandbox/merge"))

    def reset(self) -> None:
        """As after the start: no requests, no faults, first settings."""
        self._json(self.http.post("/sandbox/reset"))
        self.settings(**self._at_start)

    def wait_for(self, wanted: Callable[[], Any], seconds: float = DEADLINE) -> Any:
        """Ask until the answer is truthy, and return it; fail after `seconds`."""
        deadline = time.monotonic() + seconds
        while not (found := wanted()):
            assert time.monotonic() < deadline, f"not within {seconds} s; {self.errors()}"
            time.sleep(0.02)
        return found

    def stop(self) -> int:
        """End the process and return its exit status; to be called once or more."""
        if not self.http.is_closed:
            self.http.close()
            self._process.terminate()
        try:
            status = self._process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()
        return status

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _json(self, response: httpx2.Response) -> Any:
        assert response.is_success, f"{response.status_code} {response.text}"
        return response.json()
