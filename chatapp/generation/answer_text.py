"""AnswerText: text and thinking of an answer as they arrive, with the time of the thinking."""

from __future__ import annotations

import io
from typing import Any


class AnswerText:
    """All times are in milliseconds since the request. `first_text_ms`: None before the first."""

    def __init__(self) -> None:
        self._text, self._thinking = io.StringIO(), io.StringIO()
        self.first_text_ms: int | None = None
        self._thinking_since: int | None = None
        self._thought_ms: int | None = None  # before `_thinking_since`

    @property
    def text(self) -> str:
        return self._text.getvalue()

    @property
    def thinking(self) -> str:
        return self._thinking.getvalue()

    @property
    def is_thinking(self) -> bool:
        return self._thinking_since is not None

    def thinking_ms(self, now: int) -> int | None:
        if self._thinking_since is None:
            return self._thought_ms
        return (self._thought_ms or 0) + now - self._thinking_since

    def add_text(self, text: str, now: int) -> None:
        self._end_thinking(now)
        if self.first_text_ms is None:
            self.first_text_ms = now
        self._text.write(text)

    def add_thinking(self, text: str, now: int) -> str:
        """Returns what was added: thinking begins with no whitespace."""
        if not self._thinking.tell():
            text = text.lstrip()
        if text and self._thinking_since is None:
            self._thinking_since = now
        self._thinking.write(text)
        return text

    def text_was_thinking(self, now: int) -> None:
        """Move all text into the thinking."""
        began = now if self.first_text_ms is None else self.first_text_ms
        self.add_thinking(self.text, began)
        self._text, self.first_text_ms = io.StringIO(), None
        self._end_thinking(now)

    def _end_thinking(self, now: int) -> None:
        self._thought_ms, self._thinking_since = self.thinking_ms(now), None

    def fields(self, now: int) -> dict[str, Any]:
        """Fields of the message, to be saved."""
        return {
            "text": self.text,
            "thinking": self.thinking,
            "thinking_ms": self.thinking_ms(now),
            "first_token_ms": self.first_text_ms,
        }
