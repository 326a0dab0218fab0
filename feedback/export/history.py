"""What was said before an answer, as its model was given it.

Most answers follow a first question, which comes along with them. Only where more was said before
it the conversation is looked through: first where, then the words on the way alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from feedback.chat.models import Message
from feedback.database import in_array
from feedback.models.reviews.changes import chunks

# Of an answer: its question, and whether that has something before it.
QUESTION = (
    *("parent_id", "parent__parent_id"),
    *(f"parent__{name}" for name in ("role", "text")),
)
# Answers whose conversations are in memory at once. Long ones are a hundred times an answer.
FEW = 250
NONE = "[]"
Tree = dict[UUID, UUID | None]
# Of an answer as `feedback.export.rows` finds it: its columns by name.
Given = Any


class HistoryMessage(NamedTuple):
    role: str
    text: str
    images: str
    """As JSON."""

    @property
    def has_content(self) -> bool:
        return bool(self.text) or self.images != NONE


def parts(there: Sequence[Given], whole: bool) -> Iterator[tuple[Given, Sequence[HistoryMessage]]]:
    """Each with what was said before it; unless `whole`, maybe only what was said last."""
    for start in range(0, len(there), FEW):
        few = there[start : start + FEW]
        longer = histories_for([given for given in few if is_longer(given, whole)])
        for given in few:
            path = longer.get(given.pk) or question_of(given)
            yield given, [each for each in path if each.has_content][given.message__left_out :]


def question_of(given: Given) -> list[HistoryMessage]:
    if given.message__parent_id is None:
        return []
    return [HistoryMessage(given.message__parent__role, given.message__parent__text, given.images)]


def is_longer(given: Given, whole: bool) -> bool:
    """Whether something was said before the question, and has to be known."""
    if given.message__parent__parent_id is None:
        return False
    return whole or given.message__left_out > 0 or not question_of(given)[0].has_content


def histories_for(there: Sequence[Given]) -> dict[int, list[HistoryMessage]]:
    """By the ratings' ids. Two queries, and none where there is nothing to look for."""
    if not there:
        return {}
    conversations = {given.message__conversation_id for given in there}
    inside = Message.objects.filter(conversation__in=in_array(conversations, "uuid"))
    tree: Tree = dict(inside.order_by().values_list("pk", "parent"))
    ways = {given.pk: way(tree, given.message__parent_id) for given in there}
    wanted = {pk for one in ways.values() for pk in one}
    words = {
        pk: HistoryMessage(*said) for some in chunks(list(wanted)) for pk, *said in words_of(some)
    }
    return {pk: [words[each] for each in one if each in words] for pk, one in ways.items()}


def words_of(pks: Sequence[UUID]) -> QuerySet[Message, Any]:
    messages = Message.objects.filter(pk__in=in_array(pks, "uuid")).order_by()
    return messages.values_list("pk", "role", "text", Cast("images", TextField()))


def way(tree: Tree, leaf: UUID | None) -> list[UUID]:
    path: list[UUID] = []
    while leaf in tree:
        path.append(leaf)
        leaf = tree[leaf]
    return path[::-1]
