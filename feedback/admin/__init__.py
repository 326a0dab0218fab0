"""Review in the admin: the rated answers, each in its conversation, and what a team sets up."""

from feedback.admin.categories import CategoryAdmin
from feedback.admin.ratings import RatingAdmin
from feedback.admin.readings import ReadingLogAdmin
from feedback.admin.reasons import ReasonAdmin

__all__ = ["CategoryAdmin", "RatingAdmin", "ReadingLogAdmin", "ReasonAdmin"]
