"""Review in the admin: the rated answers, each in its conversation, and what a team sets up."""

from feedback.admin.agreement import OpinionAdmin
from feedback.admin.bulk_acts import BulkChangeAdmin
from feedback.admin.categories import CategoryAdmin
from feedback.admin.exports import ExportAdmin
from feedback.admin.groups import ChatGroupAdmin
from feedback.admin.mentions import MentionAdmin
from feedback.admin.ratings import RatingAdmin
from feedback.admin.readings import StaffAccessAdmin
from feedback.admin.reasons import ReasonAdmin

__all__ = [
    "BulkChangeAdmin",
    "CategoryAdmin",
    "ChatGroupAdmin",
    "ExportAdmin",
    "MentionAdmin",
    "OpinionAdmin",
    "RatingAdmin",
    "StaffAccessAdmin",
    "ReasonAdmin",
]
