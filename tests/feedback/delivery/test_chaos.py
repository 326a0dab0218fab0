"""`make chaos`, small: a failing Helicone, killed workers, and nothing lost, stale or reverted."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.imports import ROOT
from tests.fixtures.services import POSTGRES_URL

SMALL = [
    "--ratings=120",
    "--seconds=6",
    "--workers=2",
    "--kills=2",
    "--ingestion=3",
    "--second-write=6",
]


@pytest.mark.process
@pytest.mark.timeout(280)
@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param(POSTGRES_URL, marks=pytest.mark.postgres, id="postgres")]
)
def test_120_ratings_survive_it(database: str) -> None:
    command = [sys.executable, "bench/chaos.py", f"--database={database}", *SMALL]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=270)
    assert done.stdout.splitlines()[-1] == "ratings=120 lost=0 stale=0 reverted=0", done.stdout
    assert done.returncode == 0, done.stdout
