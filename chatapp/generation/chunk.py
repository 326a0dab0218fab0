"""One chat completion chunk, decoded from JSON, as events.

Each field is checked where it is read: providers send chunks without choices, counts of -1, text in
parts. What is unfit is left out, and an `Ignored` says so.
"""

from __future__ import annotations

from typing import Any

from chatapp.generation.errors import CompletionError, error_from_object
from chatapp.generation.events import (
    CompletionEvent,
    Delta,
    Finished,
    Ignored,
    Thinking,
    Usage,
)
from chatapp.text.validators import storable_text

MAX_COUNT = 2**31 - 1  # of tokens: what the database's columns hold


def read_chunk(
    chunk: Any, events: list[CompletionEvent], *, has_text: bool, is_error: bool = False
) -> CompletionError | None:
    """Append what `chunk` says to `events`. Raises CompletionError if it holds an error.

    `has_text`: text has come before, so a whole message in place of a delta repeats it. `is_error`:
    the server-sent event was named "error". Returns an error that may be one: the openai client
    knows the key `error` only, and reads on after other chunks.
    """
    if type(chunk) is not dict:
        events.append(Ignored("a chunk that is no object"))
        return None
    error = reason = None
    if choices := chunk.get("choices"):
        choice = choices[0] if type(choices) is list else None
        if type(choice) is dict:
            read_choice(choice, events, has_text=has_text)
            if reason := choice.get("finish_reason"):
                error = choice.get("error") or (choice if reason == "error" else None)
        else:
            events.append(Ignored("choices"))
    elif is_error or "error" in (chunk.get("object"), chunk.get("type")):
        error = chunk
    if chunk.get("error"):
        raise error_from_object(chunk["error"])
    if reason and not error:
        events.append(finished(reason))
    if usage := chunk.get("usage"):
        read_usage(usage, events)
    return error_from_object(error) if error else None


def read_choice(choice: dict[str, Any], events: list[CompletionEvent], *, has_text: bool) -> None:
    delta = choice.get("delta")
    if not delta:
        delta = choice.get("message")
        if not delta or has_text or any(isinstance(event, Delta) for event in events):
            return
    if type(delta) is not dict:
        events.append(Ignored("delta"))
        return
    if thinking := delta.get("reasoning_content") or delta.get("reasoning"):
        read_thinking(thinking, events)
    if content := delta.get("content"):
        if type(content) is str:
            events.append(Delta(content))
        else:
            read_parts(content, events)
    if refusal := delta.get("refusal"):
        if type(refusal) is str:
            events.append(Delta(refusal, is_refusal=True))
        else:
            events.append(Ignored("refusal"))


def read_parts(content: Any, events: list[CompletionEvent]) -> None:
    """Read content that is a list of parts instead of text."""
    for part in content if type(content) is list else [content]:
        if type(part) is not dict:
            part = {"text": part}
        if thinking := part.get("thinking"):
            read_thinking(thinking, events)
        elif type(text := part.get("text")) is str:
            events.append(Delta(text))
        elif type(refusal := part.get("refusal")) is str:
            events.append(Delta(refusal, is_refusal=True))
        else:
            events.append(Ignored("content"))


def read_thinking(thinking: Any, events: list[CompletionEvent]) -> None:
    """Read reasoning: text, or a list of parts with text."""
    for part in thinking if type(thinking) is list else [thinking]:
        text = part.get("text") if type(part) is dict else part
        events.append(
            Thinking(storable_text(text)) if type(text) is str and text else Ignored("reasoning")
        )


def finished(reason: Any) -> Finished:
    return Finished(storable_text(reason) if type(reason) is str else "unknown")


def read_usage(usage: Any, events: list[CompletionEvent]) -> None:
    """Read token counts; those that are no count are unknown."""
    found: list[int | None] = []
    for name in ("prompt_tokens", "completion_tokens"):
        count = usage.get(name) if type(usage) is dict else usage
        is_count = type(count) is int and 0 <= count <= MAX_COUNT
        found.append(count if is_count else None)
        if not is_count:
            events.append(Ignored(name))
    if found != [None, None]:
        events.append(Usage(*found))
