"""Reviews of rated answers: one per rating, new until a reviewer decides."""

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
from feedback.chat.prepared import Insert, Rows, given
from feedback.models.labels import Category
from feedback.models.outbox.desired_state import UNREVIEWED
from feedback.models.rating import Rating
from feedback.models.reviews.audit_log import ReviewChange
from feedback.models.reviews.changes import ChangeTracking, chunks
from feedback.models.reviews.status import DoubleReview, Status, Verdict

__all__ = ["LEASE", "ChangeSet", "DoubleReview", "Review", "ReviewQuerySet", "Status", "Verdict"]

# Duration of a reviewer's exclusive claim after opening or deciding.
LEASE = timedelta(minutes=10)


@dataclass(frozen=True)
class ChangeSet:
    """Changes made and undone together, by `id`; `reviews` is the number of changed reviews."""

    id: UUID
    reviews: int


class ReviewQuerySet(ChangeTracking["Review"]):
    def begin(self, rating: Rating, score: int) -> Review:
        """The rating's review, created if missing; `score` is that of its implicit feedback."""
        double_review = DoubleReview.OPEN if needs_double_review(rating.pk) else ""
        defaults = {"double_review": double_review, "signals": score}
        return self.get_or_create(rating=rating, defaults=defaults)[0]

    def begin_first(self, rating: Rating, score: int) -> None:
        """Create the review of a rating that this transaction has created."""
        double_review = DoubleReview.OPEN if needs_double_review(rating.pk) else ""
        ADD.run(Review(rating=rating, double_review=double_review, signals=score))

    def decide(self, by: User, **changes: Any) -> ChangeSet:
        """Change these fields of all these reviews and log each change.
        The ids are read first: a change may exclude a review from the filter."""
        act, changed = uuid4(), set[int]()
        with transaction.atomic():
            for pks in chunks(list(self.order_by().values_list("pk", flat=True))):
                changed |= Review.objects.change(act, by, pks, changes)
        return ChangeSet(act, len(changed))

    def reopen(self, why: ReviewChange.Why) -> None:
        """Reset status and verdict because the rating changed; logged without a reviewer."""
        self.exclude(double_review="").update(double_review=DoubleReview.OPEN)
        decided = list(self.exclude(status=Status.NEW, verdict="").values_list("pk", flat=True))
        changes = {"status": Status.NEW.value, "verdict": ""}
        if decided:
            Review.objects.change(uuid4(), None, decided, changes, why)

    def reopen_of(self, rating: Rating, why: ReviewChange.Why) -> None:
        """The same for one rating, whose review mostly is untouched."""
        found = TOUCHED.first(rating=rating.pk)
        if found:
            self.filter(pk=found[0]).reopen(why)

    def undo(self, act: UUID, by: User) -> int:
        """Undo the changes of `act`, logged as changes of their own. Returns the reviews restored.
        A field that was changed again since keeps its value."""
        with transaction.atomic():
            steps = list(ReviewChange.objects.filter(act=act).undoable().order_by("-pk"))
            return Review.objects.restore(steps, by)

    def shown_to(self, user: User) -> ReviewQuerySet:
        """Reviews whose correction is shown to this user (index `reviews_shown`)."""
        own = self.filter(rating__user=user, rating__message__conversation__deleted_at=None)
        return own.filter(is_shown=True, status=Status.FIXED)

    def dismiss(self) -> None:
        self.filter(dismissed_at=None).update(dismissed_at=timezone.now())


class Review(models.Model):
    """The review of one rating: status, verdict, category, note, correction and lease."""

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
    # Denormalised from the rating, written by triggers only: see feedback.list_index.
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
            # The list by status and assignee
            models.Index(fields=["status", "-rating"], name="reviews_by_status"),
            models.Index(
                fields=["rating"], name="reviews_of_nobody", condition=models.Q(assignee=None)
            ),
            # shown_to()
            models.Index(
                fields=["rating"], name="reviews_shown", condition=models.Q(is_shown=True)
            ),
            # Two reviewers differ
            models.Index(
                fields=["id"],
                name="reviews_differing",
                condition=models.Q(double_review="differing"),
            ),
            models.Index(fields=["verdict", "rating"], name="reviews_by_verdict"),
            models.Index(fields=["category", "rating"], name="reviews_by_category"),
            models.Index(fields=["assignee", "rating"], name="reviews_by_assignee"),
            # Queue and list by implicit feedback
            models.Index(
                fields=["-signals", "id"],
                name="reviews_waiting_by_signals",
                condition=models.Q(status="new"),
            ),
            models.Index(fields=["-signals", "-rating"], name="reviews_by_signals"),
        ]

    def __str__(self) -> str:
        return self.get_status_display()

    def decide(self, by: User, **changes: Any) -> ChangeSet:
        return Review.objects.filter(pk=self.pk).decide(by, **changes)

    @property
    def is_blind(self) -> bool:
        """Whether the next decision is one of two independent opinions."""
        return self.double_review == DoubleReview.OPEN and self.status == Status.NEW

    @property
    def is_disputed(self) -> bool:
        return self.double_review == DoubleReview.DIFFERING and self.status == Status.NEW

    @property
    def score(self) -> int:
        """Score at Helicone: 1 for a good answer, 0 for a bad one, -1 without a verdict.
        The verdict is on the thumb: whoever disagrees with thumbs down finds the answer good."""
        right = {Verdict.AGREE: True, Verdict.DISAGREE: False}.get(
            Verdict(self.verdict or "unclear")
        )
        if right is None or self.rating.value is None:
            return UNREVIEWED
        return int(right == (self.rating.value == 1))

    @property
    def properties(self) -> dict[str, str]:
        """Properties at Helicone: the category and the weight of the implicit feedback; empty
        until there is a verdict or a category."""
        judged = self.verdict or self.category
        return {
            "review-category": self.category.slug if self.category else "",
            "review-signals": str(self.signals) if judged and self.signals else "",
        }

    def claim(self, reviewer: User) -> bool:
        """Lease the review for LEASE. Returns False while another reviewer holds it."""
        now = timezone.now()
        free = (
            models.Q(leased_until=None)
            | models.Q(leased_until__lte=now)
            | models.Q(lease_holder=reviewer)
        )
        claimed = Review.objects.filter(free, pk=self.pk).update(
            lease_holder=reviewer, leased_until=now + LEASE
        )
        return bool(claimed)

    def held_by_other(self, reviewer: User) -> User | None:
        """The other reviewer who holds the lease of an undecided review, or None."""
        held = (
            self.leased_until and self.leased_until > timezone.now() and self.status == Status.NEW
        )
        return self.lease_holder if held and self.lease_holder_id != reviewer.pk else None


def needs_double_review(rating_pk: int) -> bool:
    """Whether two reviewers judge this rating: a share of ratings, chosen by a hash of the id."""
    number = sha256(f"judged twice: {rating_pk}".encode()).digest()[:8]
    share: float = settings.DOUBLE_REVIEW
    return int.from_bytes(number, "big") < share * 2**64


ADD = Insert(lambda: Review)
# The review of a rating, if there is anything to reopen
TOUCHED = Rows(
    lambda: (
        Review.objects.filter(rating=given(Rating, "id", "rating"))
        .exclude(status=Status.NEW, verdict="", double_review__in=("", DoubleReview.OPEN))
        .values_list("pk")
        .select_for_update()
    )
)
