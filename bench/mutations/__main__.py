"""make mutations: break each rule of the delivery protocol in turn, and show which tests notice.

Each mutation is made in a copy of the project. Unit tests are the exact ones of each rule; the
state machine is `test_protocol.py`, without shrinking; chaos is `make chaos`, where it is asked
for. Fails where a rule can be broken without any of them noticing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.mutations.rules import MUTATIONS, ROOT, Mutation

UNIT_TESTS = [
    "tests/feedback/models/test_state_machine_rules.py",
    "tests/feedback/models/test_outcome.py",
    "tests/feedback/models/test_desired_state.py",
    "tests/feedback/models/test_outbox.py",
]
PROTOCOL_TEST = "tests.feedback.models.test_state_machine"
RUN_PROTOCOL = f"""
import django
django.setup()
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from {PROTOCOL_TEST} import OneRating, TestOneRating
once = settings(TestOneRating.settings, phases=[Phase.generate], database=None)
run_state_machine_as_test(OneRating, settings=once)
"""
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "__pycache__", ".*_cache")


def main() -> int:
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--chaos", type=int, default=0, help="how many ratings go through chaos too")
    made.add_argument("--only", default="", help="the rules that have these words in them")
    options = made.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "rapport"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        if not all(passes(copy, options.chaos).values()):
            raise SystemExit("The tests fail without any mutation.")
        chosen = [mutation for mutation in MUTATIONS if options.only in mutation.rule]
        return table(copy, chosen, options.chaos)


def table(copy: Path, mutations: list[Mutation], chaos: int) -> int:
    """Print a Markdown table, row by row. Returns how many mutations nothing noticed, at most 1."""
    columns = ["unit tests", "state machine"] + (["chaos"] if chaos else [])
    print(f"| Rule | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}", flush=True)
    unnoticed = 0
    for mutation in mutations:
        place = copy / mutation.file
        source = place.read_text()
        place.write_text(mutation.apply(source))
        found = passes(copy, chaos)
        place.write_text(source)
        unnoticed += all(found.values())
        marks = " | ".join("" if found[column] else "noticed" for column in columns)
        print(f"| {mutation.rule} | {marks} |", flush=True)
    print(f"\n{len(mutations)} mutations, {unnoticed} unnoticed.", flush=True)
    return min(unnoticed, 1)


def passes(copy: Path, chaos: int) -> dict[str, bool]:
    """By column, whether the tests pass in this copy."""
    python = sys.executable
    pytest = [python, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    found = {
        "unit tests": succeeds(copy, [*pytest, *UNIT_TESTS]),
        "state machine": succeeds(copy, [python, "-c", RUN_PROTOCOL]),
    }
    if chaos:
        small = [f"--ratings={chaos}", "--seconds=15", "--kills=5", "--patience=120"]
        found["chaos"] = succeeds(copy, [python, "bench/chaos.py", *small])
    return found


def succeeds(copy: Path, command: list[str]) -> bool:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1"}
    return not subprocess.run(command, cwd=copy, env=environment, capture_output=True).returncode


if __name__ == "__main__":
    sys.exit(main())
