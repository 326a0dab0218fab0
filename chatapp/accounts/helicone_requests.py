"""CSV download of the ids under which Helicone logged a user's requests."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from chatapp.accounts.decorators import user_or_guest_required
from chatapp.current_user import HtmxRequest
from chatapp.models import Message, Origin, User

COLUMNS = ("helicone_id", "request_id", "session", "user", "model", "sent_at")


def requested_answers(user: User) -> QuerySet[Message]:
    """Answers with a request at this site's Helicone, oldest first. Title requests are found there
    by their session, which is the conversation; retried requests by the user id. Without Helicone:
    those of the time before."""
    answers = Message.objects.filter(conversation__user=user, origin=Origin.of_site()).answers()
    if settings.HELICONE == "off":
        answers = answers.exclude(helicone_id=None)
    return answers.exclude(request_id=None).order_by("created_at")


def request_rows(user: User) -> Iterator[dict[str, Any]]:
    fields = ("helicone_id", "request_id", "conversation_id", "model", "created_at")
    for helicone_id, request_id, session, model, sent_at in requested_answers(user).values_list(
        *fields
    ):
        values = (helicone_id or "", request_id, session, user.uid, model, sent_at.isoformat())
        yield dict(zip(COLUMNS, map(str, values), strict=True))


def as_csv(rows: Iterable[dict[str, Any]]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@require_safe
@user_or_guest_required
def requests(request: HtmxRequest, user: User) -> HttpResponse:
    name = f"rapport-requests-{timezone.localdate()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = as_csv(request_rows(user))
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
