"""The real site as a real process, for tests of browsers, of the start, and of what crashes."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from uuid import uuid4

import httpx2
import psycopg

from tests.fixtures.patience import DEADLINE
from tests.fixtures.services import POSTGRES_URL
from tests.sandbox_process import SandboxProcess

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r"^Rapport is on (http://127\.0\.0\.1:(\d+))$", re.MULTILINE)
PASSWORD = re.compile(r" as (\S+) with the password (\S+) ")
SECONDS_TO_START = DEADLINE
# What a process needs of this machine; nothing else of whoever runs the tests comes through.
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE", "COVERAGE_PROCESS_START")


# All tests ask from one address.
NO_GUEST_LIMITS = {"GUEST_MESSAGES_PER_ADDRESS": "0", "GUEST_MESSAGES_PER_HOUR": "0"}


class Site:
    """`python -m chatapp.server` with its own VAR_DIR and database, on a free port it keeps.

    `sandbox` plays OpenAI and Helicone; without it the site starts one of its own, as for a
    newcomer. `like` is a stopped site whose data to begin with, which saves migrating. Use it in
    a with block: no process is left after it, whatever happened inside.
    """

    def __init__(
        self,
        folder: Path,
        sandbox: SandboxProcess | None = None,
        *,
        like: "Site | None" = None,
        database_url: str = "",
        **settings: str,
    ) -> None:
        self.folder, self.var = folder, folder / "var"
        self.log_file = folder / "site.log"
        self.url = ""
        self.process: subprocess.Popen[bytes] | None = None
        self.staff: tuple[str, str] = like.staff if like else ("", "")
        if like:
            shutil.copytree(like.var, self.var, copy_function=_link_or_copy)
        folder.mkdir(parents=True, exist_ok=True)
        self.own_database = _new_database() if database_url == "postgres" else ""
        if database_url:
            settings["DATABASE_URL"] = self.own_database or database_url
        self.environment = {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "ENV_FILE": os.devnull,
            "VAR_DIR": str(self.var),
            "PORT": "0",
            **NO_GUEST_LIMITS,
            **(_talking_to(sandbox) if sandbox else {}),
            **settings,
        }

    def start(self) -> Self:
        """Returns when the site answers; fails with its log when it ends or takes too long."""
        seen = len(self.log)
        self.launch()
        return self.wait_until_it_answers(seen)

    def wait_until_it_answers(self, seen: int = 0) -> Self:
        """The second half of `start`, after `seen` characters of its log."""
        deadline = time.monotonic() + SECONDS_TO_START
        while not (found := ADDRESS.search(self.log[seen:])):
            assert self.status is None, f"The site ended with {self.status}:\n{self.log}"
            assert time.monotonic() < deadline, f"The site did not start:\n{self.log}"
            time.sleep(0.01)
        self.url, self.environment["PORT"] = found[1], found[2]
        if made := PASSWORD.search(self.log[seen:]):
            self.staff = made[1], made[2]
        assert (
            httpx2.get(f"{self.url}/healthz", timeout=DEADLINE, trust_env=False).status_code < 500
        )
        return self

    def launch(self) -> None:
        """Start without waiting, in a process group of its own."""
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "chatapp.server", "--follow"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        """All that the site printed, over restarts."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    @property
    def status(self) -> int | None:
        """The exit status, None while it runs."""
        return self._running().poll()

    def wait(self, seconds: float = DEADLINE) -> int:
        """The exit status, once it ends by itself."""
        return self._running().wait(seconds)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop, as Ctrl-C does with SIGINT; the exit status."""
        self._running().send_signal(number)
        return self.wait()

    def interrupt(self) -> int:
        """Ctrl-C in a terminal: SIGINT to all of its processes at once; the exit status."""
        os.killpg(self._running().pid, signal.SIGINT)
        return self.wait()

    def kill(self) -> None:
        """kill -9 the server, and nothing else."""
        self._running().kill()
        self.wait()

    def restart(self, number: int = signal.SIGTERM) -> Self:
        self.stop(number)
        return self.start()

    def processes(self) -> list[int]:
        """The ids of this site's processes, the server's first; zombies don't count."""
        group = self._running().pid
        command = ["ps", "-eo", "pid=,pgid=,stat="]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in listed.splitlines()]
        ids = [int(row[0]) for row in rows if row[1] == str(group) and row[2][0] != "Z"]
        return sorted(ids, key=lambda number: (number != group, number))

    def manage(self, *arguments: str, text: str | None = None) -> str:
        """What `manage.py ARGUMENTS` prints with this site's settings; `text` goes to its stdin."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self.own_database:
            _drop_database(self.own_database)

    def _running(self) -> subprocess.Popen[bytes]:
        assert self.process, "The site was never started."
        return self.process


def _talking_to(sandbox: SandboxProcess) -> Mapping[str, str]:
    return {
        "SANDBOX": "true",
        "OPENAI_API_KEY": "sk-tests",
        "HELICONE_API_KEY": sandbox.key,
        "HELICONE_GATEWAY_URL": sandbox.openai_url,
        "HELICONE_API_URL": sandbox.api_url,
        "HELICONE_APP_URL": sandbox.url,
    }


def _link_or_copy(source: str, target: str) -> None:
    """Static files are never changed in place; anything else is."""
    if "/static/" in source:
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def _new_database() -> str:
    name = f"rapport_site_{uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES_URL, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    return f"{POSTGRES_URL.rpartition('/')[0]}/{name}"


def _drop_database(url: str) -> None:
    with psycopg.connect(POSTGRES_URL, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')
