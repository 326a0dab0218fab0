"""Databases of their own, on SQLite and on PostgreSQL, and the commands that are run on them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from tests.fixtures.services import POSTGRES_URL
from tests.migrations.schema import Connection
from tests.site_process import KEPT, ROOT


@contextmanager
def new_database(vendor: str, folder: Path) -> Iterator[str]:
    """The DATABASE_URL of an empty database, which goes with the block."""
    if vendor == "sqlite":
        yield f"sqlite:///{folder}/{uuid4().hex}.sqlite3"
        return
    name = f"rapport_upgrade_{uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES_URL, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{POSTGRES_URL.rpartition('/')[0]}/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    connection: Any
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    else:
        connection = psycopg.connect(url, autocommit=True)
    try:
        yield connection
    finally:
        connection.close()


def restore(url: str, dump: str) -> None:
    with connected(url) as connection:
        if isinstance(connection, sqlite3.Connection):
            connection.executescript(dump)
        else:
            connection.execute(dump.encode())


def run(
    url: str, *arguments: str, code: Path = ROOT, **settings: str
) -> subprocess.CompletedProcess[str]:
    """`python ARGUMENTS` with this database and nobody's settings."""
    own = {name: os.environ[name] for name in KEPT if name in os.environ}
    own |= {"ENV_FILE": os.devnull, "DATABASE_URL": url, **settings}
    return subprocess.run(
        [sys.executable, *arguments], cwd=code, env=own, capture_output=True, text=True, timeout=600
    )


def migrate(url: str, var_dir: Path) -> subprocess.CompletedProcess[str]:
    return run(url, "manage.py", "migrate", "--verbosity=0", VAR_DIR=str(var_dir))


def rows_of(
    connection: Connection, columns: dict[str, list[str]] | None = None
) -> dict[str, list[str]]:
    """All rows of all tables, each as text, but for the tables that hold indexes of words.
    `columns`: those of older tables, without what was added since."""
    names = columns_of(connection) if columns is None else columns_of(connection) | columns
    return {
        table: sorted(map(str, connection.execute(query_of(table, names[table])).fetchall()))
        for table in names
    }


def query_of(table: str, columns: list[str]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f'SELECT {names} FROM "{table}"'  # noqa: S608


def columns_of(connection: Connection) -> dict[str, list[str]]:
    """The names of the columns of each table."""
    on_sqlite = isinstance(connection, sqlite3.Connection)
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if on_sqlite
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    ).fetchall()
    tables = [name for (name,) in found if "_words" not in name and "sqlite_" not in name]
    found_columns = {}
    for table in tables:
        described = connection.execute(f'SELECT * FROM "{table}" LIMIT 0').description
        found_columns[table] = [column[0] for column in described or ()]
    return found_columns
