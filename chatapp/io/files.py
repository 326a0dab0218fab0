"""Files that are whole or not there, and locks that are files."""

import contextlib
import fcntl
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

POLL_SECONDS = 0.1


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read, and put it in place when it is on disk.

    Raises OSError, and then leaves what was there before.
    """
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.", suffix=path.suffix)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(number)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


@contextlib.contextmanager
def locked(path: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Hold a lock until the block or the process ends; call `waiting` once if another has it.

    Where no lock can be had, as on some network drives, the block runs without one.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            _lock(stack.enter_context(path.open("ab")).fileno(), waiting)
        yield


def _lock(number: int, waiting: Callable[[], object]) -> None:
    is_first = True
    while True:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if is_first:
                waiting()
            is_first = False
            time.sleep(POLL_SECONDS)
        else:
            return
