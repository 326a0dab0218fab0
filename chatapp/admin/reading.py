"""What staff may read of people's conversations, and what happens before they do."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from chatapp.admin.base import ReadOnlyAdmin
from chatapp.models import Conversation, Message


def guard(
    request: HttpRequest, conversation: Conversation, message: Message | None = None
) -> HttpResponse | None:
    """Logs the reading; or the page to show instead. Whoever keeps the log is known by name only."""
    return keeper().guard(request, conversation, message)  # type: ignore[no-any-return]


def recently_opened(request: HttpRequest, conversation: Conversation) -> bool:
    """Whether this reader got a page of it lately. What is on that page, such as its images, needs
    no asking of its own."""
    return bool(keeper().recently_opened(request, conversation))


def keeper() -> Any:
    return import_module(settings.READING_GUARD)


def lists_show_words() -> bool:
    """Only where nobody is asked what for."""
    return bool(settings.STAFF_ACCESS_REASON == "never")


def rated() -> QuerySet[Message]:
    return Message.objects.filter(ratings__value__isnull=False)


def led_to_a_rated(message: Message) -> bool:
    """Whether it is a rated answer, or was said before one."""
    answers = rated().filter(conversation=message.conversation).distinct()
    return any(said.pk == message.pk for answer in answers for said in answer.path())


class Read(ReadOnlyAdmin):
    """The admin of what people said: nothing of it is seen or found out before a page is opened."""

    change_form_template = "admin/chatapp/read_only.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if lists_show_words() and "cl" in shown and shown["cl"].result_list:
            keeper().note_list(request)
        return response

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Nobody changes these, and Django's page of it begins with what was said."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return redirect(name, object_id)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """By the filters alone: any other in an address would find words out, guess by guess."""
        filters = {str(name) for name in self.list_filter}
        known = any(lookup == name or lookup.startswith(f"{name}__") for name in filters)
        return known and bool(super().lookup_allowed(lookup, value, request))
