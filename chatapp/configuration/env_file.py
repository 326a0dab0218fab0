"""Reads `.env` into the environment; where each name is in it."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# The shape django-environ understands; it skips any other line with no more than a warning.
LINE = re.compile(r"(?:export )?([A-Za-z_0-9]+)=(.*)")


@dataclass(frozen=True)
class EnvFile:
    """The path, and the number and value of each name's line."""

    path: Path
    lines: dict[str, tuple[int, str]]

    def place(self, name: str, value: str) -> str:
        """Where a value in force comes from; the environment goes before the file."""
        number, text = self.lines.get(name, (0, ""))
        from_file = number and text.strip("'\"") == value.strip("'\"")
        return f"{self.path.name}, line {number}" if from_file else "In the environment"


def read() -> EnvFile:
    """Set what the environment lacks. Raises SystemExit with a sentence that says where to look."""
    path = Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env")
    env_file = EnvFile(path, _lines(path))
    environ.Env.read_env(str(path))
    return env_file


def _lines(path: Path) -> dict[str, tuple[int, str]]:
    found = {}
    for number, line in enumerate(_text(path).split("\n"), start=1):
        match = LINE.fullmatch(line)
        if match:
            found[match[1]] = number, match[2]
        if (line and not line.startswith("#") and not match) or (match and _half_quoted(match[2])):
            name = f" ({match[1]})" if match else ""
            raise SystemExit(
                f"{path.name}, line {number}{name}: a line is NAME=value, without spaces around"
                " the = and with quotes closed, or starts with #."
            )
        if "\0" in line:
            name = f" ({match[1]})" if match else ""
            raise SystemExit(f"{path.name}, line {number}{name}: a NUL character is in the line.")
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError):
        raise SystemExit(f"{path} can't be read: it must be a text file in UTF-8.") from None


def _half_quoted(value: str) -> bool:
    return value[:1] in ("'", '"') and (len(value) == 1 or value[-1] != value[0])
