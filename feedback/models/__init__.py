"""Models of feedback: ratings, reviews, outbox, rollup and logs."""

from feedback.models.access_log import StaffAccess
from feedback.models.export_log import Export
from feedback.models.group_policy import GroupRules
from feedback.models.implicit_feedback import Copied
from feedback.models.labels import Category, Reason
from feedback.models.outbox.circuit import HeliconeCircuit
from feedback.models.outbox.delivery import Delivery
from feedback.models.rating import Rating
from feedback.models.reviews.audit_log import ReviewChange
from feedback.models.reviews.bulk_change import BulkChange
from feedback.models.reviews.mention import Mention
from feedback.models.reviews.review import Review
from feedback.models.reviews.second_opinion import Opinion
from feedback.models.rollup import CountedConversation, DailyCount, PendingRecount, TallyState
from feedback.models.saved_filter import SavedFilter

__all__ = [
    "BulkChange",
    "Category",
    "HeliconeCircuit",
    "Copied",
    "ReviewChange",
    "Delivery",
    "Export",
    "GroupRules",
    "Mention",
    "Opinion",
    "Rating",
    "StaffAccess",
    "Reason",
    "Review",
    "SavedFilter",
    "CountedConversation",
    "DailyCount",
    "TallyState",
    "PendingRecount",
]
