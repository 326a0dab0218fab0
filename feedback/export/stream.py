"""Streamed export: chunks produced in a thread with a database connection of its own."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Protocol

from django.db.models import QuerySet

from feedback.chat.runtime import DatabaseThread
from feedback.export.csv_format import CsvWriter
from feedback.export.jsonl_format import JsonlWriter
from feedback.export.rows import NameOf, Row, ids, rows
from feedback.models import Export, Rating

Chunks = Generator[bytes, None, None]
# Bytes per chunk, and seconds between two updates of the progress.
CHUNK_BYTES = 64_000
PROGRESS_SECONDS = 1.0


class RowWriter(Protocol):
    """A format's writer; `number` is that of the line, `of` the total."""

    content_type: str
    name_of: NameOf
    whole: bool

    def head(self) -> str: ...
    def line(self, number: int, of: int, row: Row) -> str: ...
    def foot(self, number: int, of: int) -> str: ...


def writer_of(form: str, name_of: NameOf) -> RowWriter:
    return CsvWriter(name_of) if form == Export.Format.CSV else JsonlWriter(name_of)


def export_chunks(export: Export, ratings: QuerySet[Rating], writer: RowWriter) -> Chunks:
    """Chunks of the file; the export is logged as complete if the last one was consumed."""
    try:
        yield from format_export(export, ratings, writer)
    except BaseException:  # also GeneratorExit, if the client disconnects
        export.save_progress(status=Export.State.BROKEN)
        raise


def format_export(export: Export, ratings: QuerySet[Rating], writer: RowWriter) -> Chunks:
    if head := writer.head():
        yield head.encode()
    found = ids(ratings)
    export.save_progress(expected=len(found))
    buffer, size, number, saved_at = list[bytes](), 0, 0, time.monotonic()
    for number, row in enumerate(rows(found, writer.name_of, writer.whole), 1):
        buffer.append(line := writer.line(number, len(found), row).encode())
        size += len(line)
        if size >= CHUNK_BYTES:
            yield b"".join(buffer)
            buffer, size = [], 0
        if time.monotonic() - saved_at >= PROGRESS_SECONDS:
            export.save_progress(rows=number)
            saved_at = time.monotonic()
    yield b"".join([*buffer, writer.foot(number, len(found)).encode()])
    export.save_progress(rows=number, status=Export.State.COMPLETE)


async def stream_chunks(make_chunks: Callable[[], Chunks]) -> AsyncGenerator[bytes, None]:
    """Produce each chunk in the thread after the previous was consumed; close them at the end."""
    thread = DatabaseThread("export")
    chunks = make_chunks()
    try:
        while (chunk := await thread.do(next, chunks, None)) is not None:
            yield chunk
    finally:
        thread.close(chunks.close)
