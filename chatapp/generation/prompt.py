"""What the model is given to answer: its instructions, then what was said, as far as it fits."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from chatapp.images import storage
from chatapp.images.processing import CONTENT_TYPE
from chatapp.models import Message

# What an image counts for, in characters: about a thousand tokens.
IMAGE_LENGTH = 4_000


@dataclass(frozen=True)
class Prompt:
    """`messages` as OpenAI takes them; `left_out` of the oldest did not fit."""

    messages: list[dict[str, Any]]
    left_out: int


def prompt_for(answer: Message) -> Prompt:
    said = [message for message in answer.path()[:-1] if message.text or message.images]
    kept = truncate_to_context(said, settings.CONTEXT_MAX_LENGTH)
    version = answer.prompt_version
    instructions = version.instructions if version else ""
    sees = answer.conversation.assistant.sees_images
    return Prompt(
        [
            *([{"role": "system", "content": instructions}] if instructions else []),
            *with_images(kept, settings.IMAGES_IN_CONTEXT if sees else 0),
        ],
        left_out=len(said) - len(kept),
    )


def truncate_to_context(said: Sequence[Message], limit: int) -> Sequence[Message]:
    """The newest that have at most `limit` characters together, and the question in any case.
    They start with something that a person said: an answer to what is not there misleads."""
    size, first = 0, len(said)
    for place in range(len(said) - 1, -1, -1):
        size += len(said[place].text) + IMAGE_LENGTH * len(said[place].images)
        if size > limit and place < len(said) - 1:
            break
        if not said[place].is_answer:
            first = place
    return said[first:]


def with_images(said: Sequence[Message], most: int) -> list[dict[str, Any]]:
    """The newest `most` images as they are, the earlier ones as words in their place. The last
    question's own all go along: they are what it is about."""
    given: list[dict[str, Any]] = []
    for message in reversed(said):
        own = len(message.images)
        shown = own if not given and most else min(own, max(most, 0))
        most -= shown
        given.append({"role": message.role, "content": content_of(message, own - shown)})
    return given[::-1]


def content_of(message: Message, hidden: int) -> str | list[dict[str, Any]]:
    """Its text, or the parts of it where there are images; the first `hidden` are named only."""
    urls = [url_of(message, image) for image in message.images[hidden:]]
    unseen = message.images[:hidden] + [
        image for image, url in zip(message.images[hidden:], urls, strict=True) if not url
    ]
    named = [f"[An image that you can't see: {image['alt']}]" for image in unseen]
    text = "\n".join([*named, message.text] if message.text else named)
    parts = [{"type": "image_url", "image_url": {"url": url}} for url in urls if url]
    return [*([{"type": "text", "text": text}] if text else []), *parts] if parts else text


def url_of(message: Message, image: dict[str, Any]) -> str:
    """Empty where the file is gone: better an answer without it than none."""
    data = storage.read(message.conversation_id, image["file"])
    return f"data:{CONTENT_TYPE};base64,{b64encode(data).decode()}" if data else ""
