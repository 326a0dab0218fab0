"""`manage.py deliver_ratings` as a process: told to stop, cut off from its database, on a terminal."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from feedback.models import Delivery
from feedback.models.outbox.state_machine import Call
from tests.architecture.imports import ROOT
from tests.feedback.conftest import Answer, all_settled, asked, click, delivery_of, state
from tests.fixtures.patience import DEADLINE
from tests.resilience.proxy import Proxy
from tests.sandbox_process import SandboxProcess


def wait_for(done: Callable[[], Any], seconds: float = DEADLINE) -> None:
    deadline = time.monotonic() + seconds
    while not asked(done):
        assert time.monotonic() < deadline, asked(state)
        time.sleep(0.05)


@pytest.fixture
def environment(sandbox: SandboxProcess, transactional_db: None) -> dict[str, str]:
    """The test's own database and sandbox, for a process."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "chatapp.settings",
        "DATABASE_URL": address_of_test_database(),
        "HELICONE_API_URL": sandbox.api_url,
        "HELICONE_API_KEY": sandbox.key,
        "HELICONE_RATE_LIMIT": "0",
        "HELICONE_TIMEOUT": "5",
        "HELICONE_SECOND_WRITE_SECONDS": "0",
    }


def address_of_test_database(port: int = 0) -> str:
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    who = f"{known['USER']}:{known['PASSWORD']}@" if known["USER"] else ""
    return f"postgres://{who}{known['HOST']}:{port or known['PORT']}/{known['NAME']}"


@contextlib.contextmanager
def worker(
    environment: dict[str, str], log: Path, *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "deliver_ratings", *arguments],
            cwd=ROOT,
            env=environment,
            stderr=stderr,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def test_told_to_stop_it_finishes_its_call_and_keeps_no_claim(
    answer: Answer, sandbox: SandboxProcess, environment: dict[str, str], tmp_path: Path
) -> None:
    sandbox.faults({"on": "rate", "fault": "delay=1.5"})
    message = answer()
    click(message, 1)
    log = tmp_path / "log"
    with worker(environment, log) as process:
        wait_for(lambda: Delivery.objects.filter(call=Call.SEND, holder__isnull=False).exists())
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE) == 0
    assert asked(lambda: delivery_of(message)).holder is None
    assert asked(lambda: delivery_of(message)).state == Delivery.State.POSTED
    assert sandbox.calls()["rate 201"] == 1
    assert log.read_text() == "", "a log in which nothing happens is empty"


@pytest.mark.postgres  # a file doesn't go away
def test_it_outlives_a_database_that_goes_away(
    answer: Answer, sandbox: SandboxProcess, environment: dict[str, str], tmp_path: Path
) -> None:
    sandbox.settings(ingest_delay_min=60, ingest_delay_max=60)
    message = answer()
    click(message, 1)
    server = urlsplit(environment["DATABASE_URL"])
    log = tmp_path / "log"
    with Proxy(str(server.hostname), server.port or 5432) as proxy:
        environment["DATABASE_URL"] = address_of_test_database(proxy.port)
        with worker(environment, log, "--until-settled") as process:
            wait_for(lambda: delivery_of(message).attempts)
            proxy.cut()
            wait_for(lambda: "Delivering ratings failed" in log.read_text())
            proxy.mend()
            sandbox.advance(60)
            assert process.wait(DEADLINE) == 0, log.read_text()
    assert asked(all_settled)


def test_it_ends_when_all_are_settled_if_asked_to(
    answer: Answer, environment: dict[str, str], tmp_path: Path
) -> None:
    click(answer(), 1)
    with worker(environment, tmp_path / "log", "--until-settled") as process:
        assert process.wait(DEADLINE) == 0
    assert asked(all_settled)


def test_on_a_terminal_it_shows_how_far_it_is(answer: Answer, environment: dict[str, str]) -> None:
    click(answer(), 1)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "deliver_ratings", "--until-settled"],
        cwd=ROOT,
        env=environment | {"TERM": "xterm", "COLUMNS": "120"},
        stderr=theirs,
    )
    os.close(theirs)
    seen = "".join(shown_on(ours))
    assert process.wait(DEADLINE) == 0
    assert "due 1" in seen
    assert re.search(r"settled 1 .* 1/min", seen), seen


def shown_on(terminal: int) -> Iterator[str]:
    """What is written there until nobody writes any more."""
    with os.fdopen(terminal, "rb", buffering=0) as screen, contextlib.suppress(OSError):
        while data := screen.read(65536):
            yield data.decode(errors="replace")
