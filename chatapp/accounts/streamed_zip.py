"""ZIP archive streamed while it is written, with one row in memory at a time."""

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
    """Write-only buffer for ZipFile, not seekable."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.chunks.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def drain(self) -> bytes:
        data, self.chunks = b"".join(self.chunks), []
        return data


def stream_zip(parts: Iterable[Part], files: Iterable[File] = ()) -> Iterator[bytes]:
    """Yield the archive: a JSON array per part, then the files, skipping those deleted since."""
    buffer = ZipBuffer()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, rows in parts:
            with archive.open(name, "w") as member:
                separator = b"[\n"
                for row in rows:
                    text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
                    member.write(separator + text.encode())
                    separator = b",\n"
                    yield buffer.drain()
                member.write(b"\n]\n" if separator == b",\n" else b"[]\n")
        for name, path in files:
            if path.is_file():
                archive.write(path, name, ZIP_STORED)
                yield buffer.drain()
    yield buffer.drain()
