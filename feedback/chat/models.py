"""Models of the chat that ratings refer to, and the signal that a question was repeated."""

from chatapp.models import (
    Assistant,
    Conversation,
    Message,
    Origin,
    PromptVersion,
    User,
    question_repeated,
)
from chatapp.models.verbose_names import translate_verbose_names

__all__ = [
    "Assistant",
    "Conversation",
    "Message",
    "Origin",
    "PromptVersion",
    "User",
    "question_repeated",
    "translate_verbose_names",
]
