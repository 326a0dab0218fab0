"""The current user of a request, and responses in the chat's look."""

from chatapp.current_user import HtmxRequest, current_user
from chatapp.views.responses import SeeOther, problem

__all__ = ["HtmxRequest", "SeeOther", "current_user", "problem"]
