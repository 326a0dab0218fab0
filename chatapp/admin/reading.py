"""What staff may read of people's conversations, and what happens before they do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from chatapp.models import Conversation, Message


def guard(
    request: HttpRequest, conversation: Conversation, message: Message | None = None
) -> HttpResponse | None:
    """Logs the reading; or the page to show instead. Whoever keeps the log is known by name only."""
    logged: Any = import_string(settings.READING_GUARD)
    return logged(request, conversation, message)  # type: ignore[no-any-return]


def rated() -> QuerySet[Message]:
    return Message.objects.filter(ratings__value__isnull=False)


def led_to_a_rated(message: Message) -> bool:
    """Whether it is a rated answer, or was said before one."""
    answers = rated().filter(conversation=message.conversation).distinct()
    return any(said.pk == message.pk for answer in answers for said in answer.path())
