"""All personal data of one user as named parts, and the ZIP download of them (/accounts/data/).

Rows are loaded while the archive is streamed.

Other apps add parts by `settings.OWN_DATA`, dotted names of functions like `parts`. A row is
anything that JSON can encode; no part keeps a query open between two rows, since each row may be
loaded in another thread.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chatapp.accounts.decorators import user_or_guest_required
from chatapp.accounts.helicone_requests import request_rows
from chatapp.accounts.streamed_zip import Part, stream_zip
from chatapp.concurrency import run_in_db_thread
from chatapp.conversation_export import as_data
from chatapp.current_user import HtmxRequest
from chatapp.images import storage
from chatapp.limits.places import Places
from chatapp.models import Conversation, SharedCopy, User, WaitingMessage
from chatapp.views import responses

running_downloads = Places()  # of this process, by user

Parts = Callable[[User], Iterator[Part]]


def all_parts(user: User) -> Iterator[Part]:
    yield from parts(user)
    for name in settings.OWN_DATA:
        more: Parts = import_string(name)
        yield from more(user)


def parts(user: User) -> Iterator[Part]:
    yield "profile.json", [profile_data(user)]
    yield "conversations.json", conversations(user)
    yield "shared_copies.json", shared_copies(user)
    yield "sessions.json", sessions(user)
    yield "second_factors.json", second_factors(user)
    yield "requests_at_helicone.json", list(request_rows(user))


def profile_data(user: User) -> dict[str, Any]:
    emails = EmailAddress.objects.filter(user_id=user.pk).values("email", "verified", "primary")
    return {
        "username": user.username,
        "name": user.get_full_name(),
        "email": user.email,
        "emails": list(emails),
        "signs_in_by": list(social_accounts(user)),
        "id_at_helicone": user.uid,
        "is_guest": user.is_guest,
        "is_staff": user.is_staff,
        "groups": list(user.groups.values_list("name", flat=True)),
        "date_joined": user.date_joined,
        "last_login": user.last_login,
    }


def social_accounts(user: User) -> Iterator[dict[str, Any]]:
    """The user's accounts at identity providers, where login by a provider is installed."""
    if apps.is_installed("allauth.socialaccount"):
        # A model that exists only where the app is installed.
        from allauth.socialaccount.models import SocialAccount

        fields = ("provider", "uid", "extra_data", "date_joined", "last_login")
        yield from SocialAccount.objects.filter(user=user).values(*fields)


def sessions(user: User) -> Iterator[dict[str, Any]]:
    found = UserSession.objects.filter(user=user)
    yield from list(found.values("created_at", "last_seen_at", "ip", "user_agent"))


def second_factors(user: User) -> Iterator[dict[str, Any]]:
    """Second factors without their secrets."""
    for factor in list(Authenticator.objects.filter(user=user)):
        yield {
            "type": factor.type,
            "name": str(factor),
            "created_at": factor.created_at,
            "last_used_at": factor.last_used_at,
        }


def conversations(user: User) -> Iterator[dict[str, Any]]:
    """All conversations, including archived, temporary, and deleted ones not yet purged."""
    for pk in conversation_ids(user):
        found = Conversation.objects.select_related("assistant").filter(pk=pk).first()
        if found:
            yield as_data(found) | {
                "pinned_at": found.pinned_at,
                "archived_at": found.archived_at,
                "deleted_at": found.deleted_at,
                "is_temporary": found.is_temporary,
                "waiting_messages": [
                    {"text": each.text, "images": each.images, "created_at": each.created_at}
                    for each in WaitingMessage.objects.of(found)
                ],
            }


def images(user: User) -> Iterator[tuple[str, Path]]:
    """Image files of the messages in `conversations.json`, with their names in the archive."""
    for pk in conversation_ids(user):
        for file in sorted(storage.folder(pk).glob("*")):
            yield f"images/{pk}/{file.name}", file


def shared_copies(user: User) -> Iterator[dict[str, Any]]:
    copies = SharedCopy.objects.filter(conversation__user=user)
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


def conversation_ids(user: User) -> list[UUID]:
    own = Conversation.objects.filter(user=user).order_by("created_at")
    return list(own.values_list("pk", flat=True))


@require_safe
@user_or_guest_required
def download(request: HtmxRequest, user: User) -> HttpResponseBase:
    if not running_downloads.take(user.pk, settings.DOWNLOADS_PER_USER):
        words = _(
            "You are downloading your data already. Wait until that is finished, then start again."
        )
        return responses.problem(request, words, 429)
    name = f"rapport-{timezone.localdate()}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Accel-Buffering": "no",
    }
    content = iterate_in_threads(stream_zip(all_parts(user), images(user)))
    return StreamingHttpResponse(
        running_downloads.kept_while_sent(user.pk, content),
        content_type="application/zip",
        headers=headers,
    )


async def iterate_in_threads(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Produce each chunk in a thread, so that a slow download holds no thread between chunks."""
    while (chunk := await run_in_db_thread(next, chunks, None)) is not None:
        if chunk:
            yield chunk
