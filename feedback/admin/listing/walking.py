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
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Max, Min, QuerySet
from django.db.models.expressions import RawSQL

from feedback.large import among
from feedback.models import Rating

# Ids of which looking up each one costs less than merging what may be a million.
FEW = 5_000
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
    # Where that is known without counting them.
    few: bool | None = None
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

    @property
    def is_few(self) -> bool:
        """Counted only so far, where nobody knows."""
        if self.left_out or self.few is not None:
            return bool(self.few)
        return self.rows.order_by()[: FEW + 1].count() <= FEW

    def within(self, low: int, high: int) -> Part:
        if self.left_out:
            return self
        bounds = {f"{self.field}__gte": low, f"{self.field}__lte": high}
        return replace(self, rows=self.rows.filter(**bounds))

    def sql(self) -> tuple[str, tuple[Any, ...]]:
        """A table of one column. OFFSET 0 keeps the planner from walking all ratings in order
        instead, in the hope that what it looks for is among the newest."""
        if self.ids:
            return f"({self.ids.sql} OFFSET 0)", tuple(self.ids.params)
        text, values = self.rows.order_by().values_list(self.field).query.sql_with_params()
        return f"({text}{'' if self.in_order else ' OFFSET 0'})", values


def first(
    parts: Sequence[Part], many: int, oldest_first: bool = False, beyond: int | None = None
) -> list[int]:
    """Ids of the first `many` ratings of which all the parts are true, and which are not hidden;
    of those `beyond` an id, where one is given."""
    if all(part.left_out for part in parts):
        parts = [Part(Rating.objects.all()), *parts]
    if beyond is not None:
        parts = [part.beyond(beyond, newer=oldest_first) for part in parts]
    hidden = Part(Rating.objects.filter(is_hidden=True), left_out=True)
    order = "ASC" if oldest_first else "DESC"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INDEXES)
        few = next((part for part in parts if part.few or (len(parts) > 1 and part.is_few)), None)
        try:
            if few:
                parts = [replace(few, in_order=False), *(part for part in parts if part is not few)]
            elif len(parts) > 1:
                parts = bounded(parts, cursor)
            text, values = joined([*parts, hidden])
        except EmptyResultSet:
            return []
        cursor.execute(LOOK_UP if few else MERGE)
        cursor.execute(f"{text} ORDER BY p0.id {order} LIMIT {int(many)}", values)
        return [pk for (pk,) in cursor.fetchall()]


def first_matching(
    matches: QuerySet[Rating],
    ids: RawSQL | None,
    parts: Sequence[Part],
    many: int,
    oldest_first: bool = False,
    beyond: int | None = None,
) -> list[int]:
    """The same of those that a search finds, in no order; `ids` are theirs, where these are had
    without looking at the ratings."""
    expected = estimate(matches)
    if expected < MANY:
        if ids is not None:
            share = 1.5 * many / max(expected, 1)
            return first_of_words(ids, share, parts, many, oldest_first, beyond)
        searched = Part(matches, in_order=False, few=True)
        return first([searched, *parts], many, oldest_first, beyond)
    needed = round(1.2 * many * estimate(Rating.objects.all()) / max(expected, 1))
    at_once, found = min(max(needed, AT_ONCE[0]), AT_ONCE[1]), []
    while len(found) < many:
        some = first(parts, at_once, oldest_first, beyond)
        right = set(matches.filter(pk__in=among(some)).order_by().values_list("pk", flat=True))
        found += [pk for pk in some if pk in right]
        if len(some) < at_once:
            break
        beyond = some[-1]
    return found[:many]


def first_of_words(
    ids: RawSQL,
    share: float,
    parts: Sequence[Part],
    many: int,
    oldest_first: bool,
    beyond: int | None,
) -> list[int]:
    """Looks first into that `share` of all ratings which should hold enough, then into the rest:
    each that has the words is a page of the table of words to read."""
    if share >= 1:
        part = Part(Rating.objects.all(), in_order=False, few=True, ids=ids)
        return first([part, *parts], many, oldest_first, beyond)
    ends = Rating.objects.aggregate(low=Min("pk"), high=Max("pk"))
    if ends["low"] is None:
        return []
    start, end = (ends["low"], ends["high"]) if oldest_first else (ends["high"], ends["low"])
    start = start if beyond is None else beyond
    middle = start + round((end - start) * share)
    found = list[int]()
    for near, far in [(start, middle), (middle + (1 if oldest_first else -1), end)]:
        text = f"{ids.sql} AND rating_id BETWEEN %s AND %s"
        some = RawSQL(text, [*ids.params, *sorted((near, far))])  # noqa: S611 - no input
        part = Part(Rating.objects.all(), in_order=False, few=True, ids=some)
        found += first([part, *parts], many - len(found), oldest_first, beyond)
        if len(found) >= many or far == end:
            break
    return found


def estimate(rows: QuerySet[Any]) -> int:
    """How many PostgreSQL believes there are; of words it knows the frequent ones."""
    plan = rows.order_by().values("pk").explain(format="json")  # empty, where none can be
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"]) if plan else 0


def bounded(parts: Sequence[Part], cursor: Any) -> list[Part]:
    """Each from where the last of them begins to where the first one ends: parts of other times
    needn't be walked through. Raises EmptyResultSet."""
    low, high = 0, 2**63 - 1
    for part in parts:
        if not part.left_out:
            text, values = part.sql()
            cursor.execute(f"SELECT min(id), max(id) FROM {text} AS part(id)", values)  # noqa: S608
            first, last = cursor.fetchone()
            if first is None:
                raise EmptyResultSet
            low, high = max(low, first), min(high, last)
    return [part.within(low, high) for part in parts]


def joined(parts: Sequence[Part]) -> tuple[str, list[Any]]:
    """All parts joined by the id, p0 the first; those that are left out come after the others."""
    tables, others, values = list[str](), list[str](), list[Any]()
    for number, part in enumerate(sorted(parts, key=lambda part: part.left_out)):
        text, more = part.sql()
        table, same = f"{text} AS p{number}(id)", f"p{number}.id = p0.id"
        values += more
        if part.left_out:
            others.append(f"NOT EXISTS (SELECT 1 FROM {table} WHERE {same})")  # noqa: S608
        else:
            tables.append(f"JOIN {table} ON {same}" if number else table)
    all_of, none_of = " ".join(tables), " AND ".join(others)
    return f"SELECT p0.id FROM {all_of} WHERE {none_of}", values  # noqa: S608 - no input
