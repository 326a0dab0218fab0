"""Review in the admin: the rated answers, each in its conversation, and what a team sets up."""

from feedback.admin.access_log import StaffAccessAdmin
from feedback.admin.agreement import OpinionAdmin
from feedback.admin.deliveries import DeliveryAdmin
from feedback.admin.export import ExportAdmin
from feedback.admin.groups import ChatGroupAdmin
from feedback.admin.labels import CategoryAdmin, ReasonAdmin
from feedback.admin.mentions import MentionAdmin
from feedback.admin.ratings import RatingAdmin
from feedback.admin.review.bulk import BulkChangeAdmin

__all__ = [
    "BulkChangeAdmin",
    "CategoryAdmin",
    "ChatGroupAdmin",
    "DeliveryAdmin",
    "ExportAdmin",
    "MentionAdmin",
    "OpinionAdmin",
    "RatingAdmin",
    "StaffAccessAdmin",
    "ReasonAdmin",
]
