"""How PostgreSQL is to look for the first rows of many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def for_the_first_rows() -> Iterator[None]:
    """It believes that what a filter finds is spread evenly over the years, and so walks all
    ratings from the newest, where what is looked for may be long ago. Without merging it goes
    through the filter's own index. Compiling a query takes longer than such a one takes."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_mergejoin = off; SET LOCAL jit = off")
        yield
