"""Denormalised columns and full text by which the list is filtered, ordered and searched.

A filter that joins ratings to their answers reads a million rows if its matches are old. Database
triggers maintain the columns, so that no writer can miss them: bulk update, import or SQL by hand.
`triggers.py` lists the triggers.
"""

from __future__ import annotations

from typing import Any

from feedback.list_index import postgresql, sqlite


def create(connection: Any) -> None:
    """Create the triggers, and fill columns and full text of all existing ratings."""
    vendor = postgresql if connection.vendor == "postgresql" else sqlite
    with connection.cursor() as cursor:
        vendor.create(cursor)


def drop(connection: Any) -> None:
    vendor = postgresql if connection.vendor == "postgresql" else sqlite
    with connection.cursor() as cursor:
        vendor.drop(cursor)


def disable_triggers(connection: Any) -> None:
    """Drop the triggers before migrations, on SQLite.
    It can't replace a table, in order to alter it, that a trigger of another table names."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            sqlite.drop_triggers(cursor)


def repair_triggers(connection: Any) -> None:
    """Create missing triggers after migrations, on SQLite, and fill the columns again."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            if sqlite.tables_exist(cursor) and not sqlite.triggers_exist(cursor):
                sqlite.create(cursor)
