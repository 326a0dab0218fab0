"""Asking again for a delivery to Helicone, for one rating or for all that are selected."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from feedback.models import Delivery, Rating
from feedback.models.outbox.delivery import became_due

PERMISSION = "feedback.change_delivery"


def may_retry(request: HttpRequest) -> bool:
    return request.user.has_perm(PERMISSION)


def retry(ratings: QuerySet[Rating]) -> int:
    """Make their deliveries due from the start, whatever became of them. How many there were."""
    with transaction.atomic():
        chosen = Delivery.objects.filter(rating__in=ratings.order_by().values("pk"))
        transaction.on_commit(partial(became_due.send, Delivery))
        return chosen.reset()
