"""The newest ratings that several filters leave, found by walking the filters' indexes side by side.

PostgreSQL believes that filters know nothing of each other and that what they find is spread
evenly over the years. Of a prompt version that is a week old and a status that nothing so new has
yet, it looks at all ratings one by one. Each filter has an index that gives its ids in order, so
they can be merged instead: that reads at most every id of each once, and no row of any table. Where
one filter leaves few, these are looked up in the indexes of the others.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from feedback.database import in_array
from feedback.models import Rating

# Ids of which looking up each one costs less than merging what may be a million.
FEW = 30_000
# Matches of words from which on it is faster to look at other ids whether they match.
MANY = 25_000
# So many ids at once: at least, and at most.
AT_ONCE = 100, 5_000
INDEXES = """SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL jit = off;
SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL work_mem = '64MB'"""
MERGE, LOOK_UP = "SET LOCAL enable_nestloop = off", "SET LOCAL enable_mergejoin = off"


@dataclass(frozen=True)
class Part:
    """What one filter leaves: `rows` of any table, whose `field` is the rating's id; or, where
    they are `left_out`, all others. They have to be sorted where no index has them `in_order`."""

    rows: QuerySet[Any]
    field: str = "pk"
    left_out: bool = False
    in_order: bool = True
    # Whether that is known without counting them.
    few: bool = False
    # Instead of `rows`, where no model knows them.
    ids: RawSQL | None = None

    def beyond(self, pk: int, newer: bool) -> Part:
        if self.ids:
            text = (
                f"SELECT id FROM ({self.ids.sql}) AS all_of(id) WHERE id {'>' if newer else '<'} %s"  # noqa: S608
            )
            return replace(self, ids=RawSQL(text, [*self.ids.params, pk]))  # noqa: S611 - no input
        side = {f"{self.field}__{'gt' if newer else 'lt'}": pk}
        return replace(self, rows=self.rows.filter(**side))

    @cached_property
    def size(self) -> int:
        """Counted up to FEW + 1; where that needn't be known, 0 of few and FEW + 1 of most."""
        if self.few:
            return 0
        if self.left_out:
            return FEW + 1
        return self.rows.order_by()[: FEW + 1].count()

    @cached_property
    def ends(self) -> tuple[int, int] | None:
        """The least and the greatest id; None where there is none."""
        text, values = self.sql()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT min(id), max(id) FROM {text} AS part(id)", values)  # noqa: S608
            low, high = cursor.fetchone()
        return None if low is None else (low, high)

    def within(self, low: int, high: int) -> Part:
        if self.left_out:
            return self
        bounds = {f"{self.field}__gte": low, f"{self.field}__lte": high}
        return replace(self, rows=self.rows.filter(**bounds))

    def sql(self, order: str = "") -> tuple[str, tuple[Any, ...]]:
        """A table of one column. OFFSET 0 keeps the planner from walking all ratings in order
        instead, in the hope that what it looks for is among the newest."""
        if self.ids:
            text, values = self.ids.sql, tuple(self.ids.params)
        else:
            rows = self.rows.order_by().values_list(self.field)
            text, values = rows.query.sql_with_params()
        return f"({text}{'' if self.in_order else f'{order} OFFSET 0'})", values


