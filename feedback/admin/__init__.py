"""Review in the admin: the rated answers, each in its conversation, and what a team sets up."""

from feedback.admin.agreement import OpinionAdmin
from feedback.admin.categories import CategoryAdmin
from feedback.admin.exports import ExportAdmin
from feedback.admin.groups import ChatGroupAdmin
from feedback.admin.mentions import MentionAdmin
from feedback.admin.ratings import RatingAdmin
from feedback.admin.readings import ReadingLogAdmin
from feedback.admin.reasons import ReasonAdmin
from feedback.admin.review.bulk_log import BulkActAdmin

__all__ = [
    "BulkActAdmin",
    "CategoryAdmin",
    "ChatGroupAdmin",
    "ExportAdmin",
    "MentionAdmin",
    "OpinionAdmin",
    "RatingAdmin",
    "ReadingLogAdmin",
    "ReasonAdmin",
]
