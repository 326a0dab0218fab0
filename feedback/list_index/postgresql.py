"""PostgreSQL: a function and a trigger a rule; the words as a tsvector with its GIN index."""

from __future__ import annotations

from typing import Any

from feedback import triggers
from feedback.chat.search import UNSPACED
from feedback.chat.search import VECTOR as WORDS_VECTOR
from feedback.list_index.triggers import MOST_UNSPACED, SAID, STAMP, THUMB, WHOSE, rules

ONE = UNSPACED.pattern
IS_UNSPACED = f"({SAID}) ~ '{ONE}'"
# A pair is three characters and ten bytes: a tsvector has room for 100,000 different ones.
APART = rf"regexp_replace(left({SAID}, {MOST_UNSPACED}), '({ONE}+)', ' \1 ', 'g')"
PAIRS = rf"regexp_replace({APART}, '({ONE})', '\1 \1', 'g')"
VECTOR = WORDS_VECTOR.format(column=f"CASE WHEN {IS_UNSPACED} THEN {PAIRS} ELSE {SAID} END")
PUT = f"INSERT INTO feedback_words (rating_id, words) SELECT r.id, {VECTOR} {WHOSE}"  # noqa: S608
# A conversation that is being deleted has to wait for the rating, or the rating for it.
HOLD = """PERFORM 1 FROM chatapp_conversation c WHERE c.id =
(SELECT a.conversation_id FROM chatapp_message a WHERE a.id = new.message_id) FOR SHARE"""


def put(condition: str) -> tuple[str, ...]:
    again = "ON CONFLICT (rating_id) DO UPDATE SET words = excluded.words"
    return (f"{PUT} WHERE {condition} {again}",)


RULES = rules(put, "DELETE FROM feedback_words WHERE rating_id = old.id", (HOLD,))


# The index says where a row is, and every row that has a word is looked up for its id. The words
# themselves would make that a page for each, so they are kept apart: `pad`, which takes no room
# worth speaking of, makes a row long enough for PostgreSQL to do so.
TABLE = """CREATE TABLE feedback_words (rating_id bigint PRIMARY KEY, words tsvector,
pad text NOT NULL DEFAULT repeat(' ', 2048)) WITH (toast_tuple_target = 128);
ALTER TABLE feedback_words ALTER words SET STORAGE EXTERNAL, ALTER pad SET STORAGE MAIN"""
INDEX = "CREATE INDEX feedback_words_gin ON feedback_words USING gin (words)"
# Of a TRUNCATE no rule hears.
EMPTIED = """CREATE OR REPLACE FUNCTION feedback_copy_emptied() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN DELETE FROM feedback_words; RETURN NULL; END $$;
CREATE OR REPLACE TRIGGER feedback_copy_emptied AFTER TRUNCATE ON feedback_rating
FOR EACH STATEMENT EXECUTE FUNCTION feedback_copy_emptied()"""


def create(cursor: Any) -> None:
    drop(cursor)
    cursor.execute(TABLE)
    triggers.create(cursor, RULES)
    for statement in (STAMP, THUMB, PUT, EMPTIED, INDEX):
        cursor.execute(statement)


def drop(cursor: Any) -> None:
    triggers.drop(cursor, ["feedback_copy_emptied", *(rule.name for rule in RULES)])
    cursor.execute("DROP TABLE IF EXISTS feedback_words")
