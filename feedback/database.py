"""Planner settings of PostgreSQL for certain queries, and array parameters."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models.expressions import RawSQL

FIRST_ROWS = """SET LOCAL random_page_cost = 1.1; SET LOCAL enable_mergejoin = off;
SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0"""


@contextmanager
def large_query() -> Iterator[None]:
    """Plan for a query of which all of very many rows are read: more memory than PostgreSQL's
    default, and a cursor that is read to the end."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL cursor_tuple_fraction = 1")
        yield


@contextmanager
def first_rows_query() -> Iterator[None]:
    """Plan for a query of which only the first rows are read: prefer a filter's own index.

    PostgreSQL assumes that what a filter finds is spread evenly over the table, and so walks all
    ratings from the newest, or merges whole indexes. Compiling such a query, or starting workers
    for it, takes longer than the query, and workers take the CPU of other requests.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(FIRST_ROWS)
        yield


def in_array(ids: Collection[Any], of: Literal["bigint", "uuid"] = "bigint") -> Any:
    """Return ids for `__in`: on PostgreSQL one array parameter, since hundreds of parameters take
    longer to compile and plan than the query takes."""
    if connection.vendor != "postgresql":
        return ids
    return RawSQL(f"SELECT unnest(%s::{of}[])", [list(ids)])  # noqa: S608, S611 - two types
