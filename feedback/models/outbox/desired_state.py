"""Desired state of a rating at Helicone, and the steps that lead to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

RATING = "rating"
WITHDRAWN = "rating-withdrawn"
# Name of the score that a review has at Helicone: 1 good, 0 bad, and without a verdict:
REVIEW = "review"
UNREVIEWED = -1
# Older requests are answered 2xx and nothing is stored (Helicone's source of 2026-07).
MAX_AGE = timedelta(days=30)


@dataclass(frozen=True)
class DesiredState:
    """What Helicone should show of a rating.
    value: 1, -1, or None for withdrawn. review: the score, or None where reviews aren't sent. properties: by name in lower case; "" clears one. foreign:
    why the Helicone of this site can't know the request, or empty."""

    request_id: UUID | None
    asked_at: datetime
    value: int | None
    properties: Mapping[str, str] = field(default_factory=dict)
    foreign: str = ""
    review: int | None = None

    def undeliverable_reason(self, now: datetime) -> str:
        """Reason why nothing can be sent for this request, or an empty string."""
        if self.request_id is None:
            return str(_("The answer has no Helicone id, so there is nothing to rate."))
        # `version` is None for a variant that isn't RFC 4122's.
        if self.request_id.version not in range(1, 6):
            return str(_("Helicone takes UUIDs of version 1 to 5 only."))
        if now - self.asked_at > MAX_AGE:
            return str(_("The answer is older than 30 days: Helicone takes no rating for it."))
        return ""


@dataclass(frozen=True)
class SendStep:
    """A call that sets the rating (value "1" or "-1"), the review's score or a property."""

    what: str
    value: str

    @property
    def is_rating(self) -> bool:
        return self.what == RATING

    @property
    def is_review(self) -> bool:
        return self.what == REVIEW


@dataclass(frozen=True)
class ReadStep:
    """A query for what Helicone shows."""


@dataclass(frozen=True)
class EndStep:
    """The end of a delivery: `state` is settled, failed or nowhere, `reason` explains a failure."""

    state: str
    reason: str = ""


Step = SendStep | ReadStep | EndStep
