"""What people thought of the answers, what the team made of it, and whether Helicone knows."""

from feedback.models.bulk import BulkChange
from feedback.models.category import Category
from feedback.models.channel import HeliconeCircuit
from feedback.models.decision import ReviewChange
from feedback.models.delivery import Delivery
from feedback.models.export import Export
from feedback.models.mention import Mention
from feedback.models.opinion import Opinion
from feedback.models.rating import Rating, Reason
from feedback.models.reading import StaffAccess
from feedback.models.review import Review
from feedback.models.rules import GroupRules
from feedback.models.saved import SavedFilter
from feedback.models.signals import Copied
from feedback.models.tally import CountedConversation, DailyCount, PendingRecount, TallyState

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
