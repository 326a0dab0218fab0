"""Queries that read very much at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models.expressions import RawSQL


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


def in_array(ids: Collection[Any], of: Literal["bigint", "uuid"] = "bigint") -> Any:
    """For `__in`: on PostgreSQL one parameter, an array. Hundreds of them take longer to write into
    a query, and to plan, than it takes to answer it."""
    if connection.vendor != "postgresql":
        return ids
    return RawSQL(f"SELECT unnest(%s::{of}[])", [list(ids)])  # noqa: S608, S611 - two types
