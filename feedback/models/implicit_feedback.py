"""Implicit feedback: an answer regenerated, stopped or copied, its question reworded.

It orders the review queue and enters no rate, since these actions have many causes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.expressions import BaseExpression
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from feedback.chat.models import Conversation, Message
from feedback.chat.prepared import Rows, given
from feedback.models.outbox.delivery import Delivery
from feedback.models.reviews.review import Review


class Signal(models.TextChoices):
    REGENERATED = "regenerated", _("asked for another answer")
    EDITED = "edited", _("put the question otherwise")
    STOPPED = "stopped", _("stopped it")
    COPIED = "copied", _("copied it")


# Evidence against an answer. Regenerating is the strongest; a reworded question may have been
# unclear itself, a stopped answer may have sufficed, and a copied one was useful.
WEIGHTS = {
    Signal.REGENERATED: 3,
    Signal.EDITED: 2,
    Signal.STOPPED: 1,
    Signal.COPIED: -2,
}


class Copied(models.Model):
    """An answer that was copied, whole or in part. Other signals follow from the message tree."""

    answer = models.OneToOneField(
        Message, models.CASCADE, primary_key=True, related_name="was_copied"
    )
    at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager["Copied"]()

    class Meta:
        verbose_name = _("copied answer")
        verbose_name_plural = _("copied answers")

    def __str__(self) -> str:
        return str(self.pk)


def record_copy(answer: Message) -> None:
    if settings.IMPLICIT_FEEDBACK:
        Copied.objects.get_or_create(answer=answer)
        rescore(answer.conversation_id)


def signals_of(answer: Message) -> list[Signal]:
    """The answer's signals, by one query; none where IMPLICIT_FEEDBACK is off, or if the answer was
    deleted meanwhile."""
    if not settings.IMPLICIT_FEEDBACK:
        return []
    found = FOUND.first(id=answer.pk)
    return signals_from(found) if found else []


def implicit_score(answer: Message) -> int:
    return weight(signals_of(answer))


def rescore(conversation: UUID) -> None:
    """Update the scores of a conversation's rated answers after an event in it."""
    if not settings.IMPLICIT_FEEDBACK:
        return
    rated = Message.objects.filter(conversation=conversation, ratings__review__isnull=False)
    rows = rated.order_by().annotate(**flags())
    scores: dict[int, list[int]] = defaultdict(list)
    for review, was, *found in rows.values_list(
        "ratings__review", "ratings__review__signals", *flags()
    ):
        if (score := weight(signals_from(found))) != was:
            scores[score].append(review)
    for score, reviews in scores.items():
        Review.objects.filter(pk__in=reviews).update(signals=score)
        Delivery.objects.make_reviews_due(judged(reviews))


def judged(reviews: list[int]) -> list[int]:
    """Those of the reviews of which Helicone is told the signals."""
    found = Review.objects.filter(~Q(verdict="") | Q(category__isnull=False), pk__in=reviews)
    return list(found.values_list("pk", flat=True)) if settings.HELICONE_SEND_REVIEWS else []


def on_question_repeated(conversation: Conversation, **kwargs: Any) -> None:
    """Receiver of the chat's signal `question_repeated`."""
    rescore(conversation.pk)


def flags() -> dict[str, BaseExpression]:
    """Annotations of an answer: whether each signal exists, in the order of `WEIGHTS`."""
    regenerated = Message.objects.filter(
        conversation=OuterRef("conversation"),
        parent=OuterRef("parent"),
        role=Message.Role.ASSISTANT,
        created_at__gt=OuterRef("created_at"),
    )
    same_place = Q(parent=OuterRef("parent__parent")) | Q(
        IsNull(OuterRef("parent__parent"), True), parent=None
    )
    reworded = Message.objects.filter(
        same_place,
        conversation=OuterRef("conversation"),
        role=Message.Role.USER,
        created_at__gt=OuterRef("parent__created_at"),
    )
    stopped = Q(status=Message.Status.STOPPED)
    return {
        "was_regenerated": Exists(regenerated.order_by()),
        "was_edited": Exists(reworded.order_by()),
        "was_stopped": ExpressionWrapper(stopped, models.BooleanField()),
        "is_copied": Exists(Copied.objects.filter(answer=OuterRef("pk"))),
    }


def signals_from(flags: Iterable[bool]) -> list[Signal]:
    return [signal for signal, present in zip(WEIGHTS, flags, strict=True) if present]


def weight(signals: Iterable[Signal]) -> int:
    """Sum of the signals' weights: higher is worse, 0 without signals."""
    return sum(WEIGHTS[signal] for signal in signals)


FOUND = Rows(
    lambda: (
        Message.objects.filter(pk=given(Message, "id"))
        .order_by()
        .annotate(**flags())
        .values_list(*flags())
    )
)
