"""Triggers and full-text table for PostgreSQL: words as a tsvector with a GIN index."""

from __future__ import annotations

from typing import Any

from feedback import triggers
from feedback.chat.search import UNSPACED
from feedback.chat.search import VECTOR as WORDS_VECTOR
from feedback.list_index.triggers import (
    MAX_UNSPACED,
    ORIGIN_TRIGGERS,
    RATINGS,
    TEXT,
    UPDATE_RATING,
    UPDATE_THUMB,
    build_triggers,
)

ONE = UNSPACED.pattern
IS_UNSPACED = f"({TEXT}) ~ '{ONE}'"
# A pair is three characters and ten bytes: a tsvector has room for 100,000 different ones.
SEPARATED = rf"regexp_replace(left({TEXT}, {MAX_UNSPACED}), '({ONE}+)', ' \1 ', 'g')"
PAIRS = rf"regexp_replace({SEPARATED}, '({ONE})', '\1 \1', 'g')"
VECTOR = WORDS_VECTOR.format(column=f"CASE WHEN {IS_UNSPACED} THEN {PAIRS} ELSE {TEXT} END")
INSERT_WORDS = f"INSERT INTO feedback_words (rating_id, words) SELECT r.id, {VECTOR} {RATINGS}"  # noqa: S608
# Serialises a new rating with the deletion of its conversation.
LOCK_CONVERSATION = """PERFORM 1 FROM chatapp_conversation c WHERE c.id =
(SELECT a.conversation_id FROM chatapp_message a WHERE a.id = new.message_id) FOR SHARE"""


def write_words(condition: str) -> tuple[str, ...]:
    upsert = "ON CONFLICT (rating_id) DO UPDATE SET words = excluded.words"
    return (f"{INSERT_WORDS} WHERE {condition} {upsert}",)


TRIGGERS = build_triggers(
    write_words, "DELETE FROM feedback_words WHERE rating_id = old.id", (LOCK_CONVERSATION,)
)


# A search reads every matching row for its id. With the words inline, each row would be a page of
# its own, so they are stored out of line: `pad`, which compresses well, makes a row long enough for
# PostgreSQL to do so.
TABLE = """CREATE TABLE feedback_words (rating_id bigint PRIMARY KEY, words tsvector,
pad text NOT NULL DEFAULT repeat(' ', 2048)) WITH (toast_tuple_target = 128);
ALTER TABLE feedback_words ALTER words SET STORAGE EXTERNAL, ALTER pad SET STORAGE MAIN"""
INDEX = "CREATE INDEX feedback_words_gin ON feedback_words USING gin (words)"
# Row triggers don't run on TRUNCATE.
ON_TRUNCATE = """CREATE OR REPLACE FUNCTION feedback_copy_emptied() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN DELETE FROM feedback_words; RETURN NULL; END $$;
CREATE OR REPLACE TRIGGER feedback_copy_emptied AFTER TRUNCATE ON feedback_rating
FOR EACH STATEMENT EXECUTE FUNCTION feedback_copy_emptied()"""


def create(cursor: Any) -> None:
    drop(cursor)
    cursor.execute(TABLE)
    triggers.create(cursor, TRIGGERS)
    for statement in (UPDATE_RATING, UPDATE_THUMB, INSERT_WORDS, ON_TRUNCATE, INDEX):
        cursor.execute(statement)


def drop(cursor: Any) -> None:
    names = [trigger.name for trigger in (*TRIGGERS, *ORIGIN_TRIGGERS)]
    triggers.drop(cursor, ["feedback_copy_emptied", *names])
    cursor.execute("DROP TABLE IF EXISTS feedback_words")
