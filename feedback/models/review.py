"""What a team makes of a rated answer: every rating has one review, new until somebody decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatapp.models import User
from feedback.models.category import Category
from feedback.models.decision import Decision
from feedback.models.rating import Rating

T = TypeVar("T")
# Rows a statement, so that memory stays flat.
BATCH = 1_000
# How long a reviewer has an answer to themselves after opening it or deciding on it.
LEASE = timedelta(minutes=10)


class Status(models.TextChoices):
    NEW = "new", _("new")
    IN_REVIEW = "in-review", _("in review")
    NEEDS_WORK = "needs-work", _("needs work")
    FIXED = "fixed", _("fixed")
    NO_ACTION = "no-action", _("no action")


class Verdict(models.TextChoices):
    AGREE = "agree", _("agree")
    DISAGREE = "disagree", _("disagree")
    UNCLEAR = "unclear", _("unclear")


@dataclass(frozen=True)
class Act:
    """What was done at once; `reviews` is how many it changed, and it is undone by its id."""

    id: UUID
    reviews: int


class ReviewQuerySet(models.QuerySet["Review"]):
    def decide(self, by: User, **changes: Any) -> Act:
        """Change these fields of all these reviews, log each change, and say how many changed.

        The ids are read first: a change may take a review out of what was filtered for.
        """
        act, touched = uuid4(), set[int]()
        with transaction.atomic():
            for pks in chunks(list(self.order_by().values_list("pk", flat=True))):
                touched |= Review.objects.change(act, by, pks, changes)
        return Act(act, len(touched))

    def change(
        self, act: UUID, by: User, pks: Sequence[int], changes: Mapping[str, Any]
    ) -> set[int]:
        """One batch of `decide`, called in its transaction. Which of them it changed."""
        locked = self.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",))
        rows, touched = list(locked.select_related("category")), set[int]()
        for field, value in changes.items():
            became = as_text(value)
            changed = [row for row in rows if as_text(getattr(row, source(field))) != became]
            Decision.objects.bulk_create(
                Decision(
                    review=row,
                    act=act,
                    by=by,
                    field=field,
                    became=became,
                    was=as_text(getattr(row, source(field))),
                )
                for row in changed
            )
            touched |= {row.pk for row in changed}
            self.filter(pk__in=[row.pk for row in changed]).update(**{field: value})
        return touched

    def restore(self, steps: Collection[Decision], by: User) -> int:
        """Put back what these steps changed, where it still stands. Called in a transaction."""
        act, groups = uuid4(), defaultdict[tuple[str, str, str], list[Decision]](list)
        for step in steps:
            groups[step.field, step.was, step.became].append(step)
        restored: set[int] = set()
        for (field, was, became), alike in groups.items():
            value, standing = as_value(field, was), as_value(field, became)
            for some in chunks(alike):
                kept = self.filter(pk__in=[step.review_id for step in some], **{field: standing})
                pks = set(kept.order_by("pk").select_for_update().values_list("pk", flat=True))
                self.filter(pk__in=pks).update(**{field: value})
                Decision.objects.bulk_create(
                    Decision(
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
        return len(restored)

    def waiting_for(self, person: User) -> ReviewQuerySet:
        """Undecided and free for this person, the oldest first. Served by `reviews_waiting`."""
        now = timezone.now()
        free = models.Q(held_until=None) | models.Q(held_until__lte=now) | models.Q(holder=person)
        mine = models.Q(assignee=None) | models.Q(assignee=person)
        waiting = self.filter(free, mine, status=Status.NEW)
        return waiting.exclude(rating__value=None).order_by("pk")


class Review(models.Model):
    Status, Verdict = Status, Verdict

    rating = models.OneToOneField(Rating, models.CASCADE, related_name="review")
    status = models.CharField(max_length=10, choices=Status, default=Status.NEW)
    verdict = models.CharField(_("verdict on the thumb"), max_length=8, choices=Verdict, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="assigned"
    )
    note = models.TextField(blank=True, max_length=5_000)
    correction = models.TextField(_("corrected answer"), blank=True, max_length=100_000)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    held_until = models.DateTimeField(null=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        permissions = [("manage_reviews", _("Can decide on many at once, and undo for others"))]
        indexes = [
            # waiting_for()
            models.Index(fields=["id"], name="reviews_waiting", condition=models.Q(status="new")),
            models.Index(fields=["status", "-rating"], name="reviews_by_status"),
        ]

    def __str__(self) -> str:
        return self.get_status_display()

    def decide(self, by: User, **changes: Any) -> Act:
        return Review.objects.filter(pk=self.pk).decide(by, **changes)

    def claim(self, person: User) -> bool:
        """Have this answer to oneself for a while. False while somebody else has it."""
        now = timezone.now()
        free = models.Q(held_until=None) | models.Q(held_until__lte=now) | models.Q(holder=person)
        claimed = Review.objects.filter(free, pk=self.pk).update(
            holder=person, held_until=now + LEASE
        )
        return bool(claimed)

    def held_by_other(self, person: User) -> User | None:
        """Who is at work on it, as long as nothing is decided."""
        held = self.held_until and self.held_until > timezone.now() and self.status == Status.NEW
        return self.holder if held and self.holder_id != person.pk else None


def source(field: str) -> str:
    """The attribute that tells a field's value without another query."""
    return "assignee_id" if field == Decision.Field.ASSIGNEE else field


def as_text(value: Any) -> str:
    """A field's value as the log keeps it: a category's slug, an assignee's id."""
    if isinstance(value, Category):
        return value.slug
    if isinstance(value, User):
        return str(value.pk)
    return "" if value is None else str(value)


def as_value(field: str, text: str) -> Any:
    """What `as_text` made a text of; None for an assignee who is gone."""
    if field == Decision.Field.CATEGORY:
        return Category.objects.filter(slug=text).first()
    if field == Decision.Field.ASSIGNEE:
        return User.objects.filter(pk=text or 0).first()
    return text


def chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
