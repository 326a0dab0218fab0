"""The chat in the admin: assistants and their prompt versions, people, conversations to read."""

from chatapp.admin.assistants import AssistantAdmin, PromptVersionAdmin
from chatapp.admin.conversations import ConversationAdmin, MessageAdmin
from chatapp.admin.users import ChatUserAdmin

__all__ = [
    "AssistantAdmin",
    "ConversationAdmin",
    "MessageAdmin",
    "ChatUserAdmin",
    "PromptVersionAdmin",
]
