"""Logged changes of reviews, and their undo: one log entry per field and review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import models

from feedback.chat.models import User
from feedback.models.labels import Category
from feedback.models.outbox.delivery import Delivery
from feedback.models.reviews.audit_log import ReviewChange
from feedback.models.reviews.mention import Mention
from feedback.models.reviews.status import Status

T = TypeVar("T")
ReviewT = TypeVar("ReviewT", bound=models.Model, covariant=True)
YES = "yes"
# Fields that Helicone is told of.
SENT = (ReviewChange.Field.VERDICT, ReviewChange.Field.CATEGORY)
# Rows per statement, to bound memory.
BATCH = 1_000


def attribute_of(field: str) -> str:
    """The attribute that holds a field's value without another query."""
    return "assignee_id" if field == ReviewChange.Field.ASSIGNEE else field


def as_text(value: Any) -> str:
    """A field's value as stored in the log: a category's slug, an assignee's id."""
    if isinstance(value, Category):
        return value.slug
    if isinstance(value, User):
        return str(value.pk)
    if isinstance(value, bool):
        return YES if value else ""
    return "" if value is None else str(value)


def as_value(field: str, text: str) -> Any:
    """The value that `as_text` made a text of; None for a deleted category or assignee."""
    if field == ReviewChange.Field.CATEGORY:
        return Category.objects.filter(slug=text).first()
    if field == ReviewChange.Field.ASSIGNEE:
        return User.objects.filter(pk=text or 0).first()
    if field == ReviewChange.Field.IS_SHOWN:
        return text == YES
    return text


def chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


class ChangeTracking(models.QuerySet[ReviewT]):
    """Changes by ids, for an unfiltered queryset: a change may exclude a review from a filter."""

    def change(
        self,
        act: UUID,
        by: User | None,
        pks: Sequence[int],
        changes: Mapping[str, Any],
        why: str = "",
    ) -> set[int]:
        """Change one batch and log it, in the caller's transaction. Returns the changed ids."""
        locked = self.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",))
        rows: list[Any] = list(locked.select_related("category"))
        changed_pks = set[int]()
        for field, value in changes.items():
            became = as_text(value)
            changed = [row for row in rows if as_text(getattr(row, attribute_of(field))) != became]
            ReviewChange.objects.bulk_create(
                ReviewChange(
                    review_id=row.pk,
                    act=act,
                    by=by,
                    why=why,
                    field=field,
                    became=became,
                    was=as_text(getattr(row, attribute_of(field))),
                )
                for row in changed
            )
            changed_pks |= {row.pk for row in changed}
            self.filter(pk__in=[row.pk for row in changed]).update(**column_values(field, value))
            if field == ReviewChange.Field.NOTE:
                Mention.objects.create_for_note(act, by, changed, became)
            elif field in SENT:
                Delivery.objects.make_reviews_due([row.pk for row in changed])
        return changed_pks | self.hide_outdated(act, by, pks, changes)

    def hide_outdated(
        self, act: UUID, by: User | None, pks: Collection[int], fields: Collection[str]
    ) -> set[int]:
        """Hide corrections of reviews that are no longer fixed or corrected. Returns their ids."""
        if not {ReviewChange.Field.STATUS, ReviewChange.Field.CORRECTION} & set(fields):
            return set()
        nothing = ~models.Q(status=Status.FIXED) | models.Q(correction="")
        outdated = list(
            self.filter(nothing, pk__in=pks, is_shown=True).values_list("pk", flat=True)
        )
        return self.change(act, by, outdated, {"is_shown": False}) if outdated else set()

    def restore(
        self, steps: Collection[ReviewChange], by: User | None, act: UUID | None = None
    ) -> int:
        """Restore what these steps changed, unless changed since, and log it under `act`.
        Returns the number of restored reviews. Called in a transaction."""
        act, groups = act or uuid4(), defaultdict[tuple[str, str, str], list[ReviewChange]](list)
        for step in steps:
            groups[step.field, step.was, step.became].append(step)
        restored: set[int] = set()
        for (field, was, became), same in groups.items():
            value, current = as_value(field, was), as_value(field, became)
            for batch in chunks(same):
                unchanged = self.filter(
                    pk__in=[step.review_id for step in batch], **{field: current}
                )
                pks = set(unchanged.order_by("pk").select_for_update().values_list("pk", flat=True))
                self.filter(pk__in=pks).update(**column_values(field, value))
                if field == ReviewChange.Field.NOTE:
                    Mention.objects.delete_unread(batch, pks)
                elif field in SENT:
                    Delivery.objects.make_reviews_due(pks)
                ReviewChange.objects.bulk_create(
                    ReviewChange(
                        review_id=step.review_id,
                        act=act,
                        by=by,
                        field=field,
                        was=became,
                        became=was,
                        undoes=step,
                    )
                    for step in batch
                    if step.review_id in pks
                )
                restored |= pks
        return len(restored | self.hide_outdated(act, by, restored, {step.field for step in steps}))


def column_values(field: str, value: Any) -> dict[str, Any]:
    """The columns that a change sets: a new `is_shown` also clears the dismissal."""
    dismissal = {"dismissed_at": None} if field == ReviewChange.Field.IS_SHOWN else {}
    return {field: value, **dismissal}
