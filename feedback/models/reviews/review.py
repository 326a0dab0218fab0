"""What a team makes of a rated answer: every rating has one review, new until somebody decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import User
from feedback.models.labels import Category
from feedback.models.rating import Rating
from feedback.models.reviews.audit_log import ReviewChange
from feedback.models.reviews.changes import ChangeTracking, chunks
from feedback.models.reviews.status import DoubleReview, Status, Verdict

__all__ = ["LEASE", "Act", "DoubleReview", "Review", "ReviewQuerySet", "Status", "Verdict"]

# How long a reviewer has an answer to themselves after opening it or deciding on it.
LEASE = timedelta(minutes=10)


@dataclass(frozen=True)
class Act:
    """What was done at once; `reviews` is how many it changed, and it is undone by its id."""

    id: UUID
    reviews: int


class ReviewQuerySet(ChangeTracking["Review"]):
    def begin(self, rating: Rating, score: int) -> Review:
        """The rating's review, new if there is none; `score` is its implicit feedback's."""
        double_review = DoubleReview.OPEN if is_judged_twice(rating.pk) else ""
        known = {"double_review": double_review, "signals": score}
        return self.get_or_create(rating=rating, defaults=known)[0]

    def decide(self, by: User, **changes: Any) -> Act:
        """Change these fields of all these reviews, log each change, and say how many changed.

        The ids are read first: a change may take a review out of what was filtered for.
        """
        act, touched = uuid4(), set[int]()
        with transaction.atomic():
            for pks in chunks(list(self.order_by().values_list("pk", flat=True))):
                touched |= Review.objects.change(act, by, pks, changes)
        return Act(act, len(touched))

    def reopen(self, why: ReviewChange.Why) -> None:
        """The thumb they were about is no more: new again, without a verdict; by nobody."""
        self.exclude(double_review="").update(double_review=DoubleReview.OPEN)
        decided = list(self.exclude(status=Status.NEW, verdict="").values_list("pk", flat=True))
        changes = {"status": Status.NEW.value, "verdict": ""}
        if decided:
            Review.objects.change(uuid4(), None, decided, changes, why)

    def undo(self, act: UUID, by: User) -> int:
        """Restore what the act changed, as entries of its own. How many reviews were restored.

        What was decided anew since is left alone: undoing is for one's own step, not for the
        steps of others after it.
        """
        with transaction.atomic():
            steps = list(ReviewChange.objects.filter(act=act).undoable().order_by("-pk"))
            return Review.objects.restore(steps, by)

    def shown_to(self, person: User) -> ReviewQuerySet:
        """Whose better answer this person finds under their own. Served by `reviews_shown`."""
        own = self.filter(rating__user=person, rating__message__conversation__deleted_at=None)
        return own.filter(is_shown=True, status=Status.FIXED)

    def dismiss(self) -> None:
        self.filter(dismissed_at=None).update(dismissed_at=timezone.now())


class Review(models.Model):
    Status, Verdict, DoubleReview = Status, Verdict, DoubleReview

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
    is_shown = models.BooleanField(
        _("shown to the person"),
        default=False,
        help_text=_("The person who rated finds the corrected answer in their conversation."),
    )
    dismissed_at = models.DateTimeField(null=True, editable=False, help_text=_("By the person."))
    double_review = models.CharField(
        max_length=9, choices=DoubleReview, blank=True, editable=False, db_column="blind"
    )
    signals = models.SmallIntegerField(
        default=0, editable=False, help_text=_("What nobody had to say against it: score_of().")
    )
    lease_holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_column="holder_id",
    )
    leased_until = models.DateTimeField(null=True, editable=False, db_column="held_until")
    # The rating's, written by the database alone: see feedback.list_index.
    thumb = models.SmallIntegerField(null=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        permissions = [
            ("manage_reviews", _("Can decide on many at once, and undo for others")),
            ("see_names", _("Can see names where they are hidden from reviewers")),
        ]
        indexes = [
            # queue.waiting_for()
            models.Index(fields=["id"], name="reviews_waiting", condition=models.Q(status="new")),
            models.Index(
                fields=["thumb", "id"],
                name="reviews_waiting_by_thumb",
                condition=models.Q(status="new"),
            ),
            # The list by what was decided
            models.Index(fields=["status", "-rating"], name="reviews_by_status"),
            models.Index(
                fields=["rating"], name="reviews_of_nobody", condition=models.Q(assignee=None)
            ),
            # shown_to()
            models.Index(
                fields=["rating"], name="reviews_shown", condition=models.Q(is_shown=True)
            ),
            # What two reviewers differ about
            models.Index(
                fields=["id"],
                name="reviews_differing",
                condition=models.Q(double_review="differing"),
            ),
            models.Index(fields=["verdict", "rating"], name="reviews_by_verdict"),
            models.Index(fields=["category", "rating"], name="reviews_by_category"),
            models.Index(fields=["assignee", "rating"], name="reviews_by_assignee"),
            # The most negative signals first: in the queue, in the list
            models.Index(
                fields=["-signals", "id"],
                name="reviews_waiting_by_signals",
                condition=models.Q(status="new"),
            ),
            models.Index(fields=["-signals", "-rating"], name="reviews_by_signals"),
        ]

    def __str__(self) -> str:
        return self.get_status_display()

    def decide(self, by: User, **changes: Any) -> Act:
        return Review.objects.filter(pk=self.pk).decide(by, **changes)

    @property
    def is_blind(self) -> bool:
        """Whether what is decided now is one of two opinions."""
        return self.double_review == DoubleReview.OPEN and self.status == Status.NEW

    @property
    def is_disputed(self) -> bool:
        return self.double_review == DoubleReview.DIFFERING and self.status == Status.NEW

    def claim(self, person: User) -> bool:
        """Have this answer to oneself for a while. False while somebody else has it."""
        now = timezone.now()
        free = (
            models.Q(leased_until=None)
            | models.Q(leased_until__lte=now)
            | models.Q(lease_holder=person)
        )
        claimed = Review.objects.filter(free, pk=self.pk).update(
            lease_holder=person, leased_until=now + LEASE
        )
        return bool(claimed)

    def held_by_other(self, person: User) -> User | None:
        """Who is at work on it, as long as nothing is decided."""
        held = (
            self.leased_until and self.leased_until > timezone.now() and self.status == Status.NEW
        )
        return self.lease_holder if held and self.lease_holder_id != person.pk else None


def is_judged_twice(rating_pk: int) -> bool:
    """Whether two judge this one: a share, chosen by a hash of the id and so the same each time."""
    number = sha256(f"judged twice: {rating_pk}".encode()).digest()[:8]
    share: float = settings.DOUBLE_REVIEW
    return int.from_bytes(number, "big") < share * 2**64
