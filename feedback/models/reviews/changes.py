"""How reviews change: each field of each review with an entry in the log, put back the same way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import models

from feedback.chat.models import User
from feedback.models.labels import Category
from feedback.models.reviews.audit_log import ReviewChange
from feedback.models.reviews.mention import Mention
from feedback.models.reviews.status import Status

T = TypeVar("T")
ReviewT = TypeVar("ReviewT", bound=models.Model, covariant=True)
YES = "yes"
# Rows a statement, so that memory stays flat.
BATCH = 1_000


def source(field: str) -> str:
    """The attribute that tells a field's value without another query."""
    return "assignee_id" if field == ReviewChange.Field.ASSIGNEE else field


def as_text(value: Any) -> str:
    """A field's value as the log keeps it: a category's slug, an assignee's id."""
    if isinstance(value, Category):
        return value.slug
    if isinstance(value, User):
        return str(value.pk)
    if isinstance(value, bool):
        return YES if value else ""
    return "" if value is None else str(value)


def as_value(field: str, text: str) -> Any:
    """What `as_text` made a text of; None for an assignee who is gone."""
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
    """Verbs of all reviews, not of a few: a change may take a review out of what was filtered."""

    def change(
        self,
        act: UUID,
        by: User | None,
        pks: Sequence[int],
        changes: Mapping[str, Any],
        why: str = "",
    ) -> set[int]:
        """One batch of `decide`, called in its transaction. Which of them it changed."""
        locked = self.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",))
        rows: list[Any] = list(locked.select_related("category"))
        touched = set[int]()
        for field, value in changes.items():
            became = as_text(value)
            changed = [row for row in rows if as_text(getattr(row, source(field))) != became]
            ReviewChange.objects.bulk_create(
                ReviewChange(
                    review_id=row.pk,
                    act=act,
                    by=by,
                    why=why,
                    field=field,
                    became=became,
                    was=as_text(getattr(row, source(field))),
                )
                for row in changed
            )
            touched |= {row.pk for row in changed}
            self.filter(pk__in=[row.pk for row in changed]).update(**put(field, value))
            if field == ReviewChange.Field.NOTE:
                Mention.objects.note(act, by, changed, became)
        return touched | self.hide(act, by, pks, changes)

    def hide(
        self, act: UUID, by: User | None, pks: Collection[int], fields: Collection[str]
    ) -> set[int]:
        """What is no longer fixed, or has no better answer any more, is shown to nobody."""
        if not {ReviewChange.Field.STATUS, ReviewChange.Field.CORRECTION} & set(fields):
            return set()
        nothing = ~models.Q(status=Status.FIXED) | models.Q(correction="")
        gone = list(self.filter(nothing, pk__in=pks, is_shown=True).values_list("pk", flat=True))
        return self.change(act, by, gone, {"is_shown": False}) if gone else set()

    def restore(
        self, steps: Collection[ReviewChange], by: User | None, act: UUID | None = None
    ) -> int:
        """Put back what these steps changed, where it still stands, as an act of its own.
        How many reviews that restored. Called in a transaction."""
        act, groups = act or uuid4(), defaultdict[tuple[str, str, str], list[ReviewChange]](list)
        for step in steps:
            groups[step.field, step.was, step.became].append(step)
        restored: set[int] = set()
        for (field, was, became), alike in groups.items():
            value, standing = as_value(field, was), as_value(field, became)
            for some in chunks(alike):
                kept = self.filter(pk__in=[step.review_id for step in some], **{field: standing})
                pks = set(kept.order_by("pk").select_for_update().values_list("pk", flat=True))
                self.filter(pk__in=pks).update(**put(field, value))
                if field == ReviewChange.Field.NOTE:
                    Mention.objects.take_back(some, pks)
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
                    for step in some
                    if step.review_id in pks
                )
                restored |= pks
        return len(restored | self.hide(act, by, restored, {step.field for step in steps}))


def put(field: str, value: Any) -> dict[str, Any]:
    """The columns that a decision sets: what is shown anew was dismissed by nobody."""
    again = {"dismissed_at": None} if field == ReviewChange.Field.IS_SHOWN else {}
    return {field: value, **again}
