"""The log's file, one JSON line per change; replay.py restores the log from it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any


class Journal:
    """Append-only file of changes; without a path nothing is written."""

    def __init__(self, path: Path | None = None) -> None:
        self.file = path.open("a", encoding="utf-8") if path else None
        if self.file and path and not path.read_bytes().endswith(b"\n"):
            self.file.write("\n")  # a kill may leave half a line

    def write(self, kind: str, **data: Any) -> None:
        if self.file is not None:
            self.file.write(json.dumps({"kind": kind, **data}, default=asdict) + "\n")
            self.file.flush()

    def truncate(self) -> None:
        if self.file is not None:
            self.file.truncate(0)

    def close(self) -> None:
        if self.file is not None:
            self.file.close()
