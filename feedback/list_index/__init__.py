"""What the list is filtered, ordered and searched by, copied to where an index can hold it all.

A filter that joins the ratings to their answers walks a million rows where what it looks for is
long ago. The copies are kept by triggers of the database, so that no writer can forget them, be
it a bulk update, an import or a hand in the database. `rules.py` says which, `stamp` what.
"""

from __future__ import annotations

from typing import Any

from feedback.list_index import postgresql, sqlite


def create(connection: Any) -> None:
    """Keep the copies from here on, and make those of all there is."""
    vendor = postgresql if connection.vendor == "postgresql" else sqlite
    with connection.cursor() as cursor:
        vendor.create(cursor)


def drop(connection: Any) -> None:
    vendor = postgresql if connection.vendor == "postgresql" else sqlite
    with connection.cursor() as cursor:
        vendor.drop(cursor)


def disable_triggers(connection: Any) -> None:
    """Before migrations: SQLite changes a table by replacing it, and refuses that to a table that
    a trigger of another one names."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            sqlite.drop_triggers(cursor)


def repair_triggers(connection: Any) -> None:
    """After migrations: what `loosen` took away, and what was missed meanwhile."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            if sqlite.is_there(cursor) and not sqlite.is_whole(cursor):
                sqlite.create(cursor)
