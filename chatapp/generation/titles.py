"""Conversation titles by a cheap model, generated after the first answer.

Until then, and if it fails, the first line of the first question is the title. A title that the
user gave is never replaced.
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings

from chatapp.availability import CONNECTION_ERRORS
from chatapp.concurrency import run_in_db_thread
from chatapp.generation import client as gateway
from chatapp.generation import completion
from chatapp.generation.errors import CompletionError
from chatapp.generation.events import Delta, TextWasThinking
from chatapp.models import Message
from chatapp.models.conversation import TitledBy
from chatapp.observability.log_format import described
from chatapp.prepared import Select, given
from chatapp.text.validators import is_plain_text

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 20
MAX_LENGTH = 80  # characters; models have been seen to answer the question instead
EXCERPT_LENGTH = 2000
END_OF_THINKING = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
# Thinking without an end, and how models decline in the languages of the site.
NO_TITLE = re.compile(
    r"<think|(i['’]m |i am )?(very )?sorry\b|i (can['’]?t|cannot|can not|won['’]t)\b"
    r"|(es )?tut mir leid\b|ich kann\b.*\bnicht\b|(je suis )?désolée?\b|je ne peux pas\b"
    r"|lo siento\b|no puedo\b|抱歉|很抱歉|对不起|我无法|我不能",
    re.IGNORECASE,
)
INSTRUCTIONS = (
    "Write a title for the conversation that follows: at most six words, in the language of the "
    "conversation, no quotation marks, no full stop. Answer with the title only."
)


UNTITLED = Select(
    lambda: (
        Message.objects.filter(
            pk=given(Message, "id"),
            status=Message.Status.COMPLETE,
            parent__parent=None,
            conversation__deleted_at=None,
        )
        .select_related("parent", "conversation__user", "conversation__assistant")
        .order_by()
    )
)


async def generate_title(answer_id: UUID, client: AsyncOpenAI) -> None:
    """Title the answer's conversation, if it is the first answer. Raises nothing."""
    try:
        answer = await run_in_db_thread(first_answer, answer_id)
        if answer is None:
            return
        async with asyncio.timeout(TIMEOUT_SECONDS):
            title = clean_title(await request_title(client, answer))
        if title:
            await run_in_db_thread(answer.conversation.set_generated_title, title)
    except (CompletionError, TimeoutError, *CONNECTION_ERRORS) as error:
        log.info(
            "The conversation of %s keeps its first line as title: %s", answer_id, reason(error)
        )
    except Exception:
        log.exception(
            "No title for the conversation of %s, for a reason nobody foresaw.", answer_id
        )


def reason(error: Exception) -> str:
    """Why there is no title, without the provider's words."""
    if isinstance(error, CompletionError):
        return f"{error.code} {error.fact}".strip()
    return described(error)


def first_answer(pk: UUID) -> Message | None:
    """The answer, if it is complete, the first one, and its conversation needs a title."""
    answer = UNTITLED.first(id=pk)
    return answer if answer and answer.conversation.needs_title else None


def is_title_expected(answer: Message) -> bool:
    """Whether a model titles the conversation after this answer, or has just done so.

    The title may be there before the stream of the answer ends; its readers need it too.
    """
    conversation = answer.conversation
    titled = conversation.needs_title or conversation.titled_by == TitledBy.MODEL
    is_first = answer.parent is not None and answer.parent.parent_id is None
    return titled and is_first and answer.status == Message.Status.COMPLETE


async def request_title(client: AsyncOpenAI, answer: Message) -> str:
    question = answer.parent.text if answer.parent else ""
    events = completion.complete(
        client,
        model=settings.TITLE_MODEL,
        messages=prompt(question, answer.text),
        parameters={},
        headers=gateway.title_headers(answer.conversation, uuid4()),
        timeouts=completion.Timeouts(TIMEOUT_SECONDS, TIMEOUT_SECONDS),
    )
    text = ""
    async for event in events:
        if isinstance(event, Delta):
            if event.is_refusal:
                return ""
            text += event.text
        elif isinstance(event, TextWasThinking):
            text = ""
    return text


def prompt(question: str, answer: str) -> list[dict[str, Any]]:
    excerpts = f"{question[:EXCERPT_LENGTH]}\n\n---\n\n{answer[:EXCERPT_LENGTH]}"
    return [{"role": "system", "content": INSTRUCTIONS}, {"role": "user", "content": excerpts}]


def clean_title(text: str) -> str:
    """The first line after the model's thinking, without quotes and Markdown marks; empty if it
    can't be a title."""
    *_, answer = END_OF_THINKING.split(text)
    lines = answer.strip().splitlines()
    title = lines[0].strip(" \t\"'*#`“”„«».") if lines else ""
    is_title = is_plain_text(title) and len(title) <= MAX_LENGTH and not NO_TITLE.match(title)
    return title if is_title else ""
