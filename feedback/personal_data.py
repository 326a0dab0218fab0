"""A user's ratings for the download of personal data; erasure of deleted users from staff's logs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.http import QueryDict

from feedback.chat.models import Conversation, User
from feedback.list_index.query import matching
from feedback.models import Export, Rating, SavedFilter, StaffAccess
from feedback.staff_access.guard import SESSION_KEY

BATCH = 100
ERASED = "[…]"


def parts(user: User) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    yield "ratings.json", ratings(user)


def ratings(user: User) -> Iterator[dict[str, Any]]:
    """The user's ratings, including withdrawn ones."""
    pks = list(Rating.objects.filter(user=user).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        batch = Rating.objects.filter(pk__in=pks[start : start + BATCH]).order_by("pk")
        loaded = batch.select_related("message", "delivery").prefetch_related("reasons")
        yield from [rating_data(rating) for rating in loaded]


def rating_data(rating: Rating) -> dict[str, Any]:
    return {
        "conversation": rating.message.conversation_id,
        "message": rating.message_id,
        "value": rating.value,
        "reasons": [reason.label for reason in rating.reasons.all()],
        "comment": rating.comment,
        "correction": rating.correction,
        "created_at": rating.created_at,
        "updated_at": rating.updated_at,
        "at_helicone": str(getattr(rating, "delivery", "")),
    }


def erase(users: Sequence[User]) -> None:
    """Erase users, before they are deleted, from what staff typed: reasons and saved filters."""
    named = pattern_of({name for user in users for name in user.names()})
    theirs = Q(rating__user__in=users) | Q(conversation__user__in=users)
    StaffAccess.objects.filter(theirs).exclude(reason="").update(reason="")
    for log in (StaffAccess, Export):
        for entry in log.objects.exclude(reason="").only("reason").iterator():
            if named.search(entry.reason):
                reason = named.sub(ERASED, entry.reason)
                log.objects.filter(pk=entry.pk).update(reason=reason)
    erase_from_sessions(users, named)
    for saved_filter in SavedFilter.objects.all():
        if is_about(saved_filter, users, named):
            saved_filter.delete()


def erase_from_sessions(users: Sequence[User], named: re.Pattern[str]) -> None:
    """Erase users from the reasons that staff stated in their sessions."""
    conversations = Conversation.objects.filter(user__in=users)
    own = {str(pk) for pk in conversations.values_list("pk", flat=True)}
    for session in Session.objects.iterator():
        data = session.get_decoded()
        if stated := data.get(SESSION_KEY):
            kept = {
                about: (named.sub(ERASED, reason), at)
                for about, (reason, at) in stated.items()
                if about not in own
            }
            encoded = SessionStore().encode({**data, SESSION_KEY: kept})
            Session.objects.filter(pk=session.pk).update(session_data=encoded)


def pattern_of(names: Iterable[str]) -> re.Pattern[str]:
    """The names as whole words, the longest first; matches nothing where there is none."""
    ordered = sorted(map(re.escape, names), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ordered) or '(?!)'})(?!\w)", re.IGNORECASE)


def is_about(saved_filter: SavedFilter, users: Sequence[User], named: re.Pattern[str]) -> bool:
    """Whether a saved filter names one of the users, or searches for words that only the users'
    rated answers have."""
    query = QueryDict(saved_filter.query)
    words = query.get("q", "")
    if named.search(f"{saved_filter.name} {words}"):
        return True
    if query.get("person") in {str(user.pk) for user in users}:
        return True
    if not words:
        return False
    found = Rating.objects.filter(matching(words).condition)
    return found.filter(user__in=users).exists() and not found.exclude(user__in=users).exists()
