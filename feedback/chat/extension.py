"""Registration of feedback as an extension of the chat: see chatapp.extensions."""

from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef

from chatapp.extensions import Extension, register


def register_feedback() -> None:
    """Register feedback's prefetches, annotations and permissions, once all models are loaded."""
    may_not_rate = Group.objects.filter(user=OuterRef("user"), chat_rules__may_rate=False)
    register(
        Extension(
            app_label="feedback",
            message_prefetch=("ratings__reasons",),
            conversation_annotations={"owner_may_not_rate": Exists(may_not_rate)},
            guest_activity=("ratings__updated_at",),
            names_permission="feedback.see_names",
        )
    )
