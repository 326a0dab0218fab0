"""The body of a chat completion, checked."""

import json
from dataclasses import dataclass
from typing import Any

from sandbox.faults import Faults, split_directives
from sandbox.pictures import BadPicture, Picture, pictures_in

_ROLES = ("system", "developer", "user", "assistant", "tool", "function")


class BadPrompt(Exception):
    """An invalid body, answered 400 with this message."""


@dataclass(frozen=True)
class Prompt:
    model: str
    messages: list[dict[str, Any]]
    stream: bool
    include_usage: bool
    limit: int | None  # tokens at most
    seed: int | None
    text: str  # the last user message, without directives
    raw_text: str
    directives: Faults
    user_texts: list[str]  # every user message
    all_texts: list[str]  # every message
    pictures: list[Picture]

    @classmethod
    def parse(cls, body: bytes) -> "Prompt":
        data = _object(body)
        messages = _messages(data.get("messages"))
        user_texts = [_text(m.get("content")) for m in messages if m["role"] == "user"]
        raw = user_texts[-1] if user_texts else ""
        text, directives = split_directives(raw)
        options = data.get("stream_options") or {}
        return cls(
            model=_model(data.get("model")),
            messages=messages,
            stream=data.get("stream") is True,
            include_usage=isinstance(options, dict) and options.get("include_usage") is True,
            limit=_whole(data, "max_completion_tokens") or _whole(data, "max_tokens"),
            seed=_whole(data, "seed"),
            text=text,
            raw_text=raw,
            directives=directives,
            user_texts=[*(without_directives(earlier) for earlier in user_texts[:-1]), text],
            all_texts=[_text(m.get("content")) for m in messages],
            pictures=_pictures(messages),
        )


def without_directives(text: str) -> str:
    """An earlier message without its directives; unchanged if one is invalid."""
    try:
        return split_directives(text)[0]
    except ValueError:
        return text


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadPrompt("We could not parse the JSON body of your request.") from error
    if not isinstance(data, dict):
        raise BadPrompt("The body of a request is a JSON object.")
    return data


def _model(name: Any) -> str:
    if not isinstance(name, str) or not name:
        raise BadPrompt("you must provide a model parameter")
    return name


def _messages(messages: Any) -> list[dict[str, Any]]:
    if not isinstance(messages, list) or not messages:
        raise BadPrompt("[] is too short - 'messages'")
    for message in messages:
        if not isinstance(message, dict) or message.get("role") not in _ROLES:
            raise BadPrompt(f"Every message has one of the roles {', '.join(_ROLES)}.")
        if message["role"] == "user" and not isinstance(message.get("content"), (str, list)):
            raise BadPrompt("Invalid value for 'content': expected a string or a list of parts.")
    return messages


def _pictures(messages: list[dict[str, Any]]) -> list[Picture]:
    try:
        return pictures_in(messages)
    except BadPicture as bad:
        raise BadPrompt(str(bad)) from bad


def _text(content: Any) -> str:
    """A message's text: its text parts, where it is a list of parts with pictures between."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = [part for part in content if isinstance(part, dict)]
    return "\n".join(str(part.get("text", "")) for part in parts if part.get("type") == "text")


def _whole(data: dict[str, Any], name: str) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadPrompt(f"Invalid type for '{name}': expected an integer.")
    if value < 1 and name != "seed":
        raise BadPrompt(f"Invalid value for '{name}': must be at least 1.")
    return value
