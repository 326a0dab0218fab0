"""Settings and parameters for queries over very many rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models.expressions import RawSQL


@contextmanager
def large_query() -> Iterator[None]:
    """Transaction with settings for a query that reads very many rows, on PostgreSQL.
    More memory, and a plan for fetching all rows of a cursor instead of the first ones."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL cursor_tuple_fraction = 1")
        yield


def in_array(ids: Collection[Any], of: Literal["bigint", "uuid"] = "bigint") -> Any:
    """Value for `__in`: on PostgreSQL a single array parameter.
    Hundreds of parameters take longer to format and plan than the query takes to run."""
    if connection.vendor != "postgresql":
        return ids
    return RawSQL(f"SELECT unnest(%s::{of}[])", [list(ids)])  # noqa: S608, S611 - two types
