"""All personal data of one user as named parts, and the ZIP download of them (/accounts/data/).

Each part is made while it is written.

Other apps add theirs by `settings.OWN_DATA`, dotted names of functions like `parts`: this one knows
them by name only. A row is anything that JSON takes; no part holds a query open between two rows,
since each may be asked for in another thread.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from chatapp.accounts.decorators import user_or_guest_required
from chatapp.accounts.helicone_requests import rows_of
from chatapp.accounts.streamed_zip import Part, archive
from chatapp.concurrency import run_in_db_thread
from chatapp.conversation_export import as_data
from chatapp.current_user import HtmxRequest
from chatapp.images import storage
from chatapp.models import Conversation, SharedCopy, User

Parts = Callable[[User], Iterator[Part]]


def all_parts(person: User) -> Iterator[Part]:
    yield from parts(person)
    for name in settings.OWN_DATA:
        more: Parts = import_string(name)
        yield from more(person)


def parts(person: User) -> Iterator[Part]:
    yield "profile.json", [profile_data(person)]
    yield "conversations.json", conversations(person)
    yield "shared_copies.json", shared_copies(person)
    yield "requests_at_helicone.json", list(rows_of(person))


def profile_data(person: User) -> dict[str, Any]:
    emails = EmailAddress.objects.filter(user_id=person.pk).values("email", "verified", "primary")
    return {
        "username": person.username,
        "name": person.get_full_name(),
        "email": person.email,
        "emails": list(emails),
        "signs_in_by": list(sign_ins(person)),
        "id_at_helicone": person.uid,
        "is_guest": person.is_guest,
        "is_staff": person.is_staff,
        "groups": list(person.groups.values_list("name", flat=True)),
        "date_joined": person.date_joined,
        "last_login": person.last_login,
    }


def sign_ins(person: User) -> Iterator[dict[str, Any]]:
    """What another site told of this person to sign them in, where that is offered."""
    if apps.is_installed("allauth.socialaccount"):
        # A model that exists only where the app is installed.
        from allauth.socialaccount.models import SocialAccount

        fields = ("provider", "uid", "extra_data", "date_joined", "last_login")
        yield from SocialAccount.objects.filter(user=person).values(*fields)


def conversations(person: User) -> Iterator[dict[str, Any]]:
    """Also the archived, the temporary, and the deleted ones that are not purged yet."""
    for pk in ids(person):
        found = Conversation.objects.select_related("assistant").filter(pk=pk).first()
        if found:
            yield as_data(found) | {
                "pinned_at": found.pinned_at,
                "archived_at": found.archived_at,
                "deleted_at": found.deleted_at,
                "is_temporary": found.is_temporary,
            }


def images(person: User) -> Iterator[tuple[str, Path]]:
    """The files that the messages of `conversations.json` name."""
    for pk in ids(person):
        for file in sorted(storage.folder(pk).glob("*")):
            yield f"images/{pk}/{file.name}", file


def shared_copies(person: User) -> Iterator[dict[str, Any]]:
    copies = SharedCopy.objects.filter(conversation__user=person)
    for pk in list(copies.values_list("pk", flat=True)):
        for copy in copies.filter(pk=pk):
            yield {
                "conversation": copy.conversation_id,
                "address": copy.get_absolute_url(),
                "title": copy.title,
                "messages": copy.messages,
                "created_at": copy.created_at,
                "revoked_at": copy.revoked_at,
            }


def ids(person: User) -> list[UUID]:
    own = Conversation.objects.filter(user=person).order_by("created_at")
    return list(own.values_list("pk", flat=True))


@require_safe
@user_or_guest_required
def download(request: HtmxRequest, person: User) -> StreamingHttpResponse:
    name = f"rapport-{timezone.localdate()}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }
    made = in_threads(archive(all_parts(person), images(person)))
    return StreamingHttpResponse(made, content_type="application/zip", headers=headers)


async def in_threads(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """A piece at a time, so that a long download holds no thread while the reader is slow."""
    while (piece := await run_in_db_thread(next, pieces, None)) is not None:
        if piece:
            yield piece
