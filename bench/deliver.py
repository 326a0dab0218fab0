"""make bench-deliver: throughput and memory of one worker that delivers a backlog.

The API answers after 50 ms, nothing fails, and there is no rate budget.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.chaos.site import database, environment, set_up  # noqa: E402
from tests.sandbox_process import SandboxProcess  # noqa: E402

MB = 1024 * 1024


def main() -> None:
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--ratings", type=int, default=10_000)
    made.add_argument("--latency", type=int, default=50, help="of the API, in ms")
    made.add_argument("--database", default="sqlite")
    options = made.parse_args()
    with contextlib.ExitStack() as stack:
        settings = {"second_write": 0, "latency_ms": options.latency}
        sandbox = stack.enter_context(SandboxProcess(**settings))
        url = stack.enter_context(database(options.database))
        os.environ.update(environment(sandbox, 600, url))
        os.environ["HELICONE_TIMEOUT"] = "10"
        set_up()
        backlog(sandbox, options.ratings)
        measure(sandbox)


def backlog(sandbox: SandboxProcess, ratings: int) -> None:
    from chatapp.models import Assistant, Conversation, Message, User
    from feedback.models import Delivery, Rating

    alice = User.objects.create(username="alice")
    talk = Conversation.objects.start(alice, Assistant.objects.get())
    done = {"conversation": talk, "role": "assistant", "text": "So.", "status": "complete"}
    while ratings:
        ids = sandbox.add(*[{} for _ in range(min(ratings, 1000))])
        ratings -= len(ids)
        answers = [Message(helicone_id=UUID(i), **done) for i in ids]
        Message.objects.bulk_create(answers)
        rated = Rating.objects.bulk_create(
            [Rating(message=a, user=alice, value=1) for a in answers]
        )
        Delivery.objects.bulk_create([Delivery(rating=rating) for rating in rated])


def measure(sandbox: SandboxProcess) -> None:
    """Prints a line a tenth; the rate is taken from the first tenth settled to the last but one,
    so that neither the start nor the last seconds' waiting counts."""
    from feedback.models import Delivery

    total = Delivery.objects.count()
    worker = subprocess.Popen(
        [sys.executable, "-W", "ignore", "manage.py", "deliver_ratings"], cwd=ROOT
    )
    process, began, marks = psutil.Process(worker.pid), time.monotonic(), list[tuple[float, int]]()
    while (settled := Delivery.objects.filter(state="settled").count()) < total:
        time.sleep(0.25)
        if settled >= total * (len(marks) + 1) / 10:
            marks.append((time.monotonic() - began, settled))
            memory = process.memory_info().rss / MB
            print(f"{marks[-1][0]:7.1f} s  {settled:7,} settled  {memory:5.0f} MB", flush=True)
    took = time.monotonic() - began
    cpu = sum(process.cpu_times()[:2])
    worker.terminate()
    worker.wait()
    (first_at, first), (last_at, last) = marks[0], marks[-1]
    rate = (last - first) / (last_at - first_at) if last > first else total / took
    calls = sandbox.calls()
    print(f"{calls}; {1000 * cpu / total:.2f} s of CPU per 1,000 ratings")
    print(f"ratings={total} seconds={took:.1f} settled_per_second={rate:.0f}")


if __name__ == "__main__":
    main()
