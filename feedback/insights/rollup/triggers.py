"""Which change of which row is noted, for both databases: `SET` of a row of `PendingRecount`.

An answer that streams is no change, nor is one that nobody has seen the end of: what counts is
`feedback.insights.queries.shown`, as far as a row alone can tell. Noting too much costs a recount; noting
too little would cost the truth.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from feedback import triggers
from feedback.triggers import Trigger

NAME = "feedback_tally"
INTO = "INSERT INTO feedback_touched"
# The first of these waits for who is counting, and keeps everybody from it until the last is done.
ANEW = (
    "DELETE FROM feedback_tallystate",
    "DELETE FROM feedback_tallied",
    "DELETE FROM feedback_tally",
    "INSERT INTO feedback_touched (conversation_id) SELECT id FROM chatapp_conversation "
    "ORDER BY created_at",
)


def counts(row: str) -> str:
    rateable = "('complete', 'stopped', 'interrupted')"
    return f"({row}.role = 'assistant' AND {row}.status IN {rateable} AND {row}.text <> '')"


def note(
    name: str, table: str, event: str, column: str, rows: tuple[str, ...], *conditions: str
) -> Trigger:
    """Note each of `rows` in this column of PendingRecount; `conditions` are those of Trigger."""
    do = tuple(f"{INTO} ({column}) VALUES ({row})" for row in rows)
    return Trigger(f"{NAME}_{name}", table, event, do, (), *conditions)


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
    note("written", ANSWER, "INSERT", "conversation_id", ("new.conversation_id",), counts("new")),
    note(
        "ended", ANSWER, BORN, "conversation_id", ("new.conversation_id",),
        f"{counts('old')} <> {counts('new')} OR ({counts('new')} AND ({REMADE}))",
    ),
    note(
        "moved", ANSWER, "UPDATE OF conversation_id", "conversation_id",
        ("old.conversation_id", "new.conversation_id"),
        "old.conversation_id <> new.conversation_id",
    ),
    note(
        "unwritten", ANSWER, "DELETE", "conversation_id", ("old.conversation_id",), counts("old"),
        f"{INTO} (conversation_id) SELECT DISTINCT conversation_id FROM gone "  # noqa: S608
        f"WHERE {counts('gone')}",
    ),
    note(
        "kept", TALK, "UPDATE OF deleted_at, is_temporary, user_id", "conversation_id",
        ("new.id",), KEPT,
    ),
    note(
        "known", "chatapp_user", "UPDATE OF is_guest", "user_id", ("new.id",),
        "old.is_guest <> new.is_guest",
    ),
    note("given", THUMB, "INSERT", "message_id", ("new.message_id",)),
    note("turned", THUMB, "UPDATE OF value", "message_id", ("new.message_id",), TURNED),
    note(
        "taken_over", THUMB, "UPDATE OF message_id", "message_id",
        ("old.message_id", "new.message_id"), "old.message_id <> new.message_id",
    ),
    note("taken_back", THUMB, "DELETE", "message_id", ("old.message_id",)),
    note("reasoned", NAMED, "INSERT", "rating_id", ("new.rating_id",)),
    note("reworded", NAMED, "UPDATE", "rating_id", ("old.rating_id", "new.rating_id")),
    note("unreasoned", NAMED, "DELETE", "rating_id", ("old.rating_id",)),
]  # fmt: skip


def create(connection: Any) -> None:
    """Note changes from here on, and that all there is waits to be counted."""
    drop(connection)
    with connection.cursor() as cursor:
        triggers.create(cursor, RULES)
    begin_anew(connection)


def begin_anew(connection: Any) -> None:
    """Forget what was counted, and count by days of the time zone that the site has now."""
    with connection.cursor() as cursor:
        for statement in ANEW:
            cursor.execute(statement)
        cursor.execute("INSERT INTO feedback_tallystate (zone) VALUES (%s)", [settings.TIME_ZONE])


def drop(connection: Any) -> None:
    with connection.cursor() as cursor:
        triggers.drop(cursor, [rule.name for rule in RULES])


def loosen(connection: Any) -> None:
    """Before migrations, on SQLite; see feedback.list_index."""
    if connection.vendor == "sqlite":
        drop(connection)


def mend(connection: Any) -> None:
    """After migrations: what `loosen` took away; what was missed meanwhile is counted anew."""
    if connection.vendor == "sqlite" and is_there(connection) and not is_whole(connection):
        create(connection)


def is_there(connection: Any) -> bool:
    return "feedback_touched" in connection.introspection.table_names()


def is_whole(connection: Any) -> bool:
    with connection.cursor() as cursor:
        return not triggers.missing_in_sqlite(cursor, [rule.name for rule in RULES])
