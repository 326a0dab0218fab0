"""Settings from the environment and `.env`, checked by one table; see `configuration.table`."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ

from chatapp.configuration import env_file, findings
from chatapp.configuration.env_file import BASE_DIR
from chatapp.configuration.table import SETTINGS

__all__ = ["BASE_DIR", "Configuration", "load", "make_folder"]
_printed: set[str] = set()


@dataclass(frozen=True)
class Configuration:
    """The value of each setting by name, and the file that was read."""

    values: dict[str, Any]
    env_file: Path

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def load() -> Configuration:
    """Read and check all settings; print to stderr, once a process, what can't be used.

    Raises SystemExit with sentences where a setting can't be used without which none should start.
    """
    file = env_file.read()
    found = findings.examine(os.environ, file)
    for sentence in found.warnings:
        if sentence not in _printed:
            _printed.add(sentence)
            print(sentence, file=sys.stderr, flush=True)
    if found.errors:
        raise SystemExit("\n".join(found.errors))
    env = environ.Env()
    env.ENVIRON = found.texts
    readers = ((setting.name, getattr(env, setting.kind.reader)) for setting in SETTINGS)
    return Configuration({name: read(name) for name, read in readers}, file.path)


def make_folder(path: Path) -> Path:
    """Make VAR_DIR if need be. Raises SystemExit with a sentence where it can't be written to."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"VAR_DIR is {path}, and can't be made: {error.strerror}.") from None
    if not os.access(path, os.W_OK):
        raise SystemExit(f"VAR_DIR is {path}, and can't be written to.")
    return path
