"""The file of the log, one JSON line per change; replay.py reads it back."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any


class Journal:
    """Appends changes to a file; without a path it keeps none, and the log is in memory alone."""

    def __init__(self, path: Path | None = None) -> None:
        self.file = path.open("a", encoding="utf-8") if path else None
        if self.file and path and not path.read_bytes().endswith(b"\n"):
            self.file.write("\n")  # a kill may leave half a line; don't lose the next one with it

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
