"""Views of the chat: pages, and fragments for htmx."""

from chatapp.views.conversation import conversation, export, rename, title
from chatapp.views.conversation_list import archived, conversations, deleted
from chatapp.views.conversation_state import archive, delete, pin, restore
from chatapp.views.home import health, home
from chatapp.views.message import edit, image, message, regenerate, retry, show, source, stop
from chatapp.views.preferences import language, theme
from chatapp.views.search import search
from chatapp.views.sharing import share, shared, unshare
from chatapp.views.waiting_message import take_back

__all__ = [
    "archive",
    "archived",
    "conversation",
    "conversations",
    "delete",
    "deleted",
    "edit",
    "export",
    "health",
    "home",
    "image",
    "language",
    "message",
    "pin",
    "regenerate",
    "rename",
    "restore",
    "retry",
    "search",
    "share",
    "shared",
    "show",
    "source",
    "stop",
    "take_back",
    "theme",
    "title",
    "unshare",
]
