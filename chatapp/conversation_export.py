"""Export of one conversation: Markdown of the visible path, JSON of all branches."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.text import slugify
from django.utils.translation import gettext as _

from chatapp.models import Conversation, Message

ANSWER_FIELDS = (
    *("model", "parameters", "request_id", "helicone_id", "finish_reason", "prompt_tokens"),
    *("completion_tokens", "first_token_ms", "thinking", "thinking_ms", "duration_ms", "error"),
)


def as_markdown(conversation: Conversation) -> str:
    """The messages from the first to the head, with the time and model of each."""
    parts = [f"# {one_line(str(conversation))}"]
    for message in conversation.path():
        time = f"{message.created_at:%Y-%m-%d %H:%M} UTC"
        author = _("Answer") if message.is_answer else _("You")
        model = f" · {message.model}" if message.model else ""
        parts += [f"## {author}\n\n*{time}{model}*", *map(image_caption, message.images)]
        if message.thinking:
            heading = _("Thinking")
            parts.append(quoted(f"**{heading}**\n\n{message.thinking}"))
        if message.text or not message.images:
            parts.append(message.text or f"*{message.get_status_display()}*")
    return "\n\n".join(parts) + "\n"


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def image_caption(image: dict[str, Any]) -> str:
    caption = _("Image: %(alt)s, %(width)s × %(height)s") % image
    return f"*{one_line(caption)}*"


def as_json(conversation: Conversation) -> str:
    data = as_data(conversation)
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2) + "\n"


def as_data(conversation: Conversation) -> dict[str, Any]:
    """All messages with their `parent`; `head` is the last message of the visible path."""
    messages = conversation.messages.select_related("prompt_version__assistant")
    return {
        "id": conversation.pk,
        "title": conversation.title,
        "assistant": conversation.assistant.name,
        "created_at": conversation.created_at,
        "updated_at": conversation.updated_at,
        "head": conversation.head_id,
        "messages": [message_data(message) for message in messages],
    }


def message_data(message: Message) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": message.pk,
        "parent": message.parent_id,
        "role": message.role,
        "text": message.text,
        "status": message.status,
        "created_at": message.created_at,
    }
    if message.images:
        data["images"] = message.images
    if message.is_answer:
        version = message.prompt_version
        data["prompt_version"] = str(version) if version else None
        data |= {name: getattr(message, name) for name in ANSWER_FIELDS}
    return data


def filename(conversation: Conversation, suffix: str) -> str:
    """A file name from title and date, valid on any file system."""
    name = slugify(conversation.title, allow_unicode=True)[:60].strip("-")
    return f"{name or 'conversation'}-{conversation.updated_at:%Y-%m-%d}.{suffix}"


def one_line(text: str) -> str:
    return " ".join(text.split())
