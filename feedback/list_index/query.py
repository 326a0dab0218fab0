"""What the search box of the rated answers finds."""

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

# People that one address may mean.
PEOPLE = 100
# Matches of words up to which their ids are fetched before anything else is filtered.
FEW = 30_000


class Found(NamedTuple):
    """What is true of the ratings that a search finds; and the ids that it is true of, in no
    order, where these are few and were fetched."""

    condition: Q
    ids: list[int] | None = None


def matching(text: str, names: bool = True) -> Found:
    """Ratings that have each word somewhere; a "quoted phrase" as it stands. An id is looked up as
    such. Where names are seen an address means people, and a name its owner as well as the word;
    where they aren't a pseudonym does."""
    found = Q()
    for bit in smart_split(text[:MAX_LENGTH]):
        if wanted := as_uuid(bit):
            found &= matching_id(wanted)
        elif is_address(bit, names):
            found &= Q(user__in=people_at(bit))
    if phrases := phrases_of(text, names)[:MAX_WORDS]:
        said = having(phrases)
        owners = people_called(text, names)
        if not found and not owners:
            return said
        found &= said.condition | Q(user__in=owners) if owners else said.condition
    return Found(found or Q(pk__in=[]))


def having(phrases: list[list[str]]) -> Found:
    """Ratings that have all these words; ids that are up to FEW are fetched.

    PostgreSQL doesn't know how frequent a rare word is, and would ask each of a million ratings
    whether it has the word. Sequential scans are off, since its estimate lets it prefer one here.
    """
    ids = full_text.ids(phrases, Rating.objects.db)
    if connection.vendor != "postgresql":
        return Found(Q(pk__in=ids))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute(f"{ids.sql} LIMIT {FEW + 1}", ids.params)
        found = [pk for (pk,) in cursor.fetchall()]
    return Found(Q(pk__in=in_array(found)), found) if len(found) <= FEW else Found(Q(pk__in=ids))


def phrases_of(text: str, names: bool) -> list[list[str]]:
    """What is looked for as words: each alone, and those in quotes together."""
    phrases = list[list[str]]()
    for bit in smart_split(text[:MAX_LENGTH]):
        if not as_uuid(bit) and not is_address(bit, names) and (words := words_of(unquoted(bit))):
            phrases += [words] if unquoted(bit) != bit else [[word] for word in words]
    return phrases


def is_cut(text: str, names: bool) -> bool:
    """Whether more is asked for than `matching` looks for."""
    return len(text) > MAX_LENGTH or len(phrases_of(text, names)) > MAX_WORDS


def is_address(bit: str, names: bool) -> bool:
    return "@" in bit and names


def people_at(address: str) -> list[int]:
    person = Q(username__icontains=address) | Q(email__icontains=address)
    people = User.objects.filter(person, is_guest=False)
    return list(people.values_list("pk", flat=True)[:PEOPLE])


def people_called(name: str, names: bool) -> list[int]:
    called = User.objects.filter(username__in={name, name.lower()}, is_guest=False)
    people = called if names else User.objects.with_pseudonym(name)
    return list(people.values_list("pk", flat=True)[:PEOPLE])


def matching_id(wanted: UUID) -> Q:
    """Of a request at Helicone, an answer, a conversation, or a person as Helicone knows them.

    Looked up here, since an OR over several tables keeps a database from using its indexes.
    """
    messages = Message.objects.filter(
        Q(helicone_id=wanted) | Q(pk=wanted) | Q(conversation=wanted)
    ).values_list("pk", flat=True)
    people = User.objects.filter(uid=wanted).values_list("pk", flat=True)
    return Q(message__in=list(messages)) | Q(user__in=list(people))


def unquoted(bit: str) -> str:
    quoted = len(bit) > 1 and bit[0] in "\"'" and bit[0] == bit[-1]
    return unescape_string_literal(bit) if quoted else bit
