"""Bulk changes of reviews and their undo, worked off in batches."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import User
from feedback.models.reviews.audit_log import ReviewChange
from feedback.models.reviews.changes import as_text, as_value
from feedback.models.reviews.review import Review

# Reviews per batch. Each batch is a transaction: some tenths of a second on a busy machine.
BATCH = 500
# Seconds that one request works before it reports the progress.
MOMENT = 1.5


class BulkChangeQuerySet(models.QuerySet["BulkChange"]):
    def prepare(
        self, by: User, reviews: models.QuerySet[Review], query: str = "", **changes: Any
    ) -> BulkChange:
        """Create a bulk change, not begun, of exactly these reviews.
        Their ids are stored: a filter may match other reviews later."""
        texts = {field: as_text(value) for field, value in changes.items()}
        pks = reviews.order_by().values_list("pk", flat=True)
        with transaction.atomic():
            return self.create(by=by, changes=texts, query=query).add_batches(pks)

    def begin_undoing(self, act: UUID, by: User) -> BulkChange:
        """Cancel the remaining batches of `act` and create the bulk change that undoes the rest."""
        with transaction.atomic():
            BulkBatch.objects.filter(bulk=act).delete()
            self.filter(pk=act).update(total=models.F("done"))
            steps = ReviewChange.objects.filter(act=act).undoable().order_by()
            undoing = self.create(by=by, undoes=act, begun_at=timezone.now())
            return undoing.add_batches(steps.values_list("review", flat=True).distinct())


class BulkChange(models.Model):
    """A change of many reviews; its id is the `act` of its log entries, by which it is undone."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    begun_at = models.DateTimeField(null=True)
    changes = models.JSONField(default=dict, help_text=_("By field, as the log writes it."))
    query = models.TextField(blank=True, help_text=_("Of the list that it was chosen from."))
    undoes = models.UUIDField(null=True, help_text=_("The act that this one undoes."))
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)

    objects = BulkChangeQuerySet.as_manager()

    class Meta:
        db_table = "feedback_bulkact"
        verbose_name = _("bulk change")
        ordering = ["-at"]

    def __str__(self) -> str:
        return ", ".join(f"{field}: {value or '–'}" for field, value in self.changes.items())

    @property
    def is_finished(self) -> bool:
        return self.done >= self.total

    def add_batches(self, pks: Iterable[int]) -> BulkChange:
        chosen = list(pks)
        self.total = len(chosen)
        self.save(update_fields=["total"])
        BulkBatch.objects.bulk_create(
            BulkBatch(bulk=self, reviews=chosen[start : start + BATCH])
            for start in range(0, self.total, BATCH)
        )
        return self

    def begin(self) -> None:
        BulkChange.objects.filter(pk=self.pk, begun_at=None).update(begun_at=timezone.now())

    def work(self, seconds: float = MOMENT) -> None:
        """Work off batches, at least one, until the time is up or none is left."""
        until = time.monotonic() + seconds
        while self.work_once() and time.monotonic() < until:
            pass
        self.refresh_from_db()

    def work_once(self) -> bool:
        """Work off one batch that no other request has locked. Returns False if there is none."""
        with transaction.atomic():
            unlocked = self.parts.select_for_update(skip_locked=True)
            batch = unlocked.order_by("pk").first()
            if batch is None:
                return False
            act, pks = self.undoes, batch.reviews
            changed = self._undo(act, pks) if act else self._decide(pks)
            BulkChange.objects.filter(pk=self.pk).update(
                done=models.F("done") + len(pks), changed=models.F("changed") + changed
            )
            batch.delete()
        return True

    def _decide(self, pks: list[int]) -> int:
        changes = {field: as_value(field, text) for field, text in self.changes.items()}
        return len(Review.objects.change(self.pk, self.by, pks, changes))

    def _undo(self, act: UUID, pks: list[int]) -> int:
        steps = ReviewChange.objects.filter(act=act, review__in=pks).undoable()
        return Review.objects.restore(list(steps.order_by("-pk")), self.by, self.pk)


class BulkBatch(models.Model):
    """A batch still to be worked off: the ids of its reviews."""

    bulk = models.ForeignKey(BulkChange, models.CASCADE, related_name="parts")
    reviews = models.JSONField()

    class Meta:
        db_table = "feedback_bulkpart"
        verbose_name_plural = _("bulk batches")
