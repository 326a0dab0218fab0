"""How PostgreSQL plans a query of which only the first rows are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

FIRST_ROWS = """SET LOCAL random_page_cost = 1.1; SET LOCAL enable_mergejoin = off;
SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0"""


@contextmanager
def for_the_first_rows() -> Iterator[None]:
    """Prefer a filter's own index, in a transaction of its own.

    The planner takes what a filter finds for spread evenly over the years, and so walks all ratings
    from the newest, or merges whole indexes. Compiling such a query, or starting workers for it,
    takes longer than the query; and workers take the CPU of whoever asks next.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(FIRST_ROWS)
        yield
