"""Triggers that insert a `PendingRecount` for each change that affects the rollup.

An answer that is still streaming doesn't count: the condition is that of
`feedback.insights.queries.shown`, as far as it depends on one row. A superfluous entry costs a
recount; a missing one would make the numbers wrong.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from feedback import triggers
from feedback.triggers import Trigger

NAME = "feedback_tally"
INTO = "INSERT INTO feedback_touched"
# The first statement waits for a running recount, and blocks others until the last is done.
RECOUNT_ALL = (
    "DELETE FROM feedback_tallystate",
    "DELETE FROM feedback_tallied",
    "DELETE FROM feedback_tally",
    "INSERT INTO feedback_touched (conversation_id) SELECT id FROM chatapp_conversation "
    "ORDER BY created_at",
)


def counts(row: str) -> str:
    rateable = "('complete', 'stopped', 'interrupted')"
    return f"({row}.role = 'assistant' AND {row}.status IN {rateable} AND {row}.text <> '')"


def record(
    name: str, table: str, event: str, column: str, rows: tuple[str, ...], *conditions: str
) -> Trigger:
    """Trigger that inserts each of `rows` into this column of PendingRecount.
    conditions: those of Trigger."""
    do = tuple(f"{INTO} ({column}) VALUES ({row})" for row in rows)
    return Trigger(f"{NAME}_{name}", table, event, do, (), *conditions)


ANSWER, CONVERSATION, RATING = "chatapp_message", "chatapp_conversation", "feedback_rating"
REASONS = "feedback_rating_reasons"
TEXT_CHANGE = "UPDATE OF role, status, text, created_at, prompt_version_id"
VERSION_CHANGED = (
    "old.created_at <> new.created_at "
    "OR COALESCE(old.prompt_version_id, 0) <> COALESCE(new.prompt_version_id, 0)"
)
VISIBILITY_CHANGED = (
    "(old.deleted_at IS NULL) <> (new.deleted_at IS NULL) "
    "OR old.is_temporary <> new.is_temporary OR old.user_id <> new.user_id"
)
VALUE_CHANGED = "COALESCE(old.value, 0) <> COALESCE(new.value, 0)"
TRIGGERS = [
    record("written", ANSWER, "INSERT", "conversation_id", ("new.conversation_id",), counts("new")),
    record(
        "ended", ANSWER, TEXT_CHANGE, "conversation_id", ("new.conversation_id",),
        f"{counts('old')} <> {counts('new')} OR ({counts('new')} AND ({VERSION_CHANGED}))",
    ),
    record(
        "moved", ANSWER, "UPDATE OF conversation_id", "conversation_id",
        ("old.conversation_id", "new.conversation_id"),
        "old.conversation_id <> new.conversation_id",
    ),
    record(
        "unwritten", ANSWER, "DELETE", "conversation_id", ("old.conversation_id",), counts("old"),
        f"{INTO} (conversation_id) SELECT DISTINCT conversation_id FROM gone "  # noqa: S608
        f"WHERE {counts('gone')}",
    ),
    record(
        "kept", CONVERSATION, "UPDATE OF deleted_at, is_temporary, user_id", "conversation_id",
        ("new.id",), VISIBILITY_CHANGED,
    ),
    record(
        "known", "chatapp_user", "UPDATE OF is_guest", "user_id", ("new.id",),
        "old.is_guest <> new.is_guest",
    ),
    record("given", RATING, "INSERT", "message_id", ("new.message_id",)),
    record("turned", RATING, "UPDATE OF value", "message_id", ("new.message_id",), VALUE_CHANGED),
    record(
        "taken_over", RATING, "UPDATE OF message_id", "message_id",
        ("old.message_id", "new.message_id"), "old.message_id <> new.message_id",
    ),
    record("taken_back", RATING, "DELETE", "message_id", ("old.message_id",)),
    record("reasoned", REASONS, "INSERT", "rating_id", ("new.rating_id",)),
    record("reworded", REASONS, "UPDATE", "rating_id", ("old.rating_id", "new.rating_id")),
    record("unreasoned", REASONS, "DELETE", "rating_id", ("old.rating_id",)),
]  # fmt: skip
# Made by a later migration than the others, since the column came later.
ORIGIN_TRIGGER = record(
    "marked", ANSWER, "UPDATE OF origin", "conversation_id", ("new.conversation_id",),
    f"old.origin <> new.origin AND {counts('new')}",
)  # fmt: skip
ALL = [*TRIGGERS, ORIGIN_TRIGGER]


def create(connection: Any) -> None:
    """Create the triggers and have everything counted."""
    drop(connection)
    with connection.cursor() as cursor:
        triggers.create(cursor, ALL if connection.vendor == "sqlite" else TRIGGERS)
    recount_all(connection)


def recount_all(connection: Any) -> None:
    """Empty the rollup and mark all conversations for a recount in the site's time zone."""
    with connection.cursor() as cursor:
        for statement in RECOUNT_ALL:
            cursor.execute(statement)
        cursor.execute("INSERT INTO feedback_tallystate (zone) VALUES (%s)", [settings.TIME_ZONE])


def drop(connection: Any) -> None:
    with connection.cursor() as cursor:
        triggers.drop(cursor, [trigger.name for trigger in ALL])


def disable_triggers(connection: Any) -> None:
    """Drop the triggers before migrations, on SQLite; see feedback.list_index."""
    if connection.vendor == "sqlite":
        drop(connection)


def repair_triggers(connection: Any) -> None:
    """Create missing triggers after migrations, on SQLite, and have everything counted again."""
    if (
        connection.vendor == "sqlite"
        and tables_exist(connection)
        and not triggers_exist(connection)
    ):
        create(connection)


def tables_exist(connection: Any) -> bool:
    """Whether the migrations have created the columns that the triggers need."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pragma_table_info('feedback_tally')")
        return "origin" in {name for (name,) in cursor.fetchall()}


def triggers_exist(connection: Any) -> bool:
    with connection.cursor() as cursor:
        return not triggers.missing_in_sqlite(cursor, [trigger.name for trigger in ALL])
