"""What people thought of the answers, what the team made of it, and whether Helicone knows."""

from feedback.models.category import Category
from feedback.models.export import Export
from feedback.models.outbox.circuit import Channel
from feedback.models.outbox.delivery import Delivery
from feedback.models.rating import Rating, Reason
from feedback.models.reading import ReadingLog
from feedback.models.reviews.audit_log import Decision
from feedback.models.reviews.bulk_change import BulkAct
from feedback.models.reviews.mention import Mention
from feedback.models.reviews.review import Review
from feedback.models.reviews.second_opinion import Opinion
from feedback.models.rules import GroupRules
from feedback.models.saved import SavedFilter
from feedback.models.signals import Copied
from feedback.models.tally import Tallied, Tally, TallyState, Touched

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
