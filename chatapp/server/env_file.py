"""Reads `.env` into the environment, and refuses what is wrong in it with one sentence."""

import os
import re
from pathlib import Path

import environ

from chatapp.server.checks import CHECKS, Check, Refused

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# The shape django-environ understands; it skips any other line with no more than a warning.
LINE = re.compile(r"(?:export )?([A-Za-z_0-9]+)=(.*)")


def read() -> Path:
    """The file read. Raises SystemExit with a sentence that says where to look."""
    path = Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env")
    lines = _names_by_line(path)
    environ.Env.read_env(str(path))
    for name, check in CHECKS.items():
        # Neither the environment nor .env has it, or it is empty: the default is meant.
        if value := os.environ.get(name, ""):
            _check(name, value, check, _place(path, lines, name))
    return path


def var_dir() -> Path:
    """Where data is kept: the setting VAR_DIR, made if need be."""
    path = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"VAR_DIR is {path}, and can't be made: {error.strerror}.") from None
    if not os.access(path, os.W_OK):
        raise SystemExit(f"VAR_DIR is {path}, and can't be written to.")
    return path


def _names_by_line(path: Path) -> dict[str, tuple[int, str]]:
    """What each setting is in the file, and in which line."""
    found = {}
    for number, line in enumerate(_text(path).splitlines(), start=1):
        match = LINE.fullmatch(line)
        if match:
            found[match[1]] = number, match[2]
        if (line and not line.startswith("#") and not match) or (match and _half_quoted(match[2])):
            name = f" ({match[1]})" if match else ""
            raise SystemExit(
                f"{path.name}, line {number}{name}: a line is NAME=value, without spaces around"
                " the = and with quotes closed, or starts with #."
            )
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError):
        raise SystemExit(f"{path} can't be read: it must be a text file in UTF-8.") from None


def _half_quoted(value: str) -> bool:
    return value[:1] in ("'", '"') and (len(value) == 1 or value[-1] != value[0])


def _place(path: Path, lines: dict[str, tuple[int, str]], name: str) -> str:
    """Where the value in force comes from; the environment goes before the file."""
    number, text = lines.get(name, (0, ""))
    from_file = text.strip("'\"") == os.environ[name].strip("'\"")
    return f"{path.name}, line {number}" if number and from_file else "In the environment"


def _check(name: str, value: str, check: Check, place: str) -> None:
    try:
        check(value)
    except Refused as refused:
        raise SystemExit(f"{place}: {name} {refused}") from None
