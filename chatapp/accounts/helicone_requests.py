"""What was sent through Helicone for a person: the ids by which it can be found there."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from chatapp.accounts.decorators import user_or_guest_required
from chatapp.current_user import HtmxRequest
from chatapp.models import Message, User

COLUMNS = ("helicone_id", "request_id", "session", "user", "model", "sent_at")


def requests_of(person: User) -> QuerySet[Message]:
    """One row for each answer that was asked for. Titles are found by their session, which is the
    conversation; what came to nothing and was tried again, by the user."""
    answers = Message.objects.filter(conversation__user=person).answers()
    return answers.exclude(request_id=None).order_by("created_at")


def rows_of(person: User) -> Iterator[dict[str, Any]]:
    fields = ("helicone_id", "request_id", "conversation_id", "model", "created_at")
    for helicone_id, request_id, session, model, sent_at in requests_of(person).values_list(
        *fields
    ):
        values = (helicone_id or "", request_id, session, person.uid, model, sent_at.isoformat())
        yield dict(zip(COLUMNS, map(str, values), strict=True))


def as_csv(rows: Iterable[dict[str, Any]]) -> str:
    text = StringIO()
    table = csv.DictWriter(text, COLUMNS)
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


@require_safe
@user_or_guest_required
def requests(request: HtmxRequest, person: User) -> HttpResponse:
    name = f"rapport-requests-{timezone.localdate()}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    content = as_csv(rows_of(person))
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
