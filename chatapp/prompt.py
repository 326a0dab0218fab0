"""What the model is given to answer: its instructions, then what was said, as far as it fits."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from chatapp.models import Message


@dataclass(frozen=True)
class Prompt:
    """`messages` as OpenAI takes them; `left_out` of the oldest did not fit."""

    messages: list[dict[str, str]]
    left_out: int


def prompt_for(answer: Message) -> Prompt:
    said = [message for message in answer.path()[:-1] if message.text]
    kept = newest_that_fit(said, settings.CONTEXT_MAX_LENGTH)
    version = answer.prompt_version
    instructions = version.instructions if version else ""
    return Prompt(
        [
            *([{"role": "system", "content": instructions}] if instructions else []),
            *({"role": message.role, "content": message.text} for message in kept),
        ],
        left_out=len(said) - len(kept),
    )


def newest_that_fit(said: Sequence[Message], limit: int) -> Sequence[Message]:
    """The newest that have at most `limit` characters together, and the question in any case.
    They start with something that a person said: an answer to what is not there misleads."""
    size, first = 0, len(said)
    for place in range(len(said) - 1, -1, -1):
        size += len(said[place].text)
        if size > limit and place < len(said) - 1:
            break
        if not said[place].is_answer:
            first = place
    return said[first:]
