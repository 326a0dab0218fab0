"""Where marks are stored in a site: tables, hidden tables of search indexes, files, logs."""

import base64
import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg

from chatapp.models import User
from tests.site_process import Site

MARK = re.compile("[a-z]+zqx")
Places = dict[tuple[str, str | None], set[str]]


def marks_in(value: Any) -> set[str]:
    if isinstance(value, bytes | memoryview):
        value = bytes(value).decode("latin-1")
    return set(MARK.findall(str(value).lower()))


def session_text(value: str) -> str:
    """What Django packed and signed."""
    packed = value.partition(":")[0]
    data = base64.urlsafe_b64decode(packed.lstrip(".") + "==")
    return (zlib.decompress(data) if packed.startswith(".") else data).decode()


def marks_of(site: Site) -> Places:
    """The marks in each column of each table."""
    found: Places = {}
    for table, name, value in values(site):
        if marks := marks_in(value):
            found.setdefault((table, name), set()).update(marks)
    return found


def values(site: Site) -> Iterator[tuple[str, str, Any]]:
    """Table, column and value of all there is, by SELECT: hidden tables of search indexes too."""
    for table, names, rows in tables(site):
        for row in rows:
            for name, value in zip(names, row, strict=True):
                yield table, name, session_text(value) if name == "session_data" else value


def tables(site: Site) -> Any:
    if url := site.environment.get("DATABASE_URL", ""):
        with psycopg.connect(url) as database:
            query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            for (table,) in database.execute(query).fetchall():
                cursor = database.execute(f'SELECT * FROM "{table}"'.encode())
                yield table, [column.name for column in cursor.description or ()], cursor.fetchall()
        return
    with closing(sqlite3.connect(site.var / "rapport.sqlite3", timeout=20)) as database:
        listed = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        for table, sql in listed.fetchall():
            found = database.execute(f'SELECT * FROM "{table}"')
            yield table, [column[0] for column in found.description], found.fetchall()
            if "USING fts5" in sql:
                words = f"CREATE VIRTUAL TABLE temp.v USING fts5vocab('main', '{table}', 'row')"
                database.execute(words)
                terms = database.execute("SELECT term FROM temp.v").fetchall()
                yield table, ["words"], terms
                database.execute("DROP TABLE temp.v")


def marks_in_files(site: Site) -> dict[str, set[str]]:
    """The marks in the bytes of each file of the site: database, images, logs."""
    files = [path for path in site.var.rglob("*") if path.is_file() and "static" not in path.parts]
    marks = {path.name: marks_in(path.read_bytes()) for path in (*files, site.log_file)}
    return {name: found for name, found in marks.items() if found}


def number_of_guest(site: Site, pk: int) -> str:
    """By which staff know a guest."""
    names, rows = table_of(site, User._meta.db_table)
    (uid,) = (row[names.index("uid")] for row in rows if row[names.index("id")] == pk)
    return str(uid).replace("-", "")[:8]


def let_time_pass(site: Site) -> None:
    long_ago = "2020-01-01 00:00:00+00:00"
    changes = {
        User._meta.db_table: "date_joined",
        "chatapp_conversation": "updated_at",
        "feedback_rating": "updated_at",
    }
    statements = [f"UPDATE {table} SET {name} = '{long_ago}'" for table, name in changes.items()]
    if url := site.environment.get("DATABASE_URL", ""):
        with psycopg.connect(url) as postgresql:
            for statement in statements:
                postgresql.execute(statement.encode())
        return
    with closing(sqlite3.connect(site.var / "rapport.sqlite3", timeout=20)) as database, database:
        for statement in statements:
            database.execute(statement)


def table_of(site: Site, wanted: str) -> tuple[list[str], list[Any]]:
    found = {table: (names, rows) for table, names, rows in tables(site) if names != ["words"]}
    return found[wanted]


def ids(site: Site) -> tuple[int, int]:
    """Of the only person who is no staff, and of the only rating."""
    names, rows = table_of(site, User._meta.db_table)
    (person,) = (row[names.index("id")] for row in rows if not row[names.index("is_staff")])
    names, rows = table_of(site, "feedback_rating")
    return person, rows[0][names.index("id")]


def kept_filters(site: Site) -> list[str]:
    names, rows = table_of(site, "feedback_savedfilter")
    return [row[names.index("name")] for row in rows]
