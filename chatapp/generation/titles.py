"""A conversation's title, by a cheap model, after the first answer.

Nobody waits for it, and nothing depends on it: until it comes, and where it doesn't, the first line
of the first question is the title. A title that a person gave is never touched.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings

from chatapp.availability import CONNECTION_ERRORS
from chatapp.concurrency import run_in_db_thread
from chatapp.generation import client as gateway
from chatapp.generation import completion
from chatapp.generation.errors import CompletionError
from chatapp.models import Message
from chatapp.models.conversation import TitledBy
from chatapp.validators import is_plain_text

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)

SECONDS = 20
LONGEST = 80  # characters; models have been seen to answer the question instead
EXCERPT = 2000
INSTRUCTIONS = (
    "Write a title for the conversation that follows: at most six words, in the language of the "
    "conversation, no quotation marks, no full stop. Answer with the title only."
)


async def generate_title(answer_id: UUID, client: AsyncOpenAI) -> None:
    """Give the conversation of its first answer a title, if it wants one. Raises nothing."""
    try:
        answer = await run_in_db_thread(first_answer, answer_id)
        if answer is None:
            return
        async with asyncio.timeout(SECONDS):
            title = clean(await ask(client, answer))
        if title:
            await run_in_db_thread(answer.conversation.name, title)
    except (CompletionError, TimeoutError, *CONNECTION_ERRORS) as error:
        log.info("The conversation of %s keeps its first line as title: %r", answer_id, error)
    except Exception:
        log.exception(
            "No title for the conversation of %s, for a reason nobody foresaw.", answer_id
        )


def first_answer(pk: UUID) -> Message | None:
    """The answer, where it is a first one, complete, and its conversation awaits a title."""
    answers = Message.objects.filter(
        pk=pk, status=Message.Status.COMPLETE, parent__parent=None, conversation__deleted_at=None
    )
    answer = answers.select_related(
        "parent", "conversation__user", "conversation__assistant"
    ).first()
    return answer if answer and answer.conversation.needs_title else None


def is_named_after(answer: Message) -> bool:
    """Whether a model names the conversation after this answer, or has just done so.

    It may be faster than whoever reads the answer, and they too want to see the title.
    """
    conversation = answer.conversation
    named = conversation.needs_title or conversation.titled_by == TitledBy.MODEL
    is_first = answer.parent is not None and answer.parent.parent_id is None
    return named and is_first and answer.status == Message.Status.COMPLETE


async def ask(client: AsyncOpenAI, answer: Message) -> str:
    question = answer.parent.text if answer.parent else ""
    pieces = completion.complete(
        client,
        model=settings.TITLE_MODEL,
        messages=prompt(question, answer.text),
        parameters={},
        headers=gateway.title_headers(answer.conversation, uuid4()),
        patience=completion.Timeouts(SECONDS, SECONDS),
    )
    return "".join([piece.text async for piece in pieces if isinstance(piece, completion.Delta)])


def prompt(question: str, answer: str) -> list[dict[str, Any]]:
    said = f"{question[:EXCERPT]}\n\n---\n\n{answer[:EXCERPT]}"
    return [{"role": "system", "content": INSTRUCTIONS}, {"role": "user", "content": said}]


def clean(text: str) -> str:
    """One line without what models put around it; empty if it is no title."""
    lines = text.strip().splitlines()
    title = lines[0].strip(" \t\"'*#`“”„«».") if lines else ""
    return title if is_plain_text(title) and len(title) <= LONGEST else ""
