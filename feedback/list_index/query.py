"""Search of rated answers: words, phrases, ids, names and e-mail addresses."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils.text import smart_split, unescape_string_literal

from feedback.chat.models import Message, User
from feedback.chat.search import MAX_LENGTH, MAX_WORDS, as_uuid, words_of
from feedback.database import in_array
from feedback.list_index import full_text
from feedback.models import Rating

# Users that one address may match.
MAX_USERS = 100
# Matches of words up to which their ids are fetched before anything else is filtered.
MAX_FETCHED_IDS = 30_000


class Found(NamedTuple):
    """Condition for the ratings found; `ids`, unordered, if few enough to have been fetched."""

    condition: Q
    ids: list[int] | None = None


def matching(text: str, names: bool = True) -> Found:
    """Ratings that contain every word and "quoted phrase", or match an id.
    With `names`, an e-mail address matches users, and a username the user as well as the word;
    without, a pseudonym matches its user."""
    found = Q()
    for term in smart_split(text[:MAX_LENGTH]):
        if wanted := as_uuid(term):
            found &= matching_id(wanted)
        elif is_address(term, names):
            found &= Q(user__in=users_by_address(term))
    if phrases := phrases_of(text, names)[:MAX_WORDS]:
        matches = matching_phrases(phrases)
        users = users_by_name(text, names)
        if not found and not users:
            return matches
        found &= matches.condition | Q(user__in=users) if users else matches.condition
    return Found(found or Q(pk__in=[]))


def matching_phrases(phrases: list[list[str]]) -> Found:
    """Ratings that contain all phrases; up to MAX_FETCHED_IDS ids are fetched, on PostgreSQL.
    It doesn't know the frequency of rare words, and would check each of a million ratings. For the
    same reason it would prefer a sequential scan here, so these are off."""
    ids = full_text.ids(phrases, Rating.objects.db)
    if connection.vendor != "postgresql":
        return Found(Q(pk__in=ids))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute(f"{ids.sql} LIMIT {MAX_FETCHED_IDS + 1}", ids.params)
        found = [pk for (pk,) in cursor.fetchall()]
    return (
        Found(Q(pk__in=in_array(found)), found)
        if len(found) <= MAX_FETCHED_IDS
        else Found(Q(pk__in=ids))
    )


def phrases_of(text: str, names: bool) -> list[list[str]]:
    """The search's phrases: single words, and the words of each quoted part together."""
    phrases = list[list[str]]()
    for term in smart_split(text[:MAX_LENGTH]):
        if (
            not as_uuid(term)
            and not is_address(term, names)
            and (words := words_of(unquoted(term)))
        ):
            phrases += [words] if unquoted(term) != term else [[word] for word in words]
    return phrases


def is_cut(text: str, names: bool) -> bool:
    """Whether the search exceeds the limits, so that `matching` ignores a part of it."""
    return len(text) > MAX_LENGTH or len(phrases_of(text, names)) > MAX_WORDS


def is_address(term: str, names: bool) -> bool:
    return "@" in term and names


def users_by_address(address: str) -> list[int]:
    address_match = Q(username__icontains=address) | Q(email__icontains=address)
    users = User.objects.filter(address_match, is_guest=False)
    return list(users.values_list("pk", flat=True)[:MAX_USERS])


def users_by_name(name: str, names: bool) -> list[int]:
    named = User.objects.filter(username__in={name, name.lower()}, is_guest=False)
    users = named if names else User.objects.with_pseudonym(name)
    return list(users.values_list("pk", flat=True)[:MAX_USERS])


def matching_id(wanted: UUID) -> Q:
    """Condition for an id of a Helicone request, a message, a conversation or a user.
    Resolved by separate queries, since an OR over several tables prevents the use of indexes."""
    messages = Message.objects.filter(
        Q(helicone_id=wanted) | Q(pk=wanted) | Q(conversation=wanted)
    ).values_list("pk", flat=True)
    users = User.objects.filter(uid=wanted).values_list("pk", flat=True)
    return Q(message__in=list(messages)) | Q(user__in=list(users))


def unquoted(term: str) -> str:
    quoted = len(term) > 1 and term[0] in "\"'" and term[0] == term[-1]
    return unescape_string_literal(term) if quoted else term
