"""Files on a disk that is full: whole or not there, and nobody's start is stopped by them."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from chatapp.io.files import locked, write_whole
from tests.architecture.imports import ROOT
from tests.fixtures.patience import DEADLINE

FULL_AFTER = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size})); "


def run(code: str, folder: Path, size: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run code in a process whose files can't grow beyond `size` bytes."""
    limit = FULL_AFTER.format(size=size) if size is not None else ""
    return subprocess.run(
        [sys.executable, "-B", "-c", limit + code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "VAR_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )


def test_a_file_is_for_its_owner_only(tmp_path):
    write_whole(tmp_path / "key", b"secret")
    assert (tmp_path / "key").read_bytes() == b"secret"
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.process
def test_a_file_that_does_not_fit_leaves_the_one_before(tmp_path):
    write_whole(tmp_path / "image.webp", b"before")
    code = "from pathlib import Path; from chatapp.io.files import write_whole;"
    code += f"write_whole(Path({str(tmp_path / 'image.webp')!r}), b'x' * 1000)"
    done = run(code, tmp_path, size=100)
    assert "OSError: [Errno 27] File too large" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["image.webp"]
    assert (tmp_path / "image.webp").read_bytes() == b"before"


@pytest.mark.process
def test_a_full_disk_at_the_first_start_stops_no_later_one(tmp_path):
    full = run("import chatapp.settings", tmp_path, size=10)
    key = tmp_path / "secret_key"
    assert full.stderr == f"The secret key can't be kept in {key}: File too large.\n"
    assert not key.exists()
    later = run("from chatapp.settings import SECRET_KEY; print(SECRET_KEY)", tmp_path)
    assert later.stdout.strip() == key.read_text()
    assert len(key.read_text()) == 50


@pytest.mark.process
def test_an_empty_secret_key_counts_as_missing(tmp_path):
    key = tmp_path / "secret_key"
    key.touch()
    done = run("import chatapp.settings", tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(key.read_text()) == 50
    kept = key.read_text()
    run("import chatapp.settings", tmp_path)
    assert key.read_text() == kept


@pytest.mark.process
def test_processes_that_start_at_once_have_one_secret_key(tmp_path):
    code = "from chatapp.settings import SECRET_KEY; print(SECRET_KEY)"
    keys = []
    threads = [
        threading.Thread(target=lambda: keys.append(run(code, tmp_path).stdout)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 4
    assert {key.strip() for key in keys} == {(tmp_path / "secret_key").read_text()}


def test_a_lock_is_held_by_one(tmp_path):
    order, is_waiting = [], threading.Event()

    def second() -> None:
        with locked(tmp_path / "lock", is_waiting.set):
            order.append("second")

    thread = threading.Thread(target=second)
    with locked(tmp_path / "lock"):
        thread.start()
        assert is_waiting.wait(DEADLINE)
        order.append("first")
    thread.join(DEADLINE)
    assert order == ["first", "second"]


def test_where_no_lock_can_be_had_there_is_none(tmp_path):
    with locked(tmp_path / "missing" / "lock"):
        assert list(tmp_path.iterdir()) == []
