"""Restoring of a log from its file at the start of a process."""

import contextlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from sandbox import rating_writes
from sandbox.journal import Journal
from sandbox.log import Log
from sandbox.request_rows import Request, Write
from sandbox.settings import Settings

# Restored from lines of other kinds.
_LOGGED_SEPARATELY = ("scores", "version", "version_key", "stored_versions", "properties")


def open_log(settings: Settings, path: Path | None) -> Log:
    log = Log(settings, Journal())
    if path is not None:
        if path.exists():
            with path.open(encoding="utf-8") as lines:
                for line in lines:
                    replay(log, line)
        log.journal = Journal(path)
    return log


def replay(log: Log, line: str) -> None:
    try:
        entry: dict[str, Any] = json.loads(line)
    except ValueError:
        return  # the last line, truncated by a kill
    # A line about a request whose own line is missing: the disk was full.
    with contextlib.suppress(LookupError):
        _apply(log, entry)


def _apply(log: Log, entry: dict[str, Any]) -> None:
    match entry["kind"]:
        case "open":
            log.index(Request(**entry["request"]))
        case "close":
            saved = Request(**entry["request"])
            for name in (f.name for f in fields(saved) if f.name not in _LOGGED_SEPARATELY):
                setattr(log.requests[saved.number], name, getattr(saved, name))
        case "post":
            rating_writes.add(log, [Write(**write) for write in entry["writes"]])
        case "properties":
            log.set_properties(log.requests[entry["number"]], entry["properties"])
        case "merge":
            rating_writes.settle_all(log)
            log.merge()
        case "advance":
            log.offset += entry["seconds"]
