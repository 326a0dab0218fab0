"""make chaos: deliver thousands of ratings to a failing Helicone, by workers that are killed.

The ratings are given by the real code, two fifths of them changed or withdrawn: within a second,
within seconds, and around the second write of the first thumb, which comes early, late or never.
Versions are never merged, so that queries reach their limit. Then the sandbox's own log must equal
the local ratings from the moment each was settled on. With --naive, the workers believe a 201, and
all three kinds of damage must show.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import sys
import time
from collections import Counter

from bench.chaos.clicks import Clicks
from bench.chaos.site import TIMEOUT, database, environment, set_up
from bench.chaos.workers import NAIVE, REAL, Workers
from tests.sandbox_process import SandboxProcess

FAULTS = [
    {"on": "*", "fault": "status=500", "probability": 0.10},
    {"on": "*", "fault": "status=429 retry_after=0", "probability": 0.05},
    {"on": "*", "fault": "hang", "probability": 0.05},
    {"on": "*", "fault": "drop", "probability": 0.05},
    # Carried out when the worker has given up already.
    {"on": "*", "fault": f"delay={TIMEOUT + 2.5}", "probability": 0.05},
]


def main() -> int:
    options = parser().parse_args()
    began = time.monotonic()
    where, how = options.database.split(":")[0], "naive" if options.naive else "real"
    print(f"seed={options.seed} database={where} workers={how} merges=stopped", flush=True)
    with contextlib.ExitStack() as stack:
        sandbox = stack.enter_context(helicone(options.second_write))
        url = stack.enter_context(database(options.database))
        os.environ.update(environment(sandbox, options.second_write, url))
        set_up()
        sandbox.faults(*FAULTS, seed=options.seed)
        command = NAIVE if options.naive else REAL
        workers = Workers(command, options.workers, options.kills, options.seed)
        stack.enter_context(workers)
        clicks(sandbox, options).give()
        workers.wait_for_kills()
        sandbox.faults()
        disturbed = f"{workers.kills} kills, {workers.stalls} stalls"
        told(began, f"{options.ratings} ratings given, {disturbed}, faults stop")
        settled = wait_until_settled(workers, options.patience, began)
        found = judge(sandbox, options.second_write, began)
    if options.naive:
        return report_naive(options.ratings, found)
    return report(options.ratings, found, settled)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    add = made.add_argument
    add("--ratings", type=int, default=10_000)
    add("--naive", action="store_true", help="with workers that believe a 201")
    add("--seconds", type=float, default=90, help="over which the ratings are given")
    add("--workers", type=int, default=3)
    add("--kills", type=int, default=20, help="of each worker, with -9")
    add("--ingestion", type=int, default=12, help="seconds at most until a request is ingested")
    add("--second-write", type=int, default=15, help="seconds, in place of ten minutes")
    add("--patience", type=float, default=600, help="seconds until all must be settled")
    add("--database", default="sqlite", help="sqlite, or the address of a PostgreSQL server")
    add("--seed", type=int, default=random.randrange(10**6))
    return made


def helicone(second_write: int) -> SandboxProcess:
    """A sandbox that never merges, and whose second writes come early, late or never."""
    return SandboxProcess(
        second_write=second_write, second_write_spread=0.1, second_write_loss=0.3, merge_chance=0
    )


def clicks(sandbox: SandboxProcess, options: argparse.Namespace) -> Clicks:
    return Clicks(
        sandbox,
        random.Random(options.seed),
        options.ratings,
        options.seconds,
        options.ingestion,
        options.second_write,
    )


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


def judge(sandbox: SandboxProcess, second_write: int, began: float) -> Counter[str]:
    """The number of ratings by verdict, and what `reconcile_ratings` finds `differing`."""
    from bench.chaos.verdicts import compare, differing

    versions = sum(request["stored_versions"] for request in sandbox.requests())
    told(began, f"{versions} versions of the requests are stored")
    found = compare(sandbox, second_write)
    found["differing"] = differing(patience=60)
    told(began, f"{sandbox.calls()}")
    return found


def told(began: float, words: str) -> None:
    print(f"{time.monotonic() - began:6.1f} s  {words}", flush=True)


def report(ratings: int, found: Counter[str], settled: bool) -> int:
    """Print the last line. Returns 0 if every rating arrived and stayed, otherwise 1."""
    if not settled:
        print("Not all were settled in time.")
    if found["crowded"]:
        print(f"{found['crowded']} posts came too soon after the one before.")
    if found["differing"]:
        print(f"reconcile_ratings finds {found['differing']} that differ.")
    print(last_line(ratings, found), flush=True)
    right = found["equal"] == ratings and not found["crowded"] and not found["differing"]
    return 0 if settled and right else 1


def report_naive(ratings: int, found: Counter[str]) -> int:
    """Print the last line. Returns 0 if each kind of damage was done, otherwise 1."""
    print(last_line(ratings, found), flush=True)
    return 0 if found["lost"] and found["stale"] and found["reverted"] else 1


def last_line(ratings: int, found: Counter[str]) -> str:
    wrong = " ".join(f"{name}={found[name]}" for name in ("lost", "stale", "reverted"))
    return f"ratings={ratings} {wrong}"


if __name__ == "__main__":
    sys.exit(main())
