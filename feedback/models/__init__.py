"""What people thought of the answers, what the team made of it, and whether Helicone knows."""

from feedback.models.access_log import ReadingLog
from feedback.models.export_log import Export
from feedback.models.group_policy import GroupRules
from feedback.models.implicit_feedback import Copied
from feedback.models.labels import Category, Reason
from feedback.models.outbox.circuit import Channel
from feedback.models.outbox.delivery import Delivery
from feedback.models.rating import Rating
from feedback.models.reviews.audit_log import Decision
from feedback.models.reviews.bulk_change import BulkAct
from feedback.models.reviews.mention import Mention
from feedback.models.reviews.review import Review
from feedback.models.reviews.second_opinion import Opinion
from feedback.models.rollup import Tallied, Tally, TallyState, Touched
from feedback.models.saved_filter import SavedFilter

__all__ = [
    "BulkAct",
    "Category",
    "Channel",
    "Copied",
    "Decision",
    "Delivery",
    "Export",
    "GroupRules",
    "Mention",
    "Opinion",
    "Rating",
    "ReadingLog",
    "Reason",
    "Review",
    "SavedFilter",
    "Tallied",
    "Tally",
    "TallyState",
    "Touched",
]
