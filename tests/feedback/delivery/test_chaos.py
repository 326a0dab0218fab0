"""`make chaos`, small: nothing is lost, stale or reverted, unless the workers believe a 201."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.architecture.imports import ROOT
from tests.fixtures.services import POSTGRES_URL

SMALL = ["--workers=2", "--kills=2", "--seed=1"]
QUICK = ["--ratings=120", "--seconds=6", "--ingestion=3", "--second-write=6"]


def chaos(*arguments: str) -> tuple[str, subprocess.CompletedProcess[str]]:
    """The last line, and the process."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.chaos", *SMALL, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=270)
    return (done.stdout.splitlines() or [""])[-1], done


@pytest.mark.process
@pytest.mark.timeout(280)
@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param(POSTGRES_URL, marks=pytest.mark.postgres, id="postgres")]
)
def test_120_ratings_survive_it(database: str) -> None:
    last, done = chaos(f"--database={database}", *QUICK)
    assert last == "ratings=120 lost=0 stale=0 reverted=0", done.stdout + done.stderr
    assert done.returncode == 0, done.stdout


@pytest.mark.process
@pytest.mark.timeout(280)
def test_workers_that_believe_a_201_do_every_kind_of_damage() -> None:
    """On a busy machine, half as many: 16 to 25 were lost, 5 and 6 stale, 10 to 13 reverted."""
    last, done = chaos("--naive", "--ratings=480", "--seconds=15")
    damage = re.fullmatch(r"ratings=480 lost=(\d+) stale=(\d+) reverted=(\d+)", last)
    assert damage, done.stdout + done.stderr
    assert all(int(number) > 0 for number in damage.groups()), last
    assert done.returncode == 0, done.stdout
