"""Which change of which row is noted, for both databases: `SET` of a row of `PendingRecount`.

An answer that streams is no change, nor is one that nobody has seen the end of: what counts is
`feedback.numbers.shown`, as far as a row alone can tell. Noting too much costs a recount; noting
too little would cost the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

INTO = "INSERT INTO feedback_touched"


def counts(row: str) -> str:
    rateable = "('complete', 'stopped', 'interrupted')"
    return f"({row}.role = 'assistant' AND {row}.status IN {rateable} AND {row}.text <> '')"


@dataclass(frozen=True)
class Rule:
    """After `event` on `table`, for a row of which `when` holds, note as `named` each of `rows`.

    `at_once` does the same for all rows of a statement, the table `gone`, where that can be had.
    """

    name: str
    table: str
    event: str
    named: str
    rows: tuple[str, ...]
    when: str = ""
    at_once: str = ""

    @property
    def do(self) -> str:
        return "; ".join(f"{INTO} ({self.named}) VALUES ({row})" for row in self.rows)


ANSWER, TALK, THUMB = "chatapp_message", "chatapp_conversation", "feedback_rating"
NAMED = "feedback_rating_reasons"
BORN = "UPDATE OF role, status, text, created_at, prompt_version_id"
REMADE = (
    "old.created_at <> new.created_at "
    "OR COALESCE(old.prompt_version_id, 0) <> COALESCE(new.prompt_version_id, 0)"
)
KEPT = (
    "(old.deleted_at IS NULL) <> (new.deleted_at IS NULL) "
    "OR old.is_temporary <> new.is_temporary OR old.user_id <> new.user_id"
)
TURNED = "COALESCE(old.value, 0) <> COALESCE(new.value, 0)"
RULES = [
    Rule("written", ANSWER, "INSERT", "conversation_id", ("new.conversation_id",), counts("new")),
    Rule(
        "ended", ANSWER, BORN, "conversation_id", ("new.conversation_id",),
        f"{counts('old')} <> {counts('new')} OR ({counts('new')} AND ({REMADE}))",
    ),
    Rule(
        "moved", ANSWER, "UPDATE OF conversation_id", "conversation_id",
        ("old.conversation_id", "new.conversation_id"),
        "old.conversation_id <> new.conversation_id",
    ),
    Rule(
        "unwritten", ANSWER, "DELETE", "conversation_id", ("old.conversation_id",), counts("old"),
        f"{INTO} (conversation_id) SELECT DISTINCT conversation_id FROM gone "  # noqa: S608
        f"WHERE {counts('gone')}",
    ),
    Rule(
        "kept", TALK, "UPDATE OF deleted_at, is_temporary, user_id", "conversation_id",
        ("new.id",), KEPT,
    ),
    Rule(
        "known", "chatapp_user", "UPDATE OF is_guest", "user_id", ("new.id",),
        "old.is_guest <> new.is_guest",
    ),
    Rule("given", THUMB, "INSERT", "message_id", ("new.message_id",)),
    Rule("turned", THUMB, "UPDATE OF value", "message_id", ("new.message_id",), TURNED),
    Rule(
        "taken_over", THUMB, "UPDATE OF message_id", "message_id",
        ("old.message_id", "new.message_id"), "old.message_id <> new.message_id",
    ),
    Rule("taken_back", THUMB, "DELETE", "message_id", ("old.message_id",)),
    Rule("reasoned", NAMED, "INSERT", "rating_id", ("new.rating_id",)),
    Rule("reworded", NAMED, "UPDATE", "rating_id", ("old.rating_id", "new.rating_id")),
    Rule("unreasoned", NAMED, "DELETE", "rating_id", ("old.rating_id",)),
]  # fmt: skip
