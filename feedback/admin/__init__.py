"""Admin of feedback: rated answers and their review, conversations, deliveries, labels, logs."""

from feedback.admin.access_log import StaffAccessAdmin
from feedback.admin.agreement import OpinionAdmin
from feedback.admin.conversations import ConversationAdmin, MessageAdmin
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
    "ConversationAdmin",
    "DeliveryAdmin",
    "ExportAdmin",
    "MentionAdmin",
    "MessageAdmin",
    "OpinionAdmin",
    "RatingAdmin",
    "StaffAccessAdmin",
    "ReasonAdmin",
]
