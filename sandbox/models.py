"""Models that answer: Eliza, the Markdown showcase, an echo, a counter."""

import re
from collections.abc import Callable
from pathlib import Path

from sandbox import eliza

_SHOWCASE = (Path(__file__).parent / "showcase.md").read_text(encoding="utf-8")
_COUNT = re.compile(r"count-(\d{1,6})")
_TOKEN = re.compile(r"\s*\S{1,24}|\s+")
_LISTED = ("eliza", "showcase", "echo", "count-100", "gpt-4o-mini")


def listed() -> list[str]:
    return list(_LISTED)


def known(name: str) -> bool:
    """Whether a model exists. gpt-anything is Eliza, so that a default model's name works."""
    return name in _LISTED or name.startswith("gpt-") or _COUNT.fullmatch(name) is not None


def takes_images(name: str) -> bool:
    """Whether a model takes images: all but the oldest do."""
    return not name.startswith("gpt-3.5")


def answer(name: str, user_texts: list[str], seed: int | None = None) -> str:
    """The whole answer of model `name` to the user's messages so far."""
    if count := _COUNT.fullmatch(name):
        return numbered(int(count[1]))
    answers: dict[str, Callable[[], str]] = {
        "showcase": lambda: _SHOWCASE,
        "echo": lambda: user_texts[-1] if user_texts else "",
    }
    return answers.get(name, lambda: eliza.answer(user_texts, seed))()


def numbered(count: int) -> str:
    """`count` numbered words, in which a lost, doubled or swapped one is obvious."""
    return " ".join(f"w{number}" for number in range(1, count + 1))


def stretched(text: str, count: int) -> str:
    """The text repeated or cut until it has exactly `count` tokens."""
    text = text.strip() or "…"
    pieces, again = tokens(text), tokens("\n\n" + text)
    return "".join((pieces + again * (count // len(again) + 1))[:count])


def tokens(text: str) -> list[str]:
    """Split a text into the tokens to be streamed. Joined, they are the text again."""
    return _TOKEN.findall(text)


def count_tokens(text: str) -> int:
    """A plausible number for usage: about 1.3 a word."""
    return int(len(text.split()) * 1.3) + 1 if text else 0
