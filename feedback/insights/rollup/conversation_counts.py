"""What conversations have that counts, and what of it is in the tallies already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count as Counted
from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from feedback.insights import queries
from feedback.models import CountedConversation, DailyCount

# Day, version, guest, reason; and what there is of it: shown, rated, up
Kind = tuple[date, int | None, bool, int | None]
Cells = dict[Kind, tuple[int, int, int]]


def recount(talks: Collection[UUID]) -> None:
    """Remember what these have now, and add what that differs to the tallies."""
    now, before = counted(talks), remembered(talks)
    changed = [talk for talk in talks if now.get(talk, {}) != before.get(talk, {})]
    CountedConversation.objects.filter(pk__in=changed).delete()
    CountedConversation.objects.bulk_create(
        CountedConversation(
            talk, [[str(day), *rest, *cell] for (day, *rest), cell in now[talk].items()]
        )
        for talk in changed
        if talk in now
    )
    differences: dict[Kind, list[int]] = defaultdict(lambda: [0, 0, 0])
    for sign, cells in ((1, now), (-1, before)):
        for talk in changed:
            add(differences, cells.get(talk, {}), sign)
    put({kind: cell for kind, cell in differences.items() if any(cell)})


def add(sums: dict[Kind, list[int]], cells: Mapping[Kind, Collection[int]], sign: int = 1) -> None:
    for kind, cell in cells.items():
        sums[kind] = [a + sign * b for a, b in zip(sums[kind], cell, strict=True)]


def counted(talks: Collection[UUID]) -> dict[UUID, Cells]:
    """By the same queries as the numbers themselves."""
    answers = queries.shown().filter(conversation__in=talks)
    found: dict[UUID, Cells] = defaultdict(dict)
    rows = by_kind(answers).annotate(
        shown=Counted("*"), rated=Counted("ratings__value"), up=queries.UP
    )
    for talk, *kind, shown, rated, up in rows:
        found[talk][*kind, None] = (shown, rated, up)
    named = by_kind(queries.named(answers), "rating__message__", "reason")
    for talk, *kind, times in named.annotate(times=Counted("pk")):
        found[talk][*kind,] = (0, times, 0)
    return dict(found)


def by_kind(rows: QuerySet[Any], answer: str = "", *more: str) -> Any:
    day = TruncDate(f"{answer}created_at", tzinfo=timezone.get_default_timezone())
    person = f"{answer}conversation__user__is_guest"
    names = (f"{answer}conversation", "day", f"{answer}prompt_version", person, *more)
    return rows.annotate(day=day).values_list(*names)


def remembered(talks: Collection[UUID]) -> dict[UUID, Cells]:
    rows = CountedConversation.objects.filter(pk__in=talks).values_list("pk", "cells")
    return {talk: dict(map(cell_of, cells)) for talk, cells in rows}


def cell_of(kept: list[Any]) -> tuple[Kind, tuple[int, int, int]]:
    day, version, guest, reason, *cell = kept
    return (date.fromisoformat(day), version, guest, reason), (cell[0], cell[1], cell[2])


def put(differences: Mapping[Kind, Collection[int]]) -> None:
    """In place, row by row; one that comes to nothing stays, with nothing in it."""
    keys = {kind: "/".join(map(str, kind)) for kind in differences}
    there = DailyCount.objects.in_bulk(list(keys.values()))
    rows = [there.get(key) or empty(key, *kind) for kind, key in keys.items()]
    for row, (shown, rated, up) in zip(rows, differences.values(), strict=True):
        row.shown, row.rated, row.up = row.shown + shown, row.rated + rated, row.up + up
    numbers_of = ["shown", "rated", "up"]
    DailyCount.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["kind"], update_fields=numbers_of
    )


def empty(key: str, day: date, version: int | None, guest: bool, reason: int | None) -> DailyCount:
    return DailyCount(
        kind=key,
        day=day,
        week=day - timedelta(days=day.weekday()),
        version_id=version,
        by_guest=guest,
        reason_id=reason,
        shown=0,
        rated=0,
        up=0,
    )
