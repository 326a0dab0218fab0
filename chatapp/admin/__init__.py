"""Admin of the chat: assistants and prompt versions, users, conversations."""

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
