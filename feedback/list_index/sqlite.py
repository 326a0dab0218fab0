"""SQLite: a trigger a rule; the words in FTS5, numbered as their ratings are."""

from __future__ import annotations

from typing import Any

from feedback import triggers
from feedback.chat.search import UNSPACED
from feedback.list_index.triggers import MOST_UNSPACED, SAID, STAMP, THUMB, WHOSE, rules

ONE = UNSPACED.pattern
# Character by character, since there are no regular expressions here: `piece` is a hundred of
# them after the one before. Finding a character takes as long as there are characters before it.
PAIRS = f"""(WITH RECURSIVE walk (at, piece) AS (
  SELECT 0, ' ' || substr({SAID}, 1, 100)
  UNION ALL
  SELECT at + 1, CASE WHEN (at + 1) % 100 THEN piece ELSE substr({SAID}, at + 1, 101) END
  FROM walk WHERE at < {MOST_UNSPACED} AND substr(piece, at % 100 + 2, 1) <> ''
), letter (before, this) AS (
  SELECT substr(piece, at % 100 + 1, 1), substr(piece, at % 100 + 2, 1) FROM walk
)
SELECT group_concat(
  CASE WHEN (before GLOB '{ONE}') <> (this GLOB '{ONE}') THEN ' ' ELSE '' END || this
  || CASE WHEN this GLOB '{ONE}' THEN ' ' || this ELSE '' END, '') FROM letter)"""  # noqa: S608
WORDS = f"CASE WHEN ({SAID}) GLOB '*{ONE}*' THEN {PAIRS} ELSE {SAID} END"
PUT = f"INSERT INTO feedback_words (rowid, words) SELECT r.id, {WORDS} {WHOSE}"  # noqa: S608


def put(condition: str) -> tuple[str, ...]:
    old = f"DELETE FROM feedback_words WHERE rowid IN (SELECT r.id {WHOSE} WHERE {condition})"  # noqa: S608
    return old, f"{PUT} WHERE {condition}"


RULES = rules(put, "DELETE FROM feedback_words WHERE rowid = old.id")


def create(cursor: Any) -> None:
    drop(cursor)
    cursor.execute(
        'CREATE VIRTUAL TABLE feedback_words USING fts5(words, tokenize="unicode61 '
        'remove_diacritics 2")'
    )
    for statement in (STAMP, THUMB, PUT):
        cursor.execute(statement)
    triggers.create(cursor, RULES)


def drop(cursor: Any) -> None:
    drop_triggers(cursor)
    cursor.execute("DROP TABLE IF EXISTS feedback_words")


def drop_triggers(cursor: Any) -> None:
    triggers.drop(cursor, [rule.name for rule in RULES])


def is_there(cursor: Any) -> bool:
    """Whether the tables are as far as the copies need them."""
    cursor.execute("SELECT name FROM pragma_table_info('feedback_review')")
    return "thumb" in {name for (name,) in cursor.fetchall()}


def is_whole(cursor: Any) -> bool:
    return not triggers.missing_in_sqlite(cursor, [rule.name for rule in RULES])
