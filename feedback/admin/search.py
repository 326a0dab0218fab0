"""What the search box of the rated answers finds."""

from uuid import UUID

from django.db.models import Q
from django.utils.text import smart_split, unescape_string_literal

from chatapp.models import Message, User


def matching(terms: str, names: bool = True) -> Q:
    """Ratings in which each term occurs somewhere; a "quoted phrase" is one term. People are
    found by name where names are seen, and by their pseudonym where they aren't."""
    found = Q()
    for bit in smart_split(terms):
        quoted = len(bit) > 1 and bit[0] in "\"'" and bit[0] == bit[-1]
        found &= matching_term(unescape_string_literal(bit) if quoted else bit, names)
    return found


def matching_term(term: str, names: bool) -> Q:
    """An id is looked up as such, by index; an address means a person; anything else is text."""
    if wanted := as_uuid(term):
        return matching_id(wanted)
    person = Q(username__icontains=term) | Q(email__icontains=term)
    people = User.objects.filter(person, is_guest=False)
    by_person = Q(user__in=people if names else User.objects.with_pseudonym(term))
    if "@" in term and names:
        return by_person
    return (
        by_person
        | Q(comment__icontains=term)
        | Q(message__text__icontains=term)
        | Q(message__parent__text__icontains=term)
    )


def matching_id(wanted: UUID) -> Q:
    """Of a request at Helicone, an answer, a conversation, or a person as Helicone knows them.

    Looked up here, since an OR over several tables keeps a database from using its indexes.
    """
    messages = Message.objects.filter(
        Q(helicone_id=wanted) | Q(pk=wanted) | Q(conversation=wanted)
    ).values_list("pk", flat=True)
    people = User.objects.filter(uid=wanted).values_list("pk", flat=True)
    return Q(message__in=list(messages)) | Q(user__in=list(people))


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None
