"""What a site's database holds, read past the site."""

import re
import sqlite3
from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from tests.site_process import Site

Row = dict[str, Any]
HEX = re.compile("[0-9a-f]{32}")  # how SQLite keeps a UUID


def rows(site: Site, query: str, *parameters: Any) -> list[Row]:
    """`query` with `%s` for each parameter. UUIDs come back as strings with dashes."""
    if url := site.environment.get("DATABASE_URL", ""):
        with psycopg.connect(url, row_factory=dict_row) as connection:
            found = connection.execute(query.encode(), parameters).fetchall()
        return [{name: _plain(value) for name, value in row.items()} for row in found]
    path = site.var / "rapport.sqlite3"
    with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as database:
        database.row_factory = sqlite3.Row
        values = [str(value).replace("-", "") for value in parameters]
        found = database.execute(query.replace("%s", "?"), values).fetchall()
    return [{name: _plain(row[name]) for name in row.keys()} for row in found]  # noqa: SIM118


def answer(site: Site, pk: str) -> Row:
    (found,) = rows(site, "SELECT * FROM chatapp_message WHERE id = %s", pk)
    return found


def answers(site: Site) -> list[Row]:
    return rows(site, "SELECT * FROM chatapp_message WHERE role = 'assistant'")


def questions(site: Site) -> list[Row]:
    return rows(site, "SELECT * FROM chatapp_message WHERE role = 'user'")


def _plain(value: Any) -> Any:
    if isinstance(value, str) and HEX.fullmatch(value):
        return str(UUID(value))
    return str(value) if isinstance(value, UUID) else value
