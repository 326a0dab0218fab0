"""Recount of conversations: current counts against those already in the daily counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django.db.models import Count as Counted
from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from feedback.chat.models import Origin
from feedback.insights import queries
from feedback.models import CountedConversation, DailyCount

# Day, version, guest, reason, origin; and its counts: shown, rated, up
Kind = tuple[date, int | None, bool, int | None, str]
Cells = dict[Kind, tuple[int, int, int]]


def recount(conversations: Collection[UUID]) -> None:
    """Store these conversations' current counts and add the differences to the daily counts."""
    now, before = current_counts(conversations), stored_counts(conversations)
    changed = [pk for pk in conversations if now.get(pk, {}) != before.get(pk, {})]
    CountedConversation.objects.filter(pk__in=changed).delete()
    CountedConversation.objects.bulk_create(
        CountedConversation(pk, [row_of(kind, cell) for kind, cell in now[pk].items()])
        for pk in changed
        if pk in now
    )
    differences: dict[Kind, list[int]] = defaultdict(lambda: [0, 0, 0])
    for sign, cells in ((1, now), (-1, before)):
        for pk in changed:
            add(differences, cells.get(pk, {}), sign)
    add_to_daily_counts({kind: cell for kind, cell in differences.items() if any(cell)})


def add(sums: dict[Kind, list[int]], cells: Mapping[Kind, Collection[int]], sign: int = 1) -> None:
    for kind, cell in cells.items():
        sums[kind] = [a + sign * b for a, b in zip(sums[kind], cell, strict=True)]


def current_counts(conversations: Collection[UUID]) -> dict[UUID, Cells]:
    """Counts of conversations by the queries of `feedback.insights.queries`."""
    answers = queries.shown().filter(conversation__in=conversations)
    found: dict[UUID, Cells] = defaultdict(dict)
    rows = by_kind(answers).annotate(
        shown=Counted("*"), rated=Counted("ratings__value"), up=queries.UP
    )
    for pk, origin, *kind, shown, rated, up in rows:
        found[pk][*kind, None, origin] = (shown, rated, up)
    named = by_kind(queries.chosen_reasons(answers), "rating__message__", "reason")
    for pk, origin, *kind, times in named.annotate(times=Counted("pk")):
        found[pk][*kind, origin] = (0, times, 0)
    return dict(found)


def by_kind(rows: QuerySet[Any], answer: str = "", *more: str) -> Any:
    day = TruncDate(f"{answer}created_at", tzinfo=timezone.get_default_timezone())
    guest = f"{answer}conversation__user__is_guest"
    names = [f"{answer}{name}" for name in ("conversation", "origin")]
    names += ["day", f"{answer}prompt_version", guest, *more]
    return rows.annotate(day=day).values_list(*names)


def stored_counts(conversations: Collection[UUID]) -> dict[UUID, Cells]:
    rows = CountedConversation.objects.filter(pk__in=conversations).values_list("pk", "cells")
    return {pk: dict(map(cell_of, cells)) for pk, cells in rows}


def row_of(kind: Kind, cell: Collection[int]) -> list[Any]:
    """A cell as it is stored. Without the origin where that is real: as the release before does."""
    day, *rest, origin = kind
    return [str(day), *rest, *cell, *([] if origin == Origin.REAL else [origin])]


def cell_of(row: list[Any]) -> tuple[Kind, tuple[int, int, int]]:
    day, version, guest, reason, shown, rated, up, *origin = row
    kind = (date.fromisoformat(day), version, guest, reason, *(origin or [str(Origin.REAL)]))
    return cast(Kind, kind), (shown, rated, up)


def add_to_daily_counts(differences: Mapping[Kind, Collection[int]]) -> None:
    """Add differences to the daily counts by an upsert; rows that become zero stay."""
    keys = {kind: key_of(kind) for kind in differences}
    existing = DailyCount.objects.in_bulk(list(keys.values()))
    rows = [existing.get(key) or zero_count(key, *kind) for kind, key in keys.items()]
    for row, (shown, rated, up) in zip(rows, differences.values(), strict=True):
        row.shown, row.rated, row.up = row.shown + shown, row.rated + rated, row.up + up
    numbers_of = ["shown", "rated", "up"]
    DailyCount.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["kind"], update_fields=numbers_of
    )


def key_of(kind: Kind) -> str:
    """Primary key of a daily count; as in the release before, a real one's lacks the origin."""
    *rest, origin = kind
    return "/".join(map(str, rest if origin == Origin.REAL else kind))


def zero_count(
    key: str, day: date, version: int | None, guest: bool, reason: int | None, origin: str
) -> DailyCount:
    return DailyCount(
        kind=key,
        day=day,
        week=day - timedelta(days=day.weekday()),
        version_id=version,
        by_guest=guest,
        reason_id=reason,
        origin=origin,
        shown=0,
        rated=0,
        up=0,
    )
