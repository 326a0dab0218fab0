"""OpenAI client through Helicone's gateway or without, and the Helicone headers of each request."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

import helicone
from chatapp.helicone_settings import helicone_settings
from chatapp.models import Conversation, Message
from chatapp.observability import log_format

if TYPE_CHECKING:
    from openai import AsyncOpenAI


def make_client() -> AsyncOpenAI:
    """A client without retries of its own: each attempt needs its own request id."""
    client = helicone.async_client(helicone_settings(), max_retries=0)
    _ = client.chat.completions  # imported lazily by openai: load it now
    return client


def answer_headers(answer: Message) -> dict[str, str]:
    """Helicone headers of an answer's request, with opaque ids instead of names; none without
    Helicone."""
    if settings.HELICONE == "off":
        return {}
    conversation, version = answer.conversation, answer.prompt_version
    assert answer.request_id, "An answer has its request id from the start."  # noqa: S101
    properties = {
        "app": "rapport",
        "assistant": conversation.assistant.slug,
        "site-request": log_format.request_id.get(),
    }
    if version:
        properties["prompt-version"] = f"{conversation.assistant.slug}-v{version.number}"
    return helicone.call_headers(
        request_id=answer.request_id,
        user=str(conversation.user.uid),
        session_id=str(conversation.pk),
        session_path="/chat",
        # Helicone then counts the request, but stores none of its text.
        omit_request=conversation.is_temporary,
        omit_response=conversation.is_temporary,
        session_name=conversation.assistant.name,
        properties=properties,
        rate_limit_policy=settings.HELICONE_RATE_LIMIT_POLICY or None,
        moderate=settings.HELICONE_MODERATION,
        detect_threats=settings.HELICONE_PROMPT_SECURITY,
    )


def title_headers(conversation: Conversation, request_id: UUID) -> dict[str, str]:
    """Helicone headers of a title's request: the session of its answers, another purpose."""
    if settings.HELICONE == "off":
        return {}
    return helicone.call_headers(
        request_id=request_id,
        user=str(conversation.user.uid),
        session_id=str(conversation.pk),
        session_path="/chat/title",
        session_name=conversation.assistant.name,
        properties={
            "app": "rapport",
            "purpose": "title",
            "site-request": log_format.request_id.get(),
        },
    )
