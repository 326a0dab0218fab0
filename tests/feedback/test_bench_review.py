"""`make bench-review`, small: the rows fit the tables as they are now, and each line is measured."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.architecture.imports import ROOT
from tests.fixtures.services import POSTGRES_URL

LAST = re.compile(r"ratings=240 slowest_p95_ms=\d+ most_work_ms=\d+ over_60000_ms=0 bulk=\d+ ")
SMALL = ["--ratings=240", "--times=2", "--only=search: rare", "--limit=60000"]


@pytest.mark.postgres
@pytest.mark.process
@pytest.mark.timeout(180)
def test_240_ratings_are_made_and_measured() -> None:
    command = [sys.executable, "bench/review.py", f"--database={POSTGRES_URL}", *SMALL]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, done.stdout + done.stderr
    assert LAST.match(done.stdout.splitlines()[-1]), done.stdout
    assert "queue: next" in done.stdout
    assert re.search(
        r"^export: jsonl, [\d,]+ a second over 2\d\d rated answers$", done.stdout, re.M
    )


@pytest.mark.postgres
@pytest.mark.process
@pytest.mark.timeout(180)
def test_the_numbers_are_measured_too() -> None:
    command = [sys.executable, "bench/review.py", f"--database={POSTGRES_URL}", *SMALL]
    command += ["--only=numbers"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall("^numbers: ", done.stdout, re.MULTILINE)) == 7, done.stdout
    assert "the days are counted" in done.stdout
