"""Triggers and full-text table for SQLite: words in FTS5, with the ratings' ids as rowids."""

from __future__ import annotations

from typing import Any

from feedback import triggers
from feedback.chat.search import UNSPACED
from feedback.list_index.triggers import (
    MAX_UNSPACED,
    ORIGIN_TRIGGERS,
    RATINGS,
    TEXT,
    UPDATE_ORIGIN,
    UPDATE_RATING,
    UPDATE_THUMB,
    build_triggers,
)

ONE = UNSPACED.pattern
# Character by character, for want of regular expressions. `piece` holds a hundred characters
# behind the preceding one, since the time to find a character is linear in its position.
PAIRS = f"""(WITH RECURSIVE walk (at, piece) AS (
  SELECT 0, ' ' || substr({TEXT}, 1, 100)
  UNION ALL
  SELECT at + 1, CASE WHEN (at + 1) % 100 THEN piece ELSE substr({TEXT}, at + 1, 101) END
  FROM walk WHERE at < {MAX_UNSPACED} AND substr(piece, at % 100 + 2, 1) <> ''
), letter (before, this) AS (
  SELECT substr(piece, at % 100 + 1, 1), substr(piece, at % 100 + 2, 1) FROM walk
)
SELECT group_concat(
  CASE WHEN (before GLOB '{ONE}') <> (this GLOB '{ONE}') THEN ' ' ELSE '' END || this
  || CASE WHEN this GLOB '{ONE}' THEN ' ' || this ELSE '' END, '') FROM letter)"""  # noqa: S608
WORDS = f"CASE WHEN ({TEXT}) GLOB '*{ONE}*' THEN {PAIRS} ELSE {TEXT} END"
INSERT_WORDS = f"INSERT INTO feedback_words (rowid, words) SELECT r.id, {WORDS} {RATINGS}"  # noqa: S608


def write_words(condition: str) -> tuple[str, ...]:
    old = f"DELETE FROM feedback_words WHERE rowid IN (SELECT r.id {RATINGS} WHERE {condition})"  # noqa: S608
    return old, f"{INSERT_WORDS} WHERE {condition}"


TRIGGERS = [
    *build_triggers(write_words, "DELETE FROM feedback_words WHERE rowid = old.id"),
    *ORIGIN_TRIGGERS,
]


def create(cursor: Any) -> None:
    drop(cursor)
    cursor.execute(
        'CREATE VIRTUAL TABLE feedback_words USING fts5(words, tokenize="unicode61 '
        'remove_diacritics 2")'
    )
    for statement in (UPDATE_RATING, UPDATE_ORIGIN, UPDATE_THUMB, INSERT_WORDS):
        cursor.execute(statement)
    triggers.create(cursor, TRIGGERS)


def drop(cursor: Any) -> None:
    drop_triggers(cursor)
    cursor.execute("DROP TABLE IF EXISTS feedback_words")


def drop_triggers(cursor: Any) -> None:
    triggers.drop(cursor, [trigger.name for trigger in TRIGGERS])


def tables_exist(cursor: Any) -> bool:
    """Whether the migrations have created the columns that the triggers need."""
    cursor.execute("SELECT name FROM pragma_table_info('feedback_rating')")
    return "origin" in {name for (name,) in cursor.fetchall()}


def triggers_exist(cursor: Any) -> bool:
    return not triggers.missing_in_sqlite(cursor, [trigger.name for trigger in TRIGGERS])
