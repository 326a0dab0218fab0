"""Prompt assembly: system instructions, message history within the limit, images."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from chatapp.images import storage
from chatapp.images.processing import CONTENT_TYPE
from chatapp.models import Message

# Characters that an image counts for: about a thousand tokens.
IMAGE_LENGTH = 4_000


@dataclass(frozen=True)
class Prompt:
    """`messages` in OpenAI's format; the oldest `left_out` messages did not fit."""

    messages: list[dict[str, Any]]
    left_out: int


def prompt_for(answer: Message) -> Prompt:
    history = [message for message in answer.path()[:-1] if message.text or message.images]
    included = truncate_to_context(history, settings.CONTEXT_MAX_LENGTH)
    version = answer.prompt_version
    instructions = version.instructions if version else ""
    sees = answer.conversation.assistant.sees_images
    return Prompt(
        [
            *([{"role": "system", "content": instructions}] if instructions else []),
            *with_images(included, settings.IMAGES_IN_CONTEXT if sees else 0),
        ],
        left_out=len(history) - len(included),
    )


def truncate_to_context(history: Sequence[Message], limit: int) -> Sequence[Message]:
    """The newest messages of at most `limit` characters together, always including the question.
    The first one is a user's message: an answer without its question misleads the model."""
    size, first = 0, len(history)
    for index in range(len(history) - 1, -1, -1):
        size += len(history[index].text) + IMAGE_LENGTH * len(history[index].images)
        if size > limit and index < len(history) - 1:
            break
        if not history[index].is_answer:
            first = index
    return history[first:]


def with_images(history: Sequence[Message], limit: int) -> list[dict[str, Any]]:
    """Messages in OpenAI's format with the newest `limit` images; earlier images become text.
    All images of the last question are sent, unless `limit` is 0."""
    result: list[dict[str, Any]] = []
    for message in reversed(history):
        count = len(message.images)
        sent = count if not result and limit else min(count, max(limit, 0))
        limit -= sent
        result.append({"role": message.role, "content": content_of(message, count - sent)})
    return result[::-1]


def content_of(message: Message, hidden: int) -> str | list[dict[str, Any]]:
    """A message's text, or its parts with image URLs; the first `hidden` images become text."""
    urls = [url_of(message, image) for image in message.images[hidden:]]
    unseen = message.images[:hidden] + [
        image for image, url in zip(message.images[hidden:], urls, strict=True) if not url
    ]
    named = [f"[An image that you can't see: {image['alt']}]" for image in unseen]
    text = "\n".join([*named, message.text] if message.text else named)
    parts = [{"type": "image_url", "image_url": {"url": url}} for url in urls if url]
    return [*([{"type": "text", "text": text}] if text else []), *parts] if parts else text


def url_of(message: Message, image: dict[str, Any]) -> str:
    """Data URL of an image; empty if its file is missing, so that the answer goes on without."""
    data = storage.read(message.conversation_id, image["file"])
    return f"data:{CONTENT_TYPE};base64,{b64encode(data).decode()}" if data else ""
