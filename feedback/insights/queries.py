"""Numbers of answers shown, rated and rated up, counted by the database.

An answer counts in the week in which it was created, so that the rated answers are part of the
shown ones. Deleted and temporary conversations, withdrawn ratings and implicit feedback don't
count, and answers from the sandbox only while the site runs on it, or where they are asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import Count as Counted
from django.db.models import DateField, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from feedback.chat.models import Conversation, Message, Origin
from feedback.insights.intervals import Count, Share
from feedback.models import Rating, Reason

Answers = QuerySet[Message]
K = TypeVar("K", bound=Hashable)
M = TypeVar("M", bound=Model)
UP = Counted("ratings__value", filter=Q(ratings__value=1))


@dataclass(frozen=True)
class Cell:
    """Counts of one prompt version, which has one model, in one week, given by its Monday."""

    week: date
    version: int | None
    count: Count


def shown() -> Answers:
    """Every answer that could have been rated (index `messages_shown`)."""
    gone = Conversation.objects.filter(
        Q(is_temporary=True) | Q(deleted_at__isnull=False), pk=OuterRef("conversation")
    )
    return Message.objects.filter(
        ~Exists(gone), ~Q(text=""), role=Message.Role.ASSISTANT, status__in=Message.RATEABLE
    ).order_by()


def of_origins(answers: Answers, origins: Collection[str]) -> Answers:
    """Answers of these origins. The few that aren't real have an index of their own, so that the
    real ones are counted without reading them."""
    if Origin.REAL not in origins:
        return answers.filter(origin__in=origins)
    others = [each for each in Origin if each not in origins]
    return answers.exclude(pk__in=Message.objects.filter(origin__in=others).values("pk").order_by())


def between(rows: QuerySet[M], since: date | None, until: date | None) -> QuerySet[M]:
    """Rows created between two days, both included, in the site's time zone."""
    if since:
        rows = rows.filter(created_at__gte=start_of_day(since))
    if until:
        rows = rows.filter(created_at__lt=start_of_day(until + timedelta(days=1)))
    return rows


def start_of_day(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def cells(answers: Answers) -> list[Cell]:
    """Counts by week and prompt version, by one query."""
    week = TruncWeek("created_at", output_field=DateField())
    rows = (
        answers.annotate(week=week)
        .values_list("week", "prompt_version")
        .annotate(shown=Counted("*"), rated=Counted("ratings__value"), up=UP)
    )
    return [Cell(week, version, Count(*numbers)) for week, version, *numbers in rows]


def total(cells: Iterable[Cell]) -> Count:
    return sum((cell.count for cell in cells), Count())


def by(cells: Iterable[Cell], key: Callable[[Cell], K]) -> dict[K, Count]:
    counts: dict[K, Count] = defaultdict(Count)
    for cell in cells:
        counts[key(cell)] += cell.count
    return dict(counts)


def chosen_reasons(answers: Answers) -> QuerySet[Any]:
    """The reasons chosen for ratings of these answers, a row each."""
    return Rating.reasons.through.objects.filter(
        rating__value__isnull=False, rating__message__in=answers.values("pk")
    ).order_by()


def reason_counts(answers: Answers) -> dict[int, int]:
    return dict(chosen_reasons(answers).values_list("reason").annotate(Counted("pk")))


def shares(times: Mapping[int, int], all: Count) -> Mapping[Reason, Share]:
    """Share of each reason among the thumbs of its side; reasons never chosen are omitted."""
    wholes = {1: all.up, -1: all.down}
    return {
        reason: Share(times[reason.pk], max(wholes[reason.value], times[reason.pk]))
        for reason in Reason.objects.order_by("value", "position", "label")
        if reason.pk in times
    }
