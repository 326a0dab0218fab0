"""Conversations and messages, to read: nobody edits what was said."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatapp.admin.reading import (
    Read,
    guard,
    led_to_a_rated,
    lists_show_words,
    rated,
    recently_opened,
)
from chatapp.images.responses import image_response
from chatapp.models import Conversation, Message, User
from chatapp.search import as_uuid

READS_ALL = ("chatapp.view_message", "chatapp.view_conversation")
READS_RATED = "feedback.view_rating"


@admin.register(Conversation)
class ConversationAdmin(Read):
    change_form_template = "admin/chatapp/conversation/change_form.html"
    list_display = ["begun", "user", "assistant", "updated_at"]
    list_filter = ["assistant", "user__is_guest"]
    list_select_related = ["user", "assistant"]
    search_fields = ["user__username", "user__email"]
    search_help_text = _("A person, or a conversation's whole id.")
    fields = ["title", "user", "assistant", "created_at", "updated_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        """What a person deleted, or meant not to be kept, is not there for staff; nor, where the
        site says so, what has no rated answer in it."""
        kept = super().get_queryset(request).filter(deleted_at=None, is_temporary=False)
        if settings.STAFF_ACCESS == "all":
            return kept
        return kept.filter(pk__in=rated().values("conversation"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Where only rated answers are read, nobody reads a whole conversation."""
        return settings.STAFF_ACCESS != "answer" and super().has_view_permission(request, obj)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        first = "__str__" if lists_show_words() else "begun"
        return named(request, [first, *self.list_display[1:]])

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return named(request, self.fields or [])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["pseudonym"]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """No titles where the list shows none: searching for words would find them out."""
        return [*self.search_fields, *(["title"] if lists_show_words() else [])]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Conversation], search_term: str
    ) -> tuple[QuerySet[Conversation], bool]:
        """Where names are hidden, a person is found by pseudonym."""
        if wanted := as_uuid(search_term.strip()):
            return queryset.filter(pk=wanted), False
        if not search_term or request.user.sees_names:  # type: ignore[union-attr]
            return super().get_search_results(request, queryset, search_term)
        found = Q(user__in=User.objects.with_pseudonym(search_term.strip()))
        if lists_show_words():
            found |= Q(title__icontains=search_term)
        return queryset.filter(found), False

    @admin.display(description=_("conversation"))
    def begun(self, conversation: Conversation) -> str:
        at = date_format(localtime(conversation.created_at), "DATETIME_FORMAT")
        return gettext("Conversation of %s") % at

    @admin.display(description=_("user"))
    def pseudonym(self, conversation: Conversation) -> str:
        return conversation.user.pseudonym

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        conversation = self.get_object(request, object_id)
        readable = conversation and self.has_view_permission(request, conversation)
        if conversation and readable and (instead := guard(request, conversation)):
            return instead
        said = conversation.path() if conversation and readable else []
        return super().change_view(request, object_id, form_url, {"path": said})


@admin.register(Message)
class MessageAdmin(Read):
    """By what went wrong, by model, by the id at Helicone: the way in for an operator."""

    list_display = ["role", "status", "error", "model", "created_at"]
    list_filter = ["role", "status", "error", "prompt_version__assistant"]
    search_fields = ["id"]
    search_help_text = _("A whole id: of the message, its conversation, or its helicone-id.")
    ordering = ["-created_at"]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [*(["start"] if lists_show_words() else []), *self.list_display]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Everywhere without the texts: one page shows one, which then is fetched."""
        kept = Message.objects.filter(
            conversation__deleted_at=None, conversation__is_temporary=False
        )
        if settings.STAFF_ACCESS == "rated":
            kept = kept.filter(conversation__in=rated().values("conversation"))
        elif settings.STAFF_ACCESS == "answer":
            kept = kept.filter(pk__in=rated().values("pk"))
        messages = kept.select_related("conversation", "prompt_version__assistant")
        messages = messages.defer("text")
        return messages.annotate(beginning=Left("text", 200)) if lists_show_words() else messages

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        message = self.get_object(request, object_id)
        readable = message and self.has_view_permission(request, message)
        if message and readable and (instead := guard(request, message.conversation, message)):
            return instead
        return super().change_view(request, object_id, form_url, extra_context)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.image)
        place = path("<uuid:pk>/images/<int:number>/", view, name="chatapp_message_image")
        return [place, *super().get_urls()]

    def image(self, request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
        """For who may read the message and was handed a page with it, as far as the site lets
        staff read."""
        reads_all = any(map(request.user.has_perm, READS_ALL))
        if not (reads_all or request.user.has_perm(READS_RATED)):
            raise PermissionDenied
        kept = Message.objects.filter(
            conversation__deleted_at=None, conversation__is_temporary=False
        )
        if settings.STAFF_ACCESS != "all" or not reads_all:
            kept = kept.filter(conversation__in=rated().values("conversation"))
        message = get_object_or_404(kept, pk=pk)
        response = (
            image_response(message, number)
            if recently_opened(request, message.conversation)
            else None
        )
        if response is None or (settings.STAFF_ACCESS == "answer" and not led_to_a_rated(message)):
            raise Http404
        return response

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        if not search_term:
            return queryset, False
        wanted = as_uuid(search_term.strip())
        if wanted is None:
            return queryset.none(), False
        return queryset.filter(Q(pk=wanted) | Q(helicone_id=wanted) | Q(conversation=wanted)), False

    @admin.display(description=_("text"))
    def start(self, message: Any) -> str:
        return Truncator(" ".join(message.beginning.split())).chars(90) or "-"


def named(request: HttpRequest, columns: Sequence[Any]) -> list[Any]:
    """With a pseudonym instead of the person, for whom names are hidden from."""
    hidden = not request.user.sees_names  # type: ignore[union-attr]
    return ["pseudonym" if hidden and column == "user" else column for column in columns]
