"""A user's rating of an answer: thumb, reasons, comment and correction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import Assistant, Message, Origin, PromptVersion, User
from feedback.chat.prepared import Insert, Select, Update, given
from feedback.models.labels import Reason, Value


class RatingQuerySet(models.QuerySet["Rating"]):
    def rated(self) -> RatingQuerySet:
        """Ratings that aren't withdrawn."""
        return self.exclude(value=None)

    def undeleted(self) -> RatingQuerySet:
        """Ratings whose conversation its user hasn't deleted."""
        return self.filter(message__conversation__deleted_at=None)

    def listed(self) -> RatingQuerySet:
        """The same ratings by the denormalised column: no join in a list of many."""
        return self.filter(is_hidden=False)

    def get_or_create_locked(
        self, message: Message, user: User, value: int | None
    ) -> tuple[Rating, bool]:
        """The user's rating of an answer, locked; True if it was created, with this value."""
        if found := OWN.first(message=message.pk, user=user.pk):
            return found, False
        new = Rating(
            message=message, user=user, value=value, revision=1, evidence=evidence_of(message)
        )
        try:
            with transaction.atomic():
                ADD.run(new)
        except IntegrityError:  # another click was faster
            if found := OWN.first(message=message.pk, user=user.pk):
                return found, False
            raise
        new.has_reasons = False
        return new, True


class Rating(models.Model):
    message = models.ForeignKey(Message, models.CASCADE, related_name="ratings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="ratings")
    value = models.SmallIntegerField(
        _("thumb"), choices=Value, null=True, blank=True, help_text=_("Empty: withdrawn.")
    )
    reasons = models.ManyToManyField(Reason, blank=True, related_name="ratings")
    comment = models.TextField(blank=True, max_length=2000)
    correction = models.TextField(
        blank=True, max_length=10_000, help_text=_("What the person would rather have read.")
    )
    revision = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Raised with each change of the thumb.")
    )
    evidence = models.CharField(
        max_length=64, blank=True, editable=False, help_text=_("What was judged: evidence_of().")
    )
    has_drifted = models.BooleanField(
        _("drifted"), default=False, editable=False, help_text=_("It no longer is what was judged.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(default=timezone.now)

    # Denormalised columns for the list, written by triggers only: see feedback.list_index.
    assistant = models.ForeignKey(
        Assistant, models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )
    version = models.ForeignKey(
        PromptVersion, models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )
    model = models.CharField(max_length=100, blank=True, editable=False)
    by_guest = models.BooleanField(default=False, editable=False)
    is_hidden = models.BooleanField(default=False, editable=False)
    origin = models.CharField(
        _("origin"),
        max_length=10,
        choices=Origin,
        default=Origin.REAL,
        db_default=Origin.REAL,
        editable=False,
    )

    objects = RatingQuerySet.as_manager()
    # Annotated where it is known; else they are looked up.
    has_reasons = True

    class Meta:
        verbose_name = _("rated answer")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "user"], name="one_rating_per_person_and_answer"
            )
        ]
        # The review list: newest first, alone and by each filter
        indexes = [
            models.Index(fields=["created_at", "id"], name="ratings_by_day"),
            models.Index(fields=["id", "created_at"], name="ratings_in_time"),
            models.Index(fields=["value", "id"], name="ratings_of_a_thumb"),
            models.Index(fields=["assistant", "id"], name="ratings_of_an_assistant"),
            models.Index(fields=["version", "id"], name="ratings_of_a_version"),
            models.Index(fields=["model", "id"], name="ratings_of_a_model"),
            models.Index(fields=["by_guest", "id"], name="ratings_by_guests"),
            models.Index(
                fields=["id"], name="ratings_that_drifted", condition=models.Q(has_drifted=True)
            ),
            models.Index(fields=["id"], name="ratings_with_words", condition=~models.Q(comment="")),
            models.Index(fields=["id"], name="ratings_withdrawn", condition=models.Q(value=None)),
            models.Index(fields=["id"], name="ratings_hidden", condition=models.Q(is_hidden=True)),
            models.Index(
                fields=["id"], name="ratings_not_real", condition=~models.Q(origin="real")
            ),
        ]

    def __str__(self) -> str:
        return str(Value(self.value).label) if self.value else str(_("withdrawn"))

    @property
    def chosen(self) -> list[Reason]:
        """Its reasons: a query, unless they are prefetched or known to be none."""
        return list(self.reasons.all()) if self.has_reasons else []

    def change_thumb(self, value: int | None, message: Message) -> None:
        """Change or withdraw the thumb on `message` as it is now; the caller has locked the row.
        Reasons, comment and correction of the earlier thumb are deleted."""
        self.value, self.comment, self.correction = value, "", ""
        self.evidence, self.has_drifted = evidence_of(message), False
        self.revision += 1
        self.updated_at = timezone.now()
        TURN.run(id=self.pk, **{name: getattr(self, name) for name in TURNED})
        if self.has_reasons:
            self.reasons.clear()
            self.has_reasons = False

    def lock_unchanged(self) -> bool:
        """Lock the row. Returns False if the thumb has changed since it was loaded."""
        now = Rating.objects.select_for_update().get(pk=self.pk)
        return now.revision == self.revision

    def save_explanation(self, reasons: Iterable[Reason], comment: str, correction: str) -> None:
        """Replace reasons, comment and correction; the caller has locked the row."""
        self.reasons.set([reason for reason in reasons if reason.value == self.value])
        self.comment, self.correction = comment, correction
        self.updated_at = timezone.now()
        self.save(update_fields=["comment", "correction", "updated_at"])

    def check_evidence(self) -> bool:
        """Whether the answer still is what was rated; saves `has_drifted`.
        True for a rating older than the evidence."""
        drifted = bool(self.evidence) and self.evidence != evidence_of(self.message)
        if drifted != self.has_drifted:
            self.has_drifted = drifted
            Rating.objects.filter(pk=self.pk).update(has_drifted=drifted)
        return not drifted


TURNED = ["value", "evidence", "has_drifted", "comment", "correction", "revision", "updated_at"]
OWN = Select(
    lambda: (
        Rating.objects.filter(message=given(Rating, "message"), user=given(Rating, "user"))  # type: ignore[no-redef]
        .annotate(has_reasons=Exists(Rating.reasons.through.objects.filter(rating=OuterRef("pk"))))
        .select_for_update()
        .order_by()
    )
)
ADD = Insert(lambda: Rating)
TURN = Update(lambda: Rating.objects.filter(pk=given(Rating, "id")), *TURNED)


def evidence_of(answer: Message) -> str:
    """SHA-256, in hex, of what a thumb rates: text, prompt version, model and parameters."""
    version = answer.prompt_version
    judged = [answer.text, version.digest if version else "", answer.model, answer.parameters]
    return hashlib.sha256(json.dumps(judged, sort_keys=True).encode()).hexdigest()
