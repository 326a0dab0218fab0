"""Conversations and messages as staff read them: read-only, within STAFF_ACCESS, logged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatapp.admin.base import ModelAdmin, ReadOnlyAdmin, Route, page_urls
from chatapp.images.responses import image_response
from chatapp.models import Conversation, Message, User
from chatapp.search import as_uuid
from feedback.permissions import VIEW_RATINGS, current_reviewer
from feedback.staff_access.guard import log_list_access, recently_opened, require_reason

READS_ALL = ("chatapp.view_message", "chatapp.view_conversation")


def lists_show_text() -> bool:
    """Whether lists show beginnings of texts: only where no access needs a reason."""
    return bool(settings.STAFF_ACCESS_REASON == "never")


def kept_messages() -> QuerySet[Message]:
    return Message.objects.filter(conversation__deleted_at=None, conversation__is_temporary=False)


def rated_messages() -> QuerySet[Message]:
    return Message.objects.filter(ratings__value__isnull=False)


def leads_to_rated(message: Message) -> bool:
    """Return whether the message is a rated answer or comes before one."""
    answers = rated_messages().filter(conversation=message.conversation).distinct()
    return any(earlier.pk == message.pk for answer in answers for earlier in answer.path())


class LoggedReadAdmin(ReadOnlyAdmin):
    """Base of the admins of what users wrote: a list reveals no text, an opened page is logged."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if lists_show_text() and "cl" in shown and shown["cl"].result_list:
            log_list_access(request)
        return response

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the object: nothing changes it, and Django's history page begins with its
        text."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return redirect(name, object_id)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Allow the list's filters alone: any other lookup in a URL would reveal text by guesses."""
        filters = {str(name) for name in self.list_filter}
        known = any(lookup == name or lookup.startswith(f"{name}__") for name in filters)
        return known and bool(super().lookup_allowed(lookup, value, request))


@admin.register(Conversation)
class ConversationAdmin(LoggedReadAdmin):
    change_form_template = "admin/chatapp/conversation/change_form.html"
    list_display = ["begun", "user", "assistant", "updated_at"]
    list_filter = ["assistant", "user__is_guest"]
    list_select_related = ["user", "assistant"]
    search_fields = ["user__username", "user__email"]
    search_help_text = _("A person, or a conversation's whole id.")
    fields = ["title", "user", "assistant", "created_at", "updated_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        """Exclude deleted and temporary conversations; unless STAFF_ACCESS is `all`, also those
        without a rated answer."""
        conversations = super().get_queryset(request).filter(deleted_at=None, is_temporary=False)
        if settings.STAFF_ACCESS == "all":
            return conversations
        return conversations.filter(pk__in=rated_messages().values("conversation"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deny everybody whole conversations where STAFF_ACCESS is `answer`."""
        return settings.STAFF_ACCESS != "answer" and super().has_view_permission(request, obj)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        first = "__str__" if lists_show_text() else "begun"
        return with_pseudonym(request, [first, *self.list_display[1:]])

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return with_pseudonym(request, self.fields or [])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["pseudonym"]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Exclude titles where the list shows none: a search would reveal them by guesses."""
        return [*self.search_fields, *(["title"] if lists_show_text() else [])]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Conversation], search_term: str
    ) -> tuple[QuerySet[Conversation], bool]:
        """Search by pseudonym, for staff from whom names are hidden."""
        if wanted := as_uuid(search_term.strip()):
            return queryset.filter(pk=wanted), False
        if not search_term or current_reviewer(request).sees_names:
            return super().get_search_results(request, queryset, search_term)
        condition = Q(user__in=User.objects.with_pseudonym(search_term.strip()))
        if lists_show_text():
            condition |= Q(title__icontains=search_term)
        return queryset.filter(condition), False

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
        if conversation and readable and (reason_form := require_reason(request, conversation)):
            return reason_form
        path = conversation.path() if conversation and readable else []
        return super().change_view(request, object_id, form_url, {"path": path})


def message_image(
    model_admin: ModelAdmin, request: HttpRequest, pk: UUID, number: int
) -> HttpResponse:
    """Return an image of a message whose page this reader opened lately, within STAFF_ACCESS."""
    reads_all = any(map(request.user.has_perm, READS_ALL))
    if not (reads_all or request.user.has_perm(VIEW_RATINGS)):
        raise PermissionDenied
    readable = kept_messages()
    if settings.STAFF_ACCESS != "all" or not reads_all:
        readable = readable.filter(conversation__in=rated_messages().values("conversation"))
    message = get_object_or_404(readable, pk=pk)
    if not recently_opened(request, message.conversation):
        raise Http404
    if settings.STAFF_ACCESS == "answer" and not leads_to_rated(message):
        raise Http404
    response = image_response(message, number)
    if response is None:
        raise Http404
    return response


ROUTES: list[Route] = [("<uuid:pk>/images/<int:number>/", message_image, "image")]


@admin.register(Message)
class MessageAdmin(LoggedReadAdmin):
    """Messages by error, model and Helicone id, for operators."""

    list_display = ["role", "status", "error", "model", "created_at"]
    list_filter = ["role", "status", "error", "prompt_version__assistant"]
    search_fields = ["id"]
    search_help_text = _("A whole id: of the message, its conversation, or its helicone-id.")
    ordering = ["-created_at"]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [*(["start"] if lists_show_text() else []), *self.list_display]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Defer the texts: only the page of one message needs one, and fetches it."""
        messages = kept_messages()
        if settings.STAFF_ACCESS == "rated":
            messages = messages.filter(conversation__in=rated_messages().values("conversation"))
        elif settings.STAFF_ACCESS == "answer":
            messages = messages.filter(pk__in=rated_messages().values("pk"))
        messages = messages.select_related("conversation", "prompt_version__assistant").defer(
            "text", "thinking"
        )
        return messages.annotate(beginning=Left("text", 200)) if lists_show_text() else messages

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        message = self.get_object(request, object_id)
        readable = message and self.has_view_permission(request, message)
        if message and readable:
            reason_form = require_reason(request, message.conversation, message)
            if reason_form:
                return reason_form
        return super().change_view(request, object_id, form_url, extra_context)

    def get_urls(self) -> list[URLPattern]:
        return [*page_urls(self, ROUTES), *super().get_urls()]

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


def with_pseudonym(request: HttpRequest, columns: Sequence[Any]) -> list[Any]:
    """Return the columns; with `pseudonym` instead of `user` where names are hidden."""
    hidden = not current_reviewer(request).sees_names
    return ["pseudonym" if hidden and column == "user" else column for column in columns]
