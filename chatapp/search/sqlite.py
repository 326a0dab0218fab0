"""SQLite search: FTS5 indexes, updated by triggers.

`<table>_words` is an index without a copy of the text. Its row ids come from `<table>_numbers`,
since SQLite may renumber the rows of a table whose key is no integer. A running answer is not
indexed; the triggers delete exactly what they inserted.
"""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.expressions import RawSQL

INDEXED = {"chatapp_message": "text", "chatapp_conversation": "title"}


def ended(table: str, row: str) -> str:
    # A running answer is saved every second, and indexed once, when it has ended.
    return f"{row}.status NOT IN ('queued', 'streaming')" if table == "chatapp_message" else "1"


def rows(table: str, column: str, words: list[str], select: str) -> RawSQL:
    """A subquery of column `select` of the matching rows."""
    query = " AND ".join(f'"{word}"*' for word in words)
    sql = (
        f"SELECT {select} FROM {table} WHERE id IN "  # noqa: S608
        f"(SELECT row_id FROM {table}_numbers WHERE number IN "
        f"(SELECT rowid FROM {table}_words WHERE {table}_words MATCH %s))"
    )
    return RawSQL(sql, [query])  # noqa: S611 - words only, and as a parameter


def insert_sql(table: str, column: str) -> str:
    words, numbers = f"{table}_words", f"{table}_numbers"
    return (
        f"INSERT OR IGNORE INTO {numbers}(row_id) SELECT new.id WHERE {ended(table, 'new')}; "  # noqa: S608
        f"INSERT INTO {words}(rowid, {column}) SELECT number, new.{column} FROM {numbers} "
        f"WHERE row_id = new.id AND {ended(table, 'new')};"
    )


def delete_sql(table: str, column: str) -> str:
    words, numbers = f"{table}_words", f"{table}_numbers"
    return (
        f"INSERT INTO {words}({words}, rowid, {column}) SELECT 'delete', number, old.{column} "  # noqa: S608
        f"FROM {numbers} WHERE row_id = old.id AND {ended(table, 'old')};"
    )


def triggers(table: str, column: str) -> dict[str, str]:
    insert, delete = insert_sql(table, column), delete_sql(table, column)
    columns = f"{column}, status" if table == "chatapp_message" else column
    delete_number = f"DELETE FROM {table}_numbers WHERE row_id = old.id;"  # noqa: S608
    return {
        f"{table}_words_insert": f"AFTER INSERT ON {table} BEGIN {insert} END",
        f"{table}_words_update": f"AFTER UPDATE OF {columns} ON {table} BEGIN {delete} {insert} END",
        f"{table}_words_delete": f"AFTER DELETE ON {table} BEGIN {delete} {delete_number} END",
    }


def create(cursor: Any, table: str, column: str) -> None:
    """Create the index of all existing rows and its triggers, replacing previous ones."""
    drop(cursor, table, column)
    cursor.execute(
        f"CREATE VIRTUAL TABLE {table}_words USING fts5({column}, content='', "
        'tokenize="unicode61 remove_diacritics 2")'
    )
    cursor.execute(
        f"CREATE TABLE {table}_numbers (number INTEGER PRIMARY KEY, row_id char(32) UNIQUE)"
    )
    for statement in fill_sql(table, column):
        cursor.execute(statement)
    for name, body in triggers(table, column).items():
        cursor.execute(f"CREATE TRIGGER {name} {body}")


def fill_sql(table: str, column: str) -> list[str]:
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


def repair(cursor: Any) -> None:
    """Recreate indexes whose triggers a migration has lost: SQLite alters a table by replacing
    it, and drops the triggers of the old one."""
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    existing = {name for (name,) in cursor.fetchall()}
    for table, column in INDEXED.items():
        if not triggers(table, column).keys() <= existing:
            create(cursor, table, column)


def erase_deleted(connection: Any) -> None:
    """Take the words of deleted rows out of the FTS5 tables and the write-ahead log, on commit.

    FTS5 marks words as deleted and keeps them until their part of the index is merged, which
    `optimize` does for all of it. The log is emptied unless somebody is reading from it. What was
    deleted is deleted even where this fails: the failure is logged, and the next deletion repeats it.
    """
    if connection.vendor == "sqlite":
        transaction.on_commit(partial(optimize, connection), using=connection.alias, robust=True)


def optimize(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE '% USING fts5(%'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608
        if not connection.in_atomic_block:  # SQLite refuses a checkpoint to whoever is writing
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
