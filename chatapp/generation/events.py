"""What a streamed completion consists of."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Opened:
    """Response headers received, before the first token; `helicone_id` comes from them."""

    helicone_id: UUID | None


@dataclass(slots=True)  # not frozen: one per token, and made in half the time
class Delta:
    """A piece of the answer's text."""

    text: str
    is_refusal: bool = False


@dataclass(slots=True)  # not frozen: one per token, and made in half the time
class Thinking:
    """A piece of the model's reasoning, which is no part of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class TextWasThinking:
    """All text so far was reasoning: its end was marked, but not its beginning."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The provider's finish reason, such as "stop", "length" or "content_filter"."""

    reason: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts; None where the provider's count is missing or no count."""

    prompt_tokens: int | None
    completion_tokens: int | None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something in the stream that was left out because it has the wrong type or value."""

    what: str


CompletionEvent = Opened | Delta | Thinking | TextWasThinking | Finished | Usage | Ignored
