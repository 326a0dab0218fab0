"""make chaos: deliver thousands of ratings to a failing Helicone, by workers that are killed.

The ratings are given by the real code over some time, a fifth of them changed or withdrawn within
seconds. Versions are never merged, so that queries reach their limit. Then the sandbox's own log
must equal the local ratings, now and after every second write.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.sandbox_process import SandboxProcess  # noqa: E402

TIMEOUT = 1.5
FAULTS = [
    {"on": "*", "fault": "status=500", "probability": 0.10},
    {"on": "*", "fault": "status=429 retry_after=0", "probability": 0.05},
    {"on": "*", "fault": "hang", "probability": 0.05},
    {"on": "*", "fault": "drop", "probability": 0.05},
]


def main() -> int:
    options = parser().parse_args()
    began = time.monotonic()
    where = options.database.split(":")[0]
    print(f"seed={options.seed} database={where} merges=stopped", flush=True)
    with contextlib.ExitStack() as stack:
        sandbox = stack.enter_context(
            SandboxProcess(
                second_write=options.second_write,
                ingest_delay_max=options.ingestion,
                merge_chance=0,
            )
        )
        os.environ.update(
            environment(
                sandbox, options.second_write, stack.enter_context(database(options.database))
            )
        )
        set_up()
        sandbox.faults(*FAULTS, seed=options.seed)
        workers = stack.enter_context(Workers(options.workers, options.kills, options.seed))
        give_ratings(sandbox, options.ratings, options.seconds, random.Random(options.seed))
        workers.wait_for_kills()
        sandbox.faults()
        told(began, f"{options.ratings} ratings given, {workers.kills} kills, faults stop")
        settled = wait_until_settled(workers, options.patience, began)
        versions = sum(request["stored_versions"] for request in sandbox.requests())
        told(began, f"{versions} versions of {options.ratings} requests are stored")
        found = compare(sandbox, options.second_write)
        told(began, f"{sandbox.calls()}")
    return report(options.ratings, found, settled)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__)
    add = made.add_argument
    add("--ratings", type=int, default=10_000)
    add("--seconds", type=float, default=90, help="over which the ratings are given")
    add("--workers", type=int, default=3)
    add("--kills", type=int, default=20, help="of each worker, with -9")
    add("--ingestion", type=int, default=12, help="seconds at most until a request is ingested")
    add("--second-write", type=int, default=15, help="seconds, in place of ten minutes")
    add("--patience", type=float, default=600, help="seconds until all must be settled")
    add("--database", default="sqlite", help="sqlite, or the address of a PostgreSQL server")
    add("--seed", type=int, default=random.randrange(10**6))
    return made


@contextlib.contextmanager
def database(address: str) -> Iterator[str]:
    """A new database, dropped afterwards."""
    if address == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/chaos.sqlite3"
        return
    import psycopg

    name = f"chaos_{uuid4().hex[:12]}"
    server = urlunsplit(urlsplit(address)._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def environment(sandbox: SandboxProcess, second_write: int, database_url: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "chatapp.settings",
        "DATABASE_URL": database_url,
        "HELICONE_API_URL": sandbox.api_url,
        "HELICONE_API_KEY": sandbox.key,
        "HELICONE_RATE_LIMIT": "0",
        "HELICONE_TIMEOUT": str(TIMEOUT),
        "HELICONE_SECOND_WRITE_SECONDS": str(second_write),
        "LOG_LEVEL": "ERROR",
    }


def set_up() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


class Workers:
    """Delivery workers, killed at random moments and restarted."""

    def __init__(self, number: int, kills: int, seed: int) -> None:
        self.wanted = [kills] * number
        self.random = random.Random(seed)
        self.kills = 0
        self.killed_enough, self.end = threading.Event(), threading.Event()
        self.killing = threading.Lock()
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        self.processes = [self.start() for _ in range(number)]
        self.killer = threading.Thread(target=self.kill)

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-W", "ignore", "manage.py", "deliver_ratings"]
        return subprocess.Popen(command, cwd=ROOT, stderr=self.log)

    def kill(self) -> None:
        while any(self.wanted) and not self.end.wait(self.random.uniform(0.5, 3)):
            chosen = self.random.choice([i for i, left in enumerate(self.wanted) if left])
            with self.killing:
                self.processes[chosen].send_signal(signal.SIGKILL)
                self.processes[chosen].wait()
                self.processes[chosen] = self.start()
            self.wanted[chosen] -= 1
            self.kills += 1
        self.killed_enough.set()

    def wait_for_kills(self) -> None:
        while not self.killed_enough.wait(1):
            self.must_live()

    def must_live(self) -> None:
        """Assert that no worker has ended by itself."""
        with self.killing:
            ended = [process.returncode for process in self.processes if process.poll() is not None]
        if ended:
            raise SystemExit(f"A worker ended by itself, with the exit status {ended[0]}.")
        if not (self.killer.is_alive() or self.killed_enough.is_set()):
            raise SystemExit("Nobody kills any more.")

    def __enter__(self) -> Workers:
        self.killer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end.set()
        self.killer.join()
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()
        self.log.seek(0)
        print(self.log.read()[-5000:], end="", flush=True)


def give_ratings(sandbox: SandboxProcess, ratings: int, seconds: float, rng: random.Random) -> None:
    """Record ratings in small batches, spread over `seconds`; a fifth of them is changed."""
    from chatapp.models import Assistant, Conversation, User
    from feedback import rating_flow

    alice = User.objects.create(username="alice")
    talk = Conversation.objects.create(user=alice, assistant=Assistant.objects.get())
    second_thoughts: list[tuple[float, Any, int | None]] = []
    began, given = time.monotonic(), 0
    while given < ratings or second_thoughts:
        for answer in answers(sandbox, talk, min(25, ratings - given)):
            value = rng.choice([1, -1])
            rating_flow.rate(answer, alice, value)
            given += 1
            if rng.random() < 0.2:
                for _ in range(rng.choice([1, 1, 2])):
                    value = rng.choice([-(value or 1), None])
                    at = time.monotonic() + rng.uniform(0, 12)
                    second_thoughts.append((at, answer, value))
        for thought in [t for t in second_thoughts if t[0] < time.monotonic()]:
            second_thoughts.remove(thought)
            rating_flow.rate(thought[1], alice, thought[2])
        time.sleep(max(0.01, min(began + seconds * given / ratings - time.monotonic(), 0.5)))


def answers(sandbox: SandboxProcess, talk: Any, number: int) -> list[Any]:
    from chatapp.models import Message

    if not number:
        return []
    ids = sandbox.add(*[{} for _ in range(number)])
    done = {"conversation": talk, "role": "assistant", "text": "So.", "status": "complete"}
    return Message.objects.bulk_create(Message(helicone_id=UUID(i), **done) for i in ids)


def wait_until_settled(workers: Workers, patience: float, began: float) -> bool:
    from feedback.models import Delivery
    from feedback.models.outbox.summary import Summary

    deadline, shown = time.monotonic() + patience, 0.0
    while Delivery.objects.exclude(state=Delivery.State.SETTLED).exists():
        if time.monotonic() > deadline:
            return False
        workers.must_live()
        if time.monotonic() > shown + 5:
            told(began, str(Summary.now().counts))
            shown = time.monotonic()
        time.sleep(0.2)
    return True


def compare(sandbox: SandboxProcess, second_write: int) -> Counter[str]:
    """What differs now, and what differs only after all second writes. Posts that came within
    2 s of the one before, or while it was under way, are crowded."""
    from feedback.models import Rating

    local = dict(Rating.objects.values_list("message__helicone_id", "value"))
    found: Counter[str] = Counter()
    before = {request["helicone_id"]: request for request in sandbox.requests()}
    sandbox.advance(10 * second_write)
    after = {request["helicone_id"]: request for request in sandbox.requests()}
    for helicone_id, value in local.items():
        verdict = judge(before[str(helicone_id)], value)
        if verdict == "equal" and judge(after[str(helicone_id)], value) != "equal":
            verdict = "reverted"
        found[verdict] += 1
        found["crowded"] += crowded(after[str(helicone_id)])
    return found


def judge(request: dict[str, Any], value: int | None) -> str:
    marked = request["properties"].get("rating-withdrawn") == "true"
    if value is None:
        return "equal" if marked or request["rating"] is None else "stale"
    if request["rating"] is None:
        return "lost"
    return "equal" if request["rating"] == (value == 1) and not marked else "stale"


def crowded(request: dict[str, Any]) -> int:
    posts = [(w["received_at"], w["answered_at"]) for w in request["writes"] if w["turn"] == 1]
    ends = [max(post) for post in posts]
    return sum(start < end + 2 for (start, _), end in zip(posts[1:], ends, strict=False))


def told(began: float, words: str) -> None:
    print(f"{time.monotonic() - began:6.1f} s  {words}", flush=True)


def report(ratings: int, found: Counter[str], settled: bool) -> int:
    if not settled:
        print("Not all were settled in time.")
    if found["crowded"]:
        print(f"{found['crowded']} posts came too soon after the one before.")
    wrong = " ".join(f"{name}={found[name]}" for name in ("lost", "stale", "reverted"))
    print(f"ratings={ratings} {wrong}", flush=True)
    return 0 if settled and found["equal"] == ratings and not found["crowded"] else 1


if __name__ == "__main__":
    sys.exit(main())
