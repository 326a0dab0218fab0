"""make mutations: break each rule of the delivery protocol in turn, and show what notices.

Each mutation is made in a copy of the project, and tried against one proof after another, until
one notices it: the state machine of one rating, the same machine through the tables of the outbox,
reading back from a store with too many versions, the tests of review scores, and `make chaos` with
400 ratings; the one closest to the changed file comes first. The proofs are run once without any mutation before. Fails where a
rule can be broken without any of them noticing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.mutations.rules import CALLS, MUTATIONS, OUTBOX, READ_BACK, REVIEW_SCORE, ROOT, Mutation

# A failure is found, not shrunk to its smallest form, which takes minutes.
GENERATE = """
import sys
import pytest
from hypothesis import Phase, settings
settings.register_profile("found", phases=[Phase.generate], database=None)
settings.load_profile("found")
quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider"]
sys.exit(pytest.main(["-x", "-q", "--timeout=900", *quiet, *sys.argv[1:]]))
"""
STATE_MACHINE = "tests/feedback/models/test_state_machine.py"
LATEST = f"{STATE_MACHINE}::test_the_latest_second_write_of_the_latest_arrival_is_waited_for"
PROOFS = {
    "state machine": ["-c", GENERATE, LATEST, f"{STATE_MACHINE}::TestOneRatingAtLength"],
    "tables": ["-c", GENERATE, LATEST, f"{STATE_MACHINE}::TestOneRatingInTables"],
    "reading": ["-c", GENERATE, "tests/helicone/test_read_back.py"],
    "review scores": ["-c", GENERATE, "tests/feedback/models/test_review_score.py"],
    "chaos": ["-W", "ignore", "-m", "bench.chaos", "--ratings=400", "--seconds=15", "--kills=3"]
    + ["--patience=90"],
}
FIRST = {OUTBOX: "tables", READ_BACK: "reading", CALLS: "reading", REVIEW_SCORE: "review scores"}
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "__pycache__", ".*_cache")


def main() -> int:
    made = argparse.ArgumentParser(prog="make mutations", description=__doc__)
    made.add_argument("--only", default="", help="the rules that have these words in them")
    made.add_argument("--by", choices=PROOFS, action="append", help="these proofs alone")
    options = made.parse_args()
    proofs = [name for name in PROOFS if name in (options.by or PROOFS)]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "rapport"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        wrong = [name for name in proofs if not holds(copy, name)]
        if wrong:
            raise SystemExit(f"Without any mutation this fails: {', '.join(wrong)}.")
        return table(copy, [m for m in MUTATIONS if options.only in m.rule], proofs)


def table(copy: Path, mutations: list[Mutation], proofs: list[str]) -> int:
    """Print a Markdown table, row by row. Returns how many mutations nothing noticed, at most 1."""
    began, unnoticed = time.monotonic(), 0
    print("| Rule | noticed by |\n|---|---|", flush=True)
    for mutation in mutations:
        place = copy / mutation.file
        source = place.read_text()
        place.write_text(mutation.apply(source))
        order = sorted(proofs, key=lambda name: name != FIRST.get(mutation.file))
        by = next((name for name in order if not holds(copy, name)), "")
        place.write_text(source)
        unnoticed += not by
        print(f"| {mutation.rule} | {by or '**nothing**'} |", flush=True)
    minutes = (time.monotonic() - began) / 60
    print(
        f"\n{len(mutations)} mutations, {unnoticed} unnoticed, {minutes:.0f} minutes.", flush=True
    )
    return min(unnoticed, 1)


def holds(copy: Path, proof: str) -> bool:
    """Whether the proof succeeds in this copy."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *PROOFS[proof]]
    return not subprocess.run(command, cwd=copy, env=environment, capture_output=True).returncode


if __name__ == "__main__":
    sys.exit(main())
