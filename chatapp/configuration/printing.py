"""The table as `.env.example` and as the README's."""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from chatapp.configuration.setting import Setting
from chatapp.configuration.table import PRINTED, SECTIONS

WIDTH = 100
HEAD = """\
# Copy to .env and change what you need. One NAME=value a line; an empty value is the default,
# a variable of the environment goes before this file, and the start says what it can't use.
"""
COLUMNS = "| Setting | Default | What it is |\n|---|---|---|\n"
README_TABLE = re.compile(rf"(?<=\n){re.escape(COLUMNS)}(\|.*\n)*")


def env_example() -> str:
    return HEAD + "".join(_sections())


def _sections() -> Iterator[str]:
    for section in SECTIONS:
        yield "\n" + f"# --- {section.title} ".ljust(WIDTH - 1, "-") + "\n"
        yield "\n".join(_example(setting) for setting in section.settings)


def _example(setting: Setting) -> str:
    text = setting.help
    if setting.computed:
        text += f" Default: {setting.computed.replace('`', '')}."
    lines = textwrap.wrap(
        text, WIDTH - 2, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False
    )
    return "\n".join([*lines, f"#{setting.name}={setting.default}", ""])


def readme_table() -> str:
    return COLUMNS + "".join(_row(setting) for setting in PRINTED)


def _row(setting: Setting) -> str:
    default = setting.computed or (setting.default and f"`{setting.default}`")
    cells = f"`{setting.name}`", default, first_sentence(setting.help).replace("|", r"\|")
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in cells) + "\n"


def first_sentence(text: str) -> str:
    return re.split(r"\.(?: |$)", text, maxsplit=1)[0]


def with_readme_table(readme: str) -> str:
    """The README with its table printed anew."""
    return README_TABLE.sub(lambda _: readme_table(), readme)


def write(folder: Path) -> None:
    (folder / ".env.example").write_text(env_example(), "utf-8")
    readme = folder / "README.md"
    readme.write_text(with_readme_table(readme.read_text("utf-8")), "utf-8")
