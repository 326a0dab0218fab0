"""Admin of the chat: assistants, prompt versions, users and second factors."""

from chatapp.admin.assistants import AssistantAdmin, PromptVersionAdmin
from chatapp.admin.second_factors import SecondFactorAdmin
from chatapp.admin.users import ChatUserAdmin

__all__ = ["AssistantAdmin", "ChatUserAdmin", "PromptVersionAdmin", "SecondFactorAdmin"]
