"""Conversations and messages, to read: nobody edits what was said."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from chatapp.admin.base import ReadOnly
from chatapp.models import Conversation, Message


@admin.register(Conversation)
class ConversationAdmin(ReadOnly):
    change_form_template = "admin/chatapp/conversation/change_form.html"
    list_display = ["__str__", "user", "assistant", "updated_at"]
    list_filter = ["assistant", "user__is_guest"]
    list_select_related = ["user", "assistant"]
    search_fields = ["title", "user__username", "user__email"]
    search_help_text = _("Title, or a person.")
    fields = ["title", "user", "assistant", "created_at", "updated_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        """What a person deleted, or meant not to be kept, is not there for staff."""
        return super().get_queryset(request).filter(deleted_at=None, is_temporary=False)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        conversation = self.get_object(request, object_id)
        path = conversation.path() if conversation else []
        return super().change_view(request, object_id, form_url, {"path": path})


@admin.register(Message)
class MessageAdmin(ReadOnly):
    """By what went wrong, by model, by the id at Helicone: the way in for an operator."""

    list_display = ["start", "role", "status", "error", "model", "created_at"]
    list_filter = ["role", "status", "error", "prompt_version__assistant"]
    search_fields = ["id"]
    search_help_text = _("A whole id: of the message, its conversation, or its helicone-id.")
    ordering = ["-created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Everywhere without the texts: one page shows one, which then is fetched."""
        kept = Message.objects.filter(
            conversation__deleted_at=None, conversation__is_temporary=False
        )
        messages = kept.select_related("conversation", "prompt_version__assistant")
        return messages.defer("text").annotate(beginning=Left("text", 200))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        if not search_term:
            return queryset, False
        try:
            wanted = UUID(search_term.strip())
        except ValueError:
            return queryset.none(), False
        return queryset.filter(Q(pk=wanted) | Q(helicone_id=wanted) | Q(conversation=wanted)), False

    @admin.display(description=_("text"))
    def start(self, message: Any) -> str:
        return Truncator(" ".join(message.beginning.split())).chars(90) or "-"
