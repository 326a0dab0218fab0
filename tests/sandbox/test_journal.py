"""The log's file on a disk that is full."""

import subprocess
import sys

import pytest

from sandbox.replay import open_log
from sandbox.settings import Settings
from tests.architecture.imports import ROOT
from tests.fixtures.patience import DEADLINE

CODE = """
import resource
from pathlib import Path
from sandbox.journal import Journal

path = Path({path!r})
journal = Journal(path)
journal.write("advance", seconds=1)
limit = path.stat().st_size + 10
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
try:
    journal.write("advance", seconds=10)
except OSError:
    print("full")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
journal.write("advance", seconds=100)
"""


@pytest.mark.process
def test_a_line_that_does_not_fit_spoils_no_other(tmp_path):
    path = tmp_path / "sandbox.log"
    command = [sys.executable, "-c", CODE.format(path=str(path))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE)
    assert done.stdout == "full\n", done.stderr
    log = open_log(Settings(), path)
    assert log.offset == 101
    log.journal.close()


def test_a_line_about_a_request_that_is_missing_is_passed_over(tmp_path):
    path = tmp_path / "sandbox.log"
    path.write_text(
        '{"kind": "properties", "number": 7, "properties": {}}\n{"kind": "advance", "seconds": 5}\n'
    )
    log = open_log(Settings(), path)
    assert log.offset == 5
    log.journal.close()
