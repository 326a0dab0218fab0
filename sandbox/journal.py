"""The log's file, one JSON line per change; replay.py restores the log from it."""

import json
from dataclasses import asdict
from errno import ENOSPC
from os import SEEK_END
from pathlib import Path
from typing import Any


class Journal:
    """Append-only file of changes; without a path nothing is written."""

    def __init__(self, path: Path | None = None) -> None:
        self.file = path.open("ab", buffering=0) if path else None
        if self.file and path and not path.read_bytes().endswith(b"\n"):
            self.file.write(b"\n")  # a kill may leave half a line

    def write(self, kind: str, **data: Any) -> None:
        """Append a line, whole or not at all. Raises OSError if the disk is full."""
        if self.file is None:
            return
        line = f"{json.dumps({'kind': kind, **data}, default=asdict)}\n".encode()
        before = self.file.seek(0, SEEK_END)
        if self.file.write(line) < len(line):
            self.file.truncate(before)
            raise OSError(ENOSPC, "The disk is full")

    def truncate(self) -> None:
        if self.file is not None:
            self.file.truncate(0)

    def close(self) -> None:
        if self.file is not None:
            self.file.close()
