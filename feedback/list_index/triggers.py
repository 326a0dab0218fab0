"""Which change of which row renews which copy, for both databases.

Where locks matter: a change goes from an answer or a conversation to its ratings, and from a
rating to its review, never back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feedback.triggers import Trigger

ANSWER = "FROM chatapp_message a WHERE a.id = feedback_rating.message_id"
# What is true of the answer and of the person, as far as the list asks for it.
STAMP = f"""UPDATE feedback_rating SET
version_id = (SELECT a.prompt_version_id {ANSWER}),
assistant_id = (SELECT v.assistant_id FROM chatapp_promptversion v
  JOIN chatapp_message a ON a.prompt_version_id = v.id WHERE a.id = feedback_rating.message_id),
model = COALESCE((SELECT a.model {ANSWER}), ''),
is_hidden = EXISTS (SELECT 1 FROM chatapp_conversation c
  JOIN chatapp_message a ON a.conversation_id = c.id
  WHERE a.id = feedback_rating.message_id AND c.deleted_at IS NOT NULL),
by_guest = EXISTS (SELECT 1 FROM chatapp_user u
  WHERE u.id = feedback_rating.user_id AND u.is_guest)"""  # noqa: S608 - no input
THUMB = """UPDATE feedback_review SET
thumb = (SELECT r.value FROM feedback_rating r WHERE r.id = feedback_review.rating_id)"""
# All words that are searched: the answer last, since a text that is far too long is cut.
SAID = "r.comment || ' ' || COALESCE(q.text, '') || ' ' || a.text"
# Characters that are indexed of a text with a script without spaces.
MOST_UNSPACED = 60_000
WHOSE = """FROM feedback_rating r JOIN chatapp_message a ON a.id = r.message_id
LEFT JOIN chatapp_message q ON q.id = a.parent_id"""
JUDGED = ("text", "model", "parameters", "prompt_version_id")


def rules(
    put: Callable[[str], tuple[str, ...]], forget: str, hold: tuple[str, ...] = ()
) -> list[Trigger]:
    """`put(condition)` renews the words of the ratings r of answers a, `forget` drops a row's;
    `hold` comes before all else of a new rating."""

    def rule(name: str, *args: Any) -> Trigger:
        return Trigger(f"feedback_copy_{name}", *args)

    rating, message, update = "feedback_rating", "chatapp_message", "UPDATE OF"
    stamped = f"{STAMP} WHERE id = new.id"
    drifted = (
        f"UPDATE {rating} SET has_drifted = (evidence <> '') "  # noqa: S608
        "WHERE message_id = new.id"
    )
    hidden = (
        f"UPDATE {rating} SET is_hidden = (new.deleted_at IS NOT NULL) WHERE message_id IN "  # noqa: S608
        f"(SELECT m.id FROM {message} m WHERE m.conversation_id = new.id)"
    )
    guest = f"UPDATE {rating} SET by_guest = new.is_guest WHERE user_id = new.id"  # noqa: S608
    thumb = "UPDATE feedback_review SET thumb = new.value WHERE rating_id = new.id"
    return [
        rule("given", rating, "INSERT", (*hold, stamped, *put("r.id = new.id"))),
        rule("taken_over", rating, update, (stamped,), ("user_id", "message_id")),
        rule("explained", rating, update, put("r.id = new.id"), ("comment",)),
        rule("turned", rating, update, (thumb,), ("value",)),
        rule("taken_back", rating, "DELETE", (forget,)),
        rule("awaited", "feedback_review", "INSERT", (f"{THUMB} WHERE id = new.id",)),
        rule("drifted", message, update, (drifted,), JUDGED, "new.role = 'assistant'"),
        rule(
            "remade", message, update, (f"{STAMP} WHERE message_id = new.id",),
            ("model", "prompt_version_id"), "new.role = 'assistant'",
        ),
        rule("rewritten", message, update, put("a.id = new.id"), ("text",), "new.role = 'assistant'"),
        rule("asked_anew", message, update, put("q.id = new.id"), ("text",), "new.role = 'user'"),
        rule("hidden", "chatapp_conversation", update, (hidden,), ("deleted_at",)),
        rule("known", "chatapp_user", update, (guest,), ("is_guest",)),
    ]  # fmt: skip
