"""A ZIP that is sent while it is made: never more of it in memory than a row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder

Part = tuple[str, Iterable[Any]]
File = tuple[str, Path]


class ZipBuffer:
    """What ZipFile writes to; it sees that this is no file to go back in."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def take(self) -> bytes:
        taken, self.waiting = b"".join(self.waiting), []
        return taken


def archive(parts: Iterable[Part], files: Iterable[File] = ()) -> Iterator[bytes]:
    """Each part a JSON array of its rows; a file that is gone meanwhile is left out."""
    outbox = ZipBuffer()
    with ZipFile(outbox, "w", ZIP_DEFLATED) as made:
        for name, rows in parts:
            with made.open(name, "w") as written:
                before = b"[\n"
                for row in rows:
                    text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
                    written.write(before + text.encode())
                    before = b",\n"
                    yield outbox.take()
                written.write(b"\n]\n" if before == b",\n" else b"[]\n")
        for name, path in files:
            if path.is_file():
                made.write(path, name, ZIP_STORED)
                yield outbox.take()
    yield outbox.take()
