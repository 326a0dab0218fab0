"""SQLite: FTS5, kept in step by triggers.

`<table>_words` is an index without a copy of the text. Its rows are numbered by
`<table>_numbers`, since SQLite may renumber those of a table whose key is no integer. A row is in
the index exactly while its text has ended: the triggers take out what they put in.
"""

from typing import Any

from django.db.models.expressions import RawSQL

INDEXED = {"chatapp_message": "text", "chatapp_conversation": "title"}


def ended(table: str, row: str) -> str:
    # An answer is rewritten every second while it grows, and indexed once, when it has ended.
    return f"{row}.status NOT IN ('queued', 'streaming')" if table == "chatapp_message" else "1"


def rows(table: str, column: str, words: list[str], wanted: str) -> RawSQL:
    """`wanted` of what matches, as a subquery."""
    query = " AND ".join(f'"{word}"*' for word in words)
    sql = (
        f"SELECT {wanted} FROM {table} WHERE id IN "  # noqa: S608
        f"(SELECT row_id FROM {table}_numbers WHERE number IN "
        f"(SELECT rowid FROM {table}_words WHERE {table}_words MATCH %s))"
    )
    return RawSQL(sql, [query])  # noqa: S611 - words only, and as a parameter


def put_in(table: str, column: str) -> str:
    words, numbers = f"{table}_words", f"{table}_numbers"
    return (
        f"INSERT OR IGNORE INTO {numbers}(row_id) SELECT new.id WHERE {ended(table, 'new')}; "  # noqa: S608
        f"INSERT INTO {words}(rowid, {column}) SELECT number, new.{column} FROM {numbers} "
        f"WHERE row_id = new.id AND {ended(table, 'new')};"
    )


def take_out(table: str, column: str) -> str:
    words, numbers = f"{table}_words", f"{table}_numbers"
    return (
        f"INSERT INTO {words}({words}, rowid, {column}) SELECT 'delete', number, old.{column} "  # noqa: S608
        f"FROM {numbers} WHERE row_id = old.id AND {ended(table, 'old')};"
    )


def triggers(table: str, column: str) -> dict[str, str]:
    put, take = put_in(table, column), take_out(table, column)
    columns = f"{column}, status" if table == "chatapp_message" else column
    forget = f"DELETE FROM {table}_numbers WHERE row_id = old.id;"  # noqa: S608
    return {
        f"{table}_words_insert": f"AFTER INSERT ON {table} BEGIN {put} END",
        f"{table}_words_update": f"AFTER UPDATE OF {columns} ON {table} BEGIN {take} {put} END",
        f"{table}_words_delete": f"AFTER DELETE ON {table} BEGIN {take} {forget} END",
    }


def create(cursor: Any, table: str, column: str) -> None:
    """The index with all there is, and the triggers. What was there before is replaced."""
    drop(cursor, table, column)
    cursor.execute(
        f"CREATE VIRTUAL TABLE {table}_words USING fts5({column}, content='', "
        'tokenize="unicode61 remove_diacritics 2")'
    )
    cursor.execute(
        f"CREATE TABLE {table}_numbers (number INTEGER PRIMARY KEY, row_id char(32) UNIQUE)"
    )
    for statement in put_in_all(table, column):
        cursor.execute(statement)
    for name, body in triggers(table, column).items():
        cursor.execute(f"CREATE TRIGGER {name} {body}")


def put_in_all(table: str, column: str) -> list[str]:
    words, numbers = f"{table}_words", f"{table}_numbers"
    return [
        f"INSERT INTO {numbers}(row_id) SELECT new.id FROM {table} new WHERE {ended(table, 'new')}",  # noqa: S608
        f"INSERT INTO {words}(rowid, {column}) SELECT number, new.{column} "  # noqa: S608
        f"FROM {numbers} JOIN {table} new ON new.id = row_id",
    ]


def drop(cursor: Any, table: str, column: str) -> None:
    for name in triggers(table, column):
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
    for suffix in ("words", "numbers"):
        cursor.execute(f"DROP TABLE IF EXISTS {table}_{suffix}")


def mend(cursor: Any) -> None:
    """Make anew what a migration has lost: SQLite changes a table by replacing it, and the
    triggers of the old one go with it."""
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    there = {name for (name,) in cursor.fetchall()}
    for table, column in INDEXED.items():
        if not triggers(table, column).keys() <= there:
            create(cursor, table, column)
