"""Definitions of the triggers for both databases: which change updates which column.

Lock order: updates go from an answer or a conversation to its ratings, and from a rating to its
review, never back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feedback.triggers import Trigger

ANSWER = "FROM chatapp_message a WHERE a.id = feedback_rating.message_id"
# Copies the columns of answer, conversation and user by which the list is filtered.
UPDATE_RATING = f"""UPDATE feedback_rating SET
version_id = (SELECT a.prompt_version_id {ANSWER}),
assistant_id = (SELECT v.assistant_id FROM chatapp_promptversion v
  JOIN chatapp_message a ON a.prompt_version_id = v.id WHERE a.id = feedback_rating.message_id),
model = COALESCE((SELECT a.model {ANSWER}), ''),
is_hidden = EXISTS (SELECT 1 FROM chatapp_conversation c
  JOIN chatapp_message a ON a.conversation_id = c.id
  WHERE a.id = feedback_rating.message_id AND c.deleted_at IS NOT NULL),
by_guest = EXISTS (SELECT 1 FROM chatapp_user u
  WHERE u.id = feedback_rating.user_id AND u.is_guest)"""  # noqa: S608 - no input
ORIGIN = "COALESCE((SELECT a.origin FROM chatapp_message a WHERE a.id = {0}.message_id), 'real')"
# Only where it differs: for a real answer no second version of the rating's row is written.
UPDATE_ORIGIN = "UPDATE feedback_rating SET origin = {0} WHERE origin <> {0}".format(  # noqa: S608
    ORIGIN.format("feedback_rating")
)
UPDATE_THUMB = """UPDATE feedback_review SET
thumb = (SELECT r.value FROM feedback_rating r WHERE r.id = feedback_review.rating_id)"""
# The searched text: the answer last, since a very long text is cut.
TEXT = "r.comment || ' ' || COALESCE(q.text, '') || ' ' || a.text"
# Indexed characters of a text in a script without spaces.
MAX_UNSPACED = 60_000
RATINGS = """FROM feedback_rating r JOIN chatapp_message a ON a.id = r.message_id
LEFT JOIN chatapp_message q ON q.id = a.parent_id"""
EVIDENCE = ("text", "model", "parameters", "prompt_version_id")


# Made by a later migration than the others, since the column came later.
ORIGIN_TRIGGERS = [
    Trigger(
        "feedback_copy_origin", "feedback_rating", "INSERT", (f"{UPDATE_ORIGIN} AND id = new.id",)
    ),
    Trigger(
        "feedback_copy_origin_of_other", "feedback_rating", "UPDATE OF",
        (f"{UPDATE_ORIGIN} AND id = new.id",), ("message_id",),
    ),
    Trigger(
        "feedback_copy_other_origin", "chatapp_message", "UPDATE OF",
        ("UPDATE feedback_rating SET origin = new.origin WHERE message_id = new.id",), ("origin",),
    ),
]  # fmt: skip


def build_triggers(
    write: Callable[[str], tuple[str, ...]], delete: str, lock: tuple[str, ...] = ()
) -> list[Trigger]:
    """All triggers of the list index.
    `write(condition)` writes the words of ratings r of answers a, `delete` deletes a row's;
    `lock` precedes all other statements of a new rating."""

    def trigger(name: str, *args: Any) -> Trigger:
        return Trigger(f"feedback_copy_{name}", *args)

    rating, message, update = "feedback_rating", "chatapp_message", "UPDATE OF"
    update_rating = f"{UPDATE_RATING} WHERE id = new.id"
    mark_drifted = (
        f"UPDATE {rating} SET has_drifted = (evidence <> '') "  # noqa: S608
        "WHERE message_id = new.id"
    )
    mark_hidden = (
        f"UPDATE {rating} SET is_hidden = (new.deleted_at IS NOT NULL) WHERE message_id IN "  # noqa: S608
        f"(SELECT m.id FROM {message} m WHERE m.conversation_id = new.id)"
    )
    mark_guest = f"UPDATE {rating} SET by_guest = new.is_guest WHERE user_id = new.id"  # noqa: S608
    copy_thumb = "UPDATE feedback_review SET thumb = new.value WHERE rating_id = new.id"
    return [
        trigger("given", rating, "INSERT", (*lock, update_rating, *write("r.id = new.id"))),
        trigger("taken_over", rating, update, (update_rating,), ("user_id", "message_id")),
        trigger("explained", rating, update, write("r.id = new.id"), ("comment",)),
        trigger("turned", rating, update, (copy_thumb,), ("value",)),
        trigger("taken_back", rating, "DELETE", (delete,)),
        trigger("awaited", "feedback_review", "INSERT", (f"{UPDATE_THUMB} WHERE id = new.id",)),
        trigger("drifted", message, update, (mark_drifted,), EVIDENCE, "new.role = 'assistant'"),
        trigger(
            "remade", message, update, (f"{UPDATE_RATING} WHERE message_id = new.id",),
            ("model", "prompt_version_id"), "new.role = 'assistant'",
        ),
        trigger(
            "rewritten", message, update, write("a.id = new.id"), ("text",),
            "new.role = 'assistant'",
        ),
        trigger("asked_anew", message, update, write("q.id = new.id"), ("text",), "new.role = 'user'"),
        trigger("hidden", "chatapp_conversation", update, (mark_hidden,), ("deleted_at",)),
        trigger("known", "chatapp_user", update, (mark_guest,), ("is_guest",)),
    ]  # fmt: skip
