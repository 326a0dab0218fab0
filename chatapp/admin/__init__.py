"""Admin of the chat: assistants, prompt versions and users."""

from chatapp.admin.assistants import AssistantAdmin, PromptVersionAdmin
from chatapp.admin.users import ChatUserAdmin

__all__ = ["AssistantAdmin", "ChatUserAdmin", "PromptVersionAdmin"]