def first(
    parts: Sequence[Part],
    many: int,
    oldest_first: bool = False,
    beyond: int | None = None,
    words: RawSQL | None = None,
) -> list[int]:
    """Ids of the first `many` ratings of which all the parts are true, and which are not hidden;
    of those `beyond` an id, where one is given, and with these `words`, which each is asked for."""
    if all(part.left_out for part in parts):
        parts = [Part(Rating.objects.all()), *parts]
    if beyond is not None:
        parts = [part.beyond(beyond, newer=oldest_first) for part in parts]
    hidden = Part(Rating.objects.filter(is_hidden=True), left_out=True)
    order = "ASC" if oldest_first else "DESC"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INDEXES)
        few = False
        try:
            if len(parts) > 1:
                least = min(parts, key=lambda part: part.size)
                few = least.size <= FEW
                others = [part for part in parts if part is not least]
                parts = [replace(least, in_order=False), *others] if few else bounded(parts)
            text, values = joined([*parts, hidden], f" ORDER BY 1 {order}")
        except EmptyResultSet:
            return []
        cursor.execute(LOOK_UP if few else MERGE)
        text = f"{text} ORDER BY p0.id {order}"
        if words:
            asked = f"EXISTS ({words.sql} AND rating_id = left_over.id OFFSET 0)"
            text = f"SELECT id FROM ({text} OFFSET 0) AS left_over(id) WHERE {asked}"  # noqa: S608
            values += words.params
        cursor.execute(f"{text} LIMIT {int(many)}", values)
        return [pk for (pk,) in cursor.fetchall()]


@dataclass(frozen=True)
class Searched:
    """What a search finds, in no order; `ids` are theirs, where these are had without looking at
    the ratings."""

    matches: QuerySet[Rating]
    ids: RawSQL | None

    @cached_property
    def expected(self) -> int:
        return estimate(self.matches)

    def first(
        self,
        parts: Sequence[Part],
        many: int,
        oldest_first: bool = False,
        beyond: int | None = None,
    ) -> list[int]:
        """As above, of those that are found."""
        if self.expected < MANY:
            found = Part(self.matches, in_order=False, few=True, ids=self.ids)
            return first([found, *parts], many, oldest_first, beyond)
        if self.ids:
            return first(parts, many, oldest_first, beyond, self.ids)
        return self.probed(parts, many, oldest_first, beyond)

    def probed(
        self, parts: Sequence[Part], many: int, oldest_first: bool, beyond: int | None
    ) -> list[int]:
        needed = round(1.2 * many * estimate(Rating.objects.all()) / max(self.expected, 1))
        at_once, found = min(max(needed, AT_ONCE[0]), AT_ONCE[1]), list[int]()
        while len(found) < many:
            some = first(parts, at_once, oldest_first, beyond)
            right = (
                self.matches.filter(pk__in=in_array(some)).order_by().values_list("pk", flat=True)
            )
            matching = set(right)
            found += [pk for pk in some if pk in matching]
            if len(some) < at_once:
                break
            beyond = some[-1]
        return found[:many]


def estimate(rows: QuerySet[Any]) -> int:
    """How many PostgreSQL believes there are; of words it knows the frequent ones."""
    plan = rows.order_by().values("pk").explain(format="json")  # empty, where none can be
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"]) if plan else 0


def bounded(parts: Sequence[Part]) -> list[Part]:
    """Each from where the last of them begins to where the first one ends: parts of other times
    needn't be walked through. Raises EmptyResultSet."""
    low, high = 0, 2**63 - 1
    for part in parts:
        if not part.left_out:
            if part.ends is None:
                raise EmptyResultSet
            low, high = max(low, part.ends[0]), min(high, part.ends[1])
    return [part.within(low, high) for part in parts]


def joined(parts: Sequence[Part], order: str) -> tuple[str, list[Any]]:
    """All parts joined by the id, p0 the first; those that are left out come after the others."""
    tables, others, values = list[str](), list[str](), list[Any]()
    for number, part in enumerate(sorted(parts, key=lambda part: part.left_out)):
        text, more = part.sql(order)
        table, same = f"{text} AS p{number}(id)", f"p{number}.id = p0.id"
        values += more
        if part.left_out:
            others.append(f"NOT EXISTS (SELECT 1 FROM {table} WHERE {same})")  # noqa: S608
        else:
            tables.append(f"JOIN {table} ON {same}" if number else table)
    all_of, none_of = " ".join(tables), " AND ".join(others)
    return f"SELECT p0.id FROM {all_of} WHERE {none_of}", values  # noqa: S608 - no input
