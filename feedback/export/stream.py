"""An export as it is sent: in pieces, made in a thread and with a connection of its own."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Protocol

from django.db.models import QuerySet

from feedback.chat.runtime import DatabaseThread
from feedback.export.csv_format import CsvWriter
from feedback.export.jsonl_format import JsonlWriter
from feedback.export.rows import Named, Row, ids, rows
from feedback.models import Export, Rating

Pieces = Generator[bytes, None, None]
# Bytes that are sent at once, and seconds between two notes of how far it is.
PIECE = 64_000
NOTE = 1.0


class Writer(Protocol):
    """Of one line: which `number` it has, `of` how many."""

    content_type: str
    named: Named
    whole: bool

    def head(self) -> str: ...
    def line(self, number: int, of: int, row: Row) -> str: ...
    def foot(self, number: int, of: int) -> str: ...


def writer_of(form: str, named: Named) -> Writer:
    return CsvWriter(named) if form == Export.Format.CSV else JsonlWriter(named)


def pieces(export: Export, ratings: QuerySet[Rating], writer: Writer) -> Pieces:
    """The file, and the log kept of it: complete only where the last piece was taken."""
    try:
        yield from written(export, ratings, writer)
    except BaseException:  # also where nobody takes the rest: GeneratorExit
        export.save_progress(status=Export.State.BROKEN)
        raise


def written(export: Export, ratings: QuerySet[Rating], writer: Writer) -> Pieces:
    if head := writer.head():
        yield head.encode()
    found = ids(ratings)
    export.save_progress(expected=len(found))
    waiting, size, number, noted = list[bytes](), 0, 0, time.monotonic()
    for number, row in enumerate(rows(found, writer.named, writer.whole), 1):
        waiting.append(line := writer.line(number, len(found), row).encode())
        size += len(line)
        if size >= PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
        if time.monotonic() - noted >= NOTE:
            export.save_progress(rows=number)
            noted = time.monotonic()
    yield b"".join([*waiting, writer.foot(number, len(found)).encode()])
    export.save_progress(rows=number, status=Export.State.COMPLETE)


async def sent(make: Callable[[], Pieces]) -> AsyncGenerator[bytes, None]:
    """The pieces, each asked for when the one before it was taken. Whoever leaves ends it."""
    thread = DatabaseThread("export")
    made = make()
    try:
        while (piece := await thread.do(next, made, None)) is not None:
            yield piece
    finally:
        thread.close(made.close)
