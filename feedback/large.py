"""Queries that read very much at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def large_query() -> Iterator[None]:
    """PostgreSQL expects of a query that its default memory will do, and of a cursor that only the
    first rows are fetched. Here both would be wrong."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL cursor_tuple_fraction = 1")
        yield
