"""Models of the chat: users, assistants, conversations, messages, waiting messages, shared copies."""

from chatapp.models.assistant import Assistant, PromptVersion
from chatapp.models.conversation import Conversation, question_repeated
from chatapp.models.message import Message, Origin
from chatapp.models.shared_copy import SharedCopy
from chatapp.models.user import User
from chatapp.models.waiting_message import WaitingMessage

__all__ = [
    "Assistant",
    "Conversation",
    "Message",
    "Origin",
    "PromptVersion",
    "SharedCopy",
    "User",
    "WaitingMessage",
    "question_repeated",
]
