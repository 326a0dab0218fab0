"""The chat: its pages, and the fragments that htmx asks for."""

from chatapp.views.conversation import conversation, rename, title
from chatapp.views.conversation_list import archived, conversations, deleted
from chatapp.views.conversation_state import archive, delete, pin, restore
from chatapp.views.export import export
from chatapp.views.home import health, home
from chatapp.views.image import image
from chatapp.views.language import language
from chatapp.views.message import retry, source, stop
from chatapp.views.preferences import theme
from chatapp.views.search import search
from chatapp.views.sharing import share, shared, unshare
from chatapp.views.version import edit, message, regenerate, show

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
    "theme",
    "title",
    "unshare",
]
