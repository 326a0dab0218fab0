"""Message history of an answer, as sent to its model.

Most answers follow a first question, which is read with them. Only for longer histories the
conversation is read: first its tree, then the texts of the path.
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

# Columns of an answer: its question, and the question's parent.
QUESTION = (
    *("parent_id", "parent__parent_id"),
    *(f"parent__{name}" for name in ("role", "text")),
)
# Answers whose conversations are in memory at once; a long one has the size of a hundred answers.
HISTORY_BATCH = 250
NO_IMAGES = "[]"
Tree = dict[UUID, UUID | None]
# A rated answer as read by `feedback.export.rows`: its columns by name.
Record = Any


class HistoryMessage(NamedTuple):
    role: str
    text: str
    images: str
    """As JSON."""

    @property
    def has_content(self) -> bool:
        return bool(self.text) or self.images != NO_IMAGES


def with_history(
    records: Sequence[Record], whole: bool
) -> Iterator[tuple[Record, Sequence[HistoryMessage]]]:
    """Each record with its history; unless `whole`, maybe only the last message of it."""
    for start in range(0, len(records), HISTORY_BATCH):
        batch = records[start : start + HISTORY_BATCH]
        longer = histories_for([record for record in batch if needs_full_history(record, whole)])
        for record in batch:
            path = longer.get(record.pk) or question_of(record)
            history = [message for message in path if message.has_content][
                record.message__left_out :
            ]
            yield record, history


def question_of(record: Record) -> list[HistoryMessage]:
    if record.message__parent_id is None:
        return []
    role, text = record.message__parent__role, record.message__parent__text
    return [HistoryMessage(role, text, record.images)]


def needs_full_history(record: Record, whole: bool) -> bool:
    """Whether the messages before the question exist and are needed."""
    if record.message__parent__parent_id is None:
        return False
    return whole or record.message__left_out > 0 or not question_of(record)[0].has_content


def histories_for(records: Sequence[Record]) -> dict[int, list[HistoryMessage]]:
    """Full histories by the ratings' ids, by two queries; none for no records."""
    if not records:
        return {}
    conversations = {record.message__conversation_id for record in records}
    inside = Message.objects.filter(conversation__in=in_array(conversations, "uuid"))
    tree: Tree = dict(inside.order_by().values_list("pk", "parent"))
    paths = {record.pk: path_to(tree, record.message__parent_id) for record in records}
    wanted = {pk for path in paths.values() for pk in path}
    messages = {
        pk: HistoryMessage(*fields)
        for batch in chunks(list(wanted))
        for pk, *fields in load_messages(batch)
    }
    return {pk: [messages[key] for key in path if key in messages] for pk, path in paths.items()}


def load_messages(pks: Sequence[UUID]) -> QuerySet[Message, Any]:
    messages = Message.objects.filter(pk__in=in_array(pks, "uuid")).order_by()
    return messages.values_list("pk", "role", "text", Cast("images", TextField()))


def path_to(tree: Tree, leaf: UUID | None) -> list[UUID]:
    path: list[UUID] = []
    while leaf in tree:
        path.append(leaf)
        leaf = tree[leaf]
    return path[::-1]
